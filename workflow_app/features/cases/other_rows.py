"""The other half of the home: running cases and records that wait for others, as rows; who is named in them, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select

from workflow_app.db.models import Case, Record, Waiting
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines, other_records, others
from workflow_app.facts.case_filters import of_office
from workflow_app.facts.other_records import Awaited
from workflow_app.facts.others import Wait
from workflow_app.facts.record_names import titles_of
from workflow_app.facts.standings import own
from workflow_app.facts.subjects import state_of, workflow_of
from workflow_app.states.vocabulary import Who
from workflow_app.web import awaited_words, deadline_words
from workflow_app.web.formatting import day, say, short_day
from workflow_app.web.request_scope import Scope

_TURN: dict[Who, Sentence] = {
    Who.APPLICANT: N_("заявитель"), Who.OWN: N_("эксперты"), Who.LEAD: N_("эксперты"), Who.PANEL: N_("апелляционная комиссия"),
    Who.COORDINATOR: N_("координатор"), Who.DIRECTOR: N_("директор"), Who.SCHOOL_OFFICER: N_("ответственный от организации"),
}  # fmt: skip


def rows(scope: Scope, cases: Sequence[Case], *, told: frozenset[int]) -> list[dict[str, Any]]:
    """Return the rows for the macro ``awaited``; ``told``: the cases whose verdict the reader may know."""
    waits = others.waits(scope.session, scope.me, cases)
    own_part = _own_part(scope, cases) if of_office(scope.me) else frozenset[int]()
    return [
        _row(
            scope,
            one,
            waits.get(one.id, []),
            told=one.id in told,
            office=of_office(scope.me) and one.id not in own_part,
        )
        for one in cases
    ]


def _own_part(scope: Scope, cases: Sequence[Case]) -> frozenset[int]:
    """Return in which of these cases the reader has a part: of those they are told as any author or expert is (R30)."""
    return (
        frozenset(scope.session.scalars(_involved(scope.who.id), {"ids": [one.id for one in cases]}))
        if cases
        else frozenset()
    )


@lru_cache(512)
def _involved(person_id: int) -> Select[int]:
    """Return the statement of those of the cases ``ids`` in which a person has a part; no row is in it."""
    mine = own(person_id, Case.kind, {Who.INVOLVED})
    return select(Case.id).where(Case.id.in_(bindparam("ids", expanding=True)), Case.id.in_(mine))


def _row(scope: Scope, case: Case, waits: Sequence[Wait], *, told: bool, office: bool) -> dict[str, Any]:
    state = state_of(case, told=told)
    mine = case.applicant_id == scope.me.person_id
    lines = [_line(scope, one, case) for one in waits] if office else _plain(waits)
    return {
        "title": case.title, "url": url_for("cases.show", id=case.id), "number": case.number or "",
        "kind": say(workflow_of(case).title), "people": "" if mine else case.applicant.short_name,
        "status": {"title": say(state.applicant_title if mine else state.title), "tone": state.tone},
        "due": deadline_words.of_case(case), "waits": lines or [{"what": _nobody(case)}],
        "remind_url": url_for("cases.remind", id=case.id) if office and any(one["open"] for one in lines) else "",
    }  # fmt: skip


def _line(scope: Scope, one: Wait, case: Case) -> dict[str, Any]:
    """Return one thing that a case waits for, by name: for the office. A term that is not the case's own is told beside it."""
    today = deadlines.today(scope.session, scope.me.municipality_id)
    person = one.person or one.keeper
    return {
        "who": person.short_name if person else say(awaited_words.WHO.get(one.who, awaited_words.STAFF)), "what": say(one.verb),
        "since": _("с %(day)s", day=short_day(one.since)),
        "late": awaited_words.late(scope, one.due_on) if case.due_on != one.due_on else "",
        "reminded": awaited_words.reminded(scope, one.reminded),
        "open": one.reminded != today and (person is None or bool(person.email)),
        "silent": _("нет адреса почты") if one.person is not None and not one.person.email else "",
    }  # fmt: skip


def _plain(waits: Sequence[Wait]) -> list[dict[str, Any]]:
    """Return whose turn it is, without names and acts: applicants and experts do not learn here who does what."""
    many = dict.fromkeys(say(_TURN.get(one.who, N_("сотрудник центра"))) for one in waits)
    return [{"what": _("Следующий шаг: %(who)s", who=", ".join(many)), "open": False}] if many else []


def _nobody(case: Case) -> str:
    """Return what a case waits for that waits for nobody's act."""
    if (
        case.state in ("approved", "declined")
        and case.appeal_until is not None
        and not case.appealed
        and not case.appeal_waived
    ):
        return str(_("Идёт срок подачи апелляции, до %(day)s", day=day(case.appeal_until)))
    if case.state == "on_approval":
        return str(_("Утвердит приказ месяца: ждёт его подписи"))
    return str(_("Действий ни от кого не требуется"))


def of_case(scope: Scope, case: Case, *, may_remind: bool) -> dict[str, Any]:
    """Return whom one case waits for beside its reader, and where the button «Напомнить» leads: for its own page."""
    waits = others.waits(scope.session, scope.me, [case]).get(case.id, []) if may_remind else []
    lines = [_line(scope, one, case) for one in waits]
    places = {one.assignment.id: line for one, line in zip(waits, lines, strict=True) if one.assignment is not None}
    url = url_for("cases.remind", id=case.id) if any(one["open"] for one in lines) else ""
    return {"lines": lines, "places": places, "url": url}


def of_records(scope: Scope, found: Sequence[tuple[Waiting, Record]]) -> list[dict[str, Any]]:
    """Return the rows of records for the macro ``awaited``: of each its first wait, which tells the term."""
    records = [one for _first, one in found]
    waits, titles = other_records.waits(scope.session, scope.me, records), titles_of(scope.session, records)
    return [_of_record(scope, first.due_on, one, titles[one], waits[one]) for first, one in found]


def _of_record(scope: Scope, due_on: date | None, row: Record, title: str, waits: Sequence[Awaited]) -> dict[str, Any]:
    state = row.content.workflow.state(row.state)
    return {
        "title": title, "url": url_for(f"records.{row.kind}", id=row.id), "number": "", "kind": say(row.content.titles[0]), "people": "",
        "status": {"title": say(state.title), "tone": state.tone}, "due": deadline_words.shown(row.municipality_id, due_on),
        "waits": [awaited_words.of_record(scope, one, due_on) for one in waits], "version": row.version,
        "remind_url": awaited_words.remind_url(scope, row, waits),
    }  # fmt: skip
