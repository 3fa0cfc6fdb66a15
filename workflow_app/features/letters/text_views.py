"""The texts of letters: what is used, editing beside a preview on invented data, editions, the way back to the original."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.content_types.letter_kinds import LETTERS, OF_RECORDS
from workflow_app.db.models import LetterText
from workflow_app.documents.letter_kinds import FIXED, LISTS, WHY_FIXED
from workflow_app.errors import Invalid
from workflow_app.facts import subjects
from workflow_app.features.letters import queries
from workflow_app.features.letters.effects import next_edition
from workflow_app.features.letters.views import KEEPERS, page
from workflow_app.gate import letter_words, outbox
from workflow_app.states.definitions.letter_text import LETTER_TEXT, LetterWords, WriteLetter
from workflow_app.states.forms import fill
from workflow_app.states.vocabulary import Role
from workflow_app.web import interrupted_form
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import may_open, roles
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act

READERS = roles(Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR)


@page("/letters/texts", readers=READERS)
def texts() -> str:
    """List the letters whose text may be written: whose text each has now."""
    scope = here()
    own = queries.texts(scope.session, scope.me.municipality_id)
    lines = [(one, own.get(one.key)) for one in LETTERS.values()]
    return render_template(
        "outgoing/texts.html", lines=[one for one in lines if one[0].key not in OF_RECORDS],
        of_records=[one for one in lines if one[0].key in OF_RECORDS],
        fixed=[(why, [say(FIXED[key]) for key in keys]) for why, keys in WHY_FIXED], breadcrumbs=_crumbs(),
    )  # fmt: skip


def _crumbs(title: str = "") -> list[dict[str, str]]:
    first = {"title": _("Письма"), "url": url_for("letters.letters")} if may_open(KEEPERS, here()) else {}
    texts_ = {"title": _("Тексты писем"), "url": url_for("letters.texts") if title else ""}
    return [one for one in (first, texts_, {"title": title, "url": ""} if title else {}) if one]


@page("/letters/texts/<template>", readers=READERS, methods=("GET", "POST"))
def text(template: str) -> Response | str:
    """Show and edit the text of a letter; «Показать» keeps nothing."""
    if template not in LETTERS:
        abort(404)
    own = queries.texts(here().session, here().me.municipality_id).get(template)
    if request.method != "POST":
        return _page(template, own, _start(template, own))
    raw = raw_of(request.form, LetterWords)
    if request.form.get("add") == "look":
        interrupted_form.confirm()  # what was typed comes back with the page
        return _page(template, own, raw, error=_looked(template, raw))
    try:
        sheet = fill(WriteLetter, {**raw, "template": template}, {})
        _begin(template, sheet)
    except Invalid as error:
        return make_response(_page(template, own, raw, error=error), 422)
    flash(_("Текст письма сохранён: следующие письма уйдут с ним."), "success")
    return go("letters.text", template=template)


def _begin(template: str, sheet: WriteLetter) -> None:
    scope = here()
    place = scope.me.municipality_id
    row = LetterText(
        municipality_id=place, template=template, edition=next_edition(scope.session, place, template), subject=sheet.subject,
        body=sheet.body, note=sheet.note, written_at=clock.now(),
    )  # fmt: skip
    gate.begin(scope.session, scope.me, row, sheet)


def _start(template: str, own: LetterText | None) -> dict[str, Any]:
    """Return what the form begins with: the edition that the address names, what is used, the original."""
    wanted = request.args.get("from", "")
    rows = queries.editions(here().session, here().me.municipality_id, template) if wanted else ()
    found = next((one for one in rows if str(one.edition) == wanted), own)
    subject, body = (
        letter_words.original(template) if found is None or wanted == "original" else (found.subject, found.body)
    )
    return {"subject": subject, "body": body}


def _looked(template: str, raw: dict[str, Any]) -> Invalid | None:
    """Return what is wrong with a text that is only looked at."""
    try:
        sheet = fill(WriteLetter, {**raw, "template": template}, {})
    except Invalid as error:
        return error
    wrong = letter_words.faults(template, sheet.subject, sheet.body)
    return Invalid(wrong) if wrong else None


def _page(template: str, own: LetterText | None, values: dict[str, Any], *, error: Invalid | None = None) -> str:
    scope, kind = here(), LETTERS[template]
    form = form_of(LetterWords, {}, values)
    if error is not None:
        show_problems(form, error.problems)
    place = scope.me.municipality_id
    typed = (str(values.get("subject") or ""), str(values.get("body") or ""))
    broken = error is not None or bool(letter_words.faults(template, *typed))
    offers = subjects.offers_of(own, scope.session, scope.me) if own is not None else {}
    return render_template(
        "outgoing/text.html", kind=kind, own=own, parts=sections(form, LetterWords), errors=summary(form), offers=offers,
        sample=None if broken else _sample(template, typed), editions=queries.editions(scope.session, place, template),
        states=LETTER_TEXT.states, fields=[(name, *kind.about[name]) for name in kind.fields],
        lists=[(name, *LISTS[name]) for name in kind.lists], subject_fields=sorted(kind.declared_in_subject.fields),
        may_edit=may_open(KEEPERS, scope), breadcrumbs=_crumbs(say(kind.title)),
    )  # fmt: skip


def _sample(template: str, typed: tuple[str, str]) -> tuple[str, str]:
    scope = here()
    place = scope.me.municipality_id
    centre, _own = letter_words.around(scope.session, place, template)
    return letter_words.sample(template, typed, centre, outbox.greeting(scope.who))


@page("/letters/texts/<template>/original", readers=KEEPERS, methods=("GET", "POST"))
def original(template: str) -> Response | str:
    """Go back to the original text; what the centre wrote stays among the editions."""
    own = queries.texts(here().session, here().me.municipality_id).get(template)
    if own is None:
        abort(404)
    title = say(LETTERS[template].title)
    back = url_for("letters.text", template=template)
    return act(own, "restore_letter", lists={}, back=back, context={"breadcrumbs": _crumbs(title)})
