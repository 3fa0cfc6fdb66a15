"""A survey asked once more at another stage: a new draft with the same questions and none of the answers, linked to the former."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.content_types.plan_item import STAGES
from workflow_app.errors import N_, Invalid
from workflow_app.facts.record_rows import row_of
from workflow_app.features.surveys.views import KIND, crumbs, may_begin, page, survey_of
from workflow_app.states.forms import Sheet, ask, from_json, to_json
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import filled, take_turn

_ITS_OWN: Final = ("event_id", "plan_item_id", "counted", "digest")
"""What belongs to the former survey alone."""


@dataclass(frozen=True, kw_only=True)
class RepeatSurvey(Sheet):
    """What differs in a repeated survey."""

    title: str = ask(N_("Название"), least=5, most=300)
    stage: str = ask(N_("Этап"), choices=STAGES)
    since: date = ask(N_("Первый день"))
    until: date = ask(N_("Последний день"))


@page("/surveys/<int:id>/repeat", readers=LOGGED_IN, methods=("GET", "POST"))
def repeat(id: int) -> Response | str:
    """Ask when and at which stage, and begin the new survey by the same gate as any."""
    scope, row = here(), survey_of(id)
    if not may_begin():
        abort(403)
    if request.method != "POST":
        stages = [one.value for one in STAGES]
        after = stages[min(stages.index(row.stage) + 1, len(stages) - 1)] if row.stage in stages else stages[0]
        return _page(row, form_of(RepeatSurvey, {}, {"title": row.title, "stage": after}))
    take_turn(row)
    raw = raw_of(request.form, RepeatSurvey)
    try:
        sheet = _repeated(row, filled(RepeatSurvey, raw))
        new = row_of(KIND, scope.me.municipality_id, sheet)
        with scope.session.begin_nested():
            gate.begin(scope.session, scope.me, new, sheet)
    except Invalid as error:
        form = form_of(RepeatSurvey, {}, raw)
        show_problems(form, error.problems)
        return make_response(_page(row, form), 422)
    flash(_("Опрос готов: проверьте вопросы и откройте его."), "success")
    return go("records.survey", id=new.id)


def _repeated(row: Any, sheet: RepeatSurvey) -> Any:
    """Return the sheet of the new survey. Invalid as that of any survey."""
    same = {name: value for name, value in to_json(KIND.sheet(**row.values)).items() if name not in _ITS_OWN}
    made = from_json(KIND.sheet, same | to_json(sheet) | {"repeats_id": row.id})
    if problems := made.problems():
        raise Invalid(problems)
    return made


def _page(row: Any, form: Any) -> str:
    return render_template(
        "surveys/repeat.html", row=row, parts=sections(form, RepeatSurvey), errors=summary(form), back=url_for("records.survey", id=row.id),
        breadcrumbs=crumbs(row, _("Повторить на другом этапе")),
    )  # fmt: skip
