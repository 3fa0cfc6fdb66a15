"""The open page of a survey: answered by whoever has its address, without an account; nothing of who asks is read or kept.

No consent is asked of an anonymous answer: it is no personal data, for nothing in it or beside it tells whose it is (ADR 31).
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for

from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS, Municipality
from workflow_app.errors import N_, Sentence
from workflow_app.features.surveys.views import is_taking, items, page
from workflow_app.surveys.questions import WHO, WORDS, entered
from workflow_app.web import rate_limit
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import ANYONE
from workflow_app.web.request_scope import here

TRAP = "website"  # no person sees it; a program fills in whatever has a name
CODE, AGREES = "code", "agrees"
_WHO_MOST = 200


def _counted(slug: str) -> None:
    del slug
    rate_limit.answers()


@page("/s/<slug>", readers=ANYONE, methods=("GET", "POST"), before=_counted)
def answer(slug: str) -> Response | str:
    """Show the questions, or take the answers."""
    row = _survey(slug)
    if request.method != "POST" or not is_taking(row):
        return _page(row, slug, {}, {})
    typed = {name: request.form.getlist(name) for name in request.form}
    given, wrong = entered(items(row), typed)
    who = " ".join(request.form.get(WHO, "").split())
    if not row.anonymous:
        wrong |= _named(who)
        given[WHO] = who
    if not wrong and request.form.get(TRAP):
        return _thanks(slug)
    code = request.form.get(CODE, "")[:100] if row.by_code else None
    if not wrong and not survey_answers.put(here().session, row.id, [given], code):
        wrong[CODE] = N_("Код не подходит: проверьте буквы и цифры. Каждый код принимается один раз.")
    return make_response(_page(row, slug, typed, wrong), 422) if wrong else _thanks(slug)


def _survey(slug: str) -> Any:
    box = survey_answers.box_at(here().session, slug)
    if box is None:
        abort(404)
    return here().session.get_one(RECORDS["survey"], box.survey_id)


def _named(who: str) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    if not 2 <= len(who) <= _WHO_MOST:  # noqa: PLR2004 - a name has two letters
        wrong[WHO] = N_("Назовите себя: этот опрос не анонимный.")
    if not request.form.get(AGREES):
        wrong[AGREES] = N_("Без согласия ответ с вашим именем не сохраняется.")
    return wrong


def _thanks(slug: str) -> Response:
    return go("surveys.thanks", slug=slug)


@page("/s/<slug>/thanks", readers=ANYONE)
def thanks(slug: str) -> str:
    """Say that the answer was taken."""
    return render_template("surveys/thanks.html", row=_survey(slug))


def _page(row: Any, slug: str, typed: dict[str, list[str]], wrong: dict[str, Sentence]) -> str:
    named = {line.field: line.name for item in items(row) for line in item.lines}
    listed = [name for name in (CODE, WHO, *named, AGREES) if name in wrong]  # in the order of the page
    return render_template(
        "surveys/answer.html", row=row, items=items(row), typed=typed, wrong={name: say(one) for name, one in wrong.items()},
        wrong_list=[
            {"text": f"{named[name]}: {say(wrong[name])}" if name in named else say(wrong[name]), "target": name} for name in listed
        ],
        taking=is_taking(row), action=url_for("surveys.answer", slug=slug), words={key: say(one) for key, one in WORDS.items()},
        centre_name=here().session.get_one(Municipality, row.municipality_id).name,
    )  # fmt: skip
