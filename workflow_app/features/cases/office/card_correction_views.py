"""The page of a correction of the card: everything that was entered, what is settled, and what the correction leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.facts import choices
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.office import card_correction
from workflow_app.features.cases.office.shared import do, offers_of, open_case
from workflow_app.states.definitions.case.forms_correction import CONFIRMED
from workflow_app.states.forms import asks
from workflow_app.web import form_summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import raw_of
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here


@page("/cases/<int:id>/do/amend", readers=LOGGED_IN, methods=("GET", "POST"))
def amend(id: int) -> Response | str:
    """Correct the card of a case; what is settled is shown and stays as it is."""
    case = open_case(id)
    stands, stays = card_correction.standing(case), card_correction.kept(case)
    warned = {one.id: len(one.warnings) for one in case.assignments}

    def read() -> dict[str, Any]:
        carried = {name: stands[name] for name in (*stays, *CONFIRMED)}
        return (
            raw_of(request.form, workflow_of(case).transition("amend").asks)
            | carried
            | {"was": card_correction.before(case)}
        )

    return do(
        case, "amend", "cases/amend.html", start=stands, read=read, context=lambda: _around(case, stands, stays),
        said=lambda: _told(case, warned),
    )  # fmt: skip


def _around(case: Case, stands: dict[str, Any], stays: tuple[str, ...]) -> dict[str, Any]:
    kind, known = case_type(case.type), choices.of_case(here().session, case)
    settled = [
        (say(how.label), say(form_summary.said(how, stands[name], known)))
        for name, how in asks(kind.form).items()
        if name in stays and name in kind.settled
    ]
    return {
        "stays": stays, "settled": settled,
        "cancel_url": url_for("cases.do", id=case.id, name="cancel") if "cancel" in offers_of(case) else "",
    }  # fmt: skip


def _told(case: Case, warned: Mapping[int, int]) -> str:
    """Say what the correction led to: papers with the old text, conflicts of interest that it brought."""
    told = [_("Карточка исправлена.")]
    if card_correction.outdated(here().session, case):
        told.append(_("Часть выданных документов содержит прежние сведения: они названы в деле."))
    if new := [one.expert.short_name for one in case.assignments if len(one.warnings) > warned.get(one.id, 0)]:
        told.append(
            _("Появился конфликт интересов (%(names)s): посмотрите вкладку «Экспертиза».", names=", ".join(new))
        )
    return " ".join(told)
