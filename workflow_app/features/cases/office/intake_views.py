"""Pages of the coordinator on the way in: registration, completeness, return with remarks, start, refusal, choice of experts."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request, url_for
from sqlalchemy.orm import Session
from wtforms import Form

from workflow_app import data
from workflow_app.calendar.terms import subtract_working
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices, deadlines, naming
from workflow_app.facts.beginnings import PROLONGED, begins
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.drafts.duplicates import twins
from workflow_app.features.cases.drafts.returned_notice import mended
from workflow_app.features.cases.office import expert_picker, return_page
from workflow_app.features.cases.office.shared import do, offers_of, open_case
from workflow_app.features.cases.office.submitted_form import told_files
from workflow_app.features.cases.urls import file_view_url
from workflow_app.states.definitions.case.forms import CHANNELS, Extend, ReturnRemarks
from workflow_app.states.forms import asks, clean, parse_date
from workflow_app.web.formatting import day, say
from workflow_app.web.forms import raw_of
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here

_PROLONGED = (PROLONGED, 10, 20)  # working days


@page("/cases/<int:id>/do/register", readers=LOGGED_IN, methods=("GET", "POST"))
def register(id: int) -> Response | str:
    """Register: the date of receipt as the case itself suggests it, and what is complete."""
    case, session = open_case(id), here().session
    start = begins(session, here().me, case, "register")
    return do(
        case, "register", "cases/register.html", start=start,
        context=lambda: {
            **_completeness(case), "again": mended(session, case),
            "dates_of": lambda form: _dates_of_receipt(session, case, _shown_day(form, "received_at") or start["received_at"]),
        },
    )  # fmt: skip


@page("/cases/<int:id>/do/start", readers=LOGGED_IN, methods=("GET", "POST"))
def start(id: int) -> Response | str:
    """Go on to the experts; an attestation gets its date, whose terms are shown beside it."""
    case, session = open_case(id), here().session
    attestation, first = case_type(case.type).shape.attestation, begins(session, here().me, case, "start")

    def around() -> dict[str, Any]:
        return _completeness(case) | {
            "dates_of": lambda form: (
                _dates_of_attestation(session, case, _shown_day(form, "attestation_on") or first["attestation_on"])
                if attestation
                else None
            )
        }

    return do(
        case, "start", "cases/start.html", start=first, context=around, done=lambda: url_for("cases.assign", id=id)
    )


def _shown_day(form: Form, name: str) -> date | None:
    """Return the day that stands in the field, whoever put it there: the terms beside it run from what the reader sees.

    The script that follows the field asks with the day in the address, which is then the newest.
    """
    try:
        return parse_date(request.args.get(name) or form[name].data or "")
    except ValueError:
        return None


Dates = dict[str, list[tuple[Sentence, date | str]] | list[Sentence]]


def _dates_of_receipt(session: Session, case: Case, received: date) -> Dates:
    """Return what runs from the receipt and from the registration."""
    rows: list[tuple[Sentence, date | str]] = [
        (N_("Комплектность проверить до"), deadlines.due_from(session, case, "completeness").day),
    ]
    if "consideration" in case_type(case.type).policy.terms:
        last = deadlines.due_from(session, case, "consideration", received).day
        rows.append((N_("Рассмотреть и уведомить заявителя до (30 дней)"), last))
    future = received > deadlines.today(session, case.municipality_id)
    return {"rows": rows, "warnings": [N_("Дата поступления не может быть в будущем.")] if future else []}


def _dates_of_attestation(session: Session, case: Case, chosen: date) -> Dates:
    """Return the terms that follow from the attestation's day (R8, R9, R13), and what is wrong with the day."""
    calendar, today = (
        deadlines.calendar_of(session, case.municipality_id),
        deadlines.today(session, case.municipality_id),
    )
    rows: list[tuple[Sentence, date | str]] = []
    warnings: list[Sentence] = []
    if case.consideration_due:
        rows.append((N_("Заявление рассмотреть до (30 дней с поступления)"), case.consideration_due))
        if case.consideration_due < today:
            warnings.append(N_("30 дней на рассмотрение уже прошли: уведомите заявителя как можно скорее."))
        elif chosen > case.consideration_due:
            warnings.append(N_("Дата позже 30 дней, отведённых на рассмотрение заявления."))
    last = subtract_working(calendar, chosen, deadlines.ADDITIONS_BEFORE)
    rows.append((N_("Дополнительные документы принимаются до"), last))
    rows.append(
        (N_("Решение комиссии не позднее (60 дней)"), deadlines.due_from(session, case, "decision", chosen).day)
    )
    if chosen < today:
        warnings.append(N_("Дата аттестации уже прошла."))
    elif last < today:
        warnings.append(N_("Заявитель не успеет добавить документы: до аттестации меньше пяти рабочих дней."))
    if not calendar.is_working(chosen):
        warnings.append(N_("Это нерабочий день."))
    return {"rows": rows, "warnings": warnings}


def _completeness(case: Case) -> dict[str, Any]:
    """Return what was submitted, in short, and what the coordinator is warned about (0a.2, 0a.10)."""
    kind = case_type(case.type)
    files = told_files(case)
    there = frozenset(one.attachment for one in case.files if one.state == "attached")
    channel = next((one.label for one in CHANNELS if one.value == case.channel), N_("через систему"))
    return {
        "files": files, "channel": channel,
        "warnings": (*twins(here().session, here().me, case, case.form), *kind.warnings(case.form, there)),
        "position": naming.position_of(str(case.form.get("position") or case.applicant.position)).n,
        "view_url": file_view_url,
    }  # fmt: skip


@page("/cases/<int:id>/return", readers=LOGGED_IN, methods=("GET", "POST"))
def return_remarks(id: int) -> Response | str:
    """Return for completion: a remark beside each submitted field and attachment, the sections folded."""
    case, session = open_case(id), here().session
    known = choices.of_case(session, case)
    return do(
        case, "return", "cases/return.html", read=_typed_remarks,
        context=lambda: {
            "parts_of": lambda form: return_page.parts(case, known, form), "errors_of": return_page.errors_of,
            "reasons": return_page.reasons(case),
            "term": deadlines.due_from(session, case, "completion").day, "view_url": file_view_url,
            "left": case_type(case.type).shape.returns - case.returns,
        },
    )  # fmt: skip


def _typed_remarks() -> dict[str, Any]:
    """Return what was typed without the fields that got no remark."""
    raw = raw_of(request.form, ReturnRemarks)
    return raw | {"remarks": [one for one in raw["remarks"] or () if clean(str(one.get("text") or ""))]}


@page("/cases/<int:id>/do/decline", readers=LOGGED_IN, methods=("GET", "POST"))
def decline(id: int) -> Response | str:
    """Refuse the documents on a ground of the closed list; for an attestation the director confirms what was proposed."""
    return _declining(id, "decline")


@page("/cases/<int:id>/do/propose_decline", readers=LOGGED_IN, methods=("GET", "POST"))
def propose_decline(id: int) -> Response | str:
    """Propose the refusal that the director confirms (attestation)."""
    return _declining(id, "propose_decline")


def _declining(id: int, name: str) -> Response | str:
    case = open_case(id)

    def around() -> dict[str, Any]:
        grounds = {one.value: one.label for one in case_type(case.type).grounds}
        proposed = grounds.get(str(case.refusal.get("ground") or ""))
        return {
            "never": [one["text"] for one in data.load("decline_grounds")["never"]], "proposed": proposed,
            "comment": case.refusal.get("comment", ""), "other": offers_of(case).get("refuse_decline"),
        }  # fmt: skip

    return do(case, name, "cases/decline.html", context=around)


@page("/cases/<int:id>/assign", readers=LOGGED_IN, methods=("GET", "POST"))
def assign(id: int) -> Response | str:
    """Choose experts: ranked, each with the reasons; whatever the page says, the gate computes the conflicts anew (R15)."""
    case, session = open_case(id), here().session
    return do(
        case, "invite", "cases/assign.html",
        read=lambda: {"experts": expert_picker.typed(session, case), "lead_id": expert_picker.lead_typed(session, case)},
        context=lambda: expert_picker.around(session, case), done=lambda: expert_picker.address(case),
    )  # fmt: skip


@page("/cases/<int:id>/do/extend", readers=LOGGED_IN, methods=("GET", "POST"))
def extend(id: int) -> Response | str:
    """Prolong the present step: the day on which it would end stands beside the number of days, before it is done."""
    case, session = open_case(id), here().session

    def around() -> dict[str, Any]:
        return {
            "until_of": lambda form: _prolonged(session, case, request.args.get("days") or form["days"].data),
            "examples": [(days, deadlines.extended(session, case, days)) for days in _PROLONGED],
        }

    def said() -> str:
        return say(N_("Срок продлён до %(day)s", day=day(case.due_on)))

    return do(
        case, "extend", "cases/extend.html", start=begins(session, here().me, case, "extend"), context=around, said=said
    )


def _prolonged(session: Session, case: Case, typed: str | None) -> date | None:
    """Return where a typed number of days leads; None for what the form would refuse."""
    how, text = asks(Extend)["days"], str(typed or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 4):  # noqa: PLR2004 - more digits are no term
        return None
    days = int(text)
    return deadlines.extended(session, case, days) if (how.least or 1) <= days <= (how.most or days) else None


@page("/cases/<int:id>/do/name_lead", readers=LOGGED_IN, methods=("GET", "POST"))
def name_lead(id: int) -> Response | str:
    """Name the lead specialist of an attestation; when that begins the analysis, go on to the case."""
    case = open_case(id)

    def on() -> str:
        return url_for("cases.assign" if case.turn == "coordinator" else "cases.show", id=id)

    return do(case, "name_lead", back=url_for("cases.assign", id=id), done=on)
