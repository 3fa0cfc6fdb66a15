"""Pages of Word templates: the kinds of documents, upload with its check, editions, a sample, switching on and off."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort, flash, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from workflow_app import clock, gate
from workflow_app.db.models import WordTemplate
from workflow_app.documents.checks import run as look
from workflow_app.documents.docx import qr_code, template_marks, write
from workflow_app.documents.kinds.registry import KINDS, kind
from workflow_app.documents.template_fields.registry import groups, values
from workflow_app.documents.template_fields.starter import starter
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.facts import subjects
from workflow_app.features.documents import template_queries as queries
from workflow_app.features.documents.template_effects import next_edition
from workflow_app.features.documents.views import page
from workflow_app.files.file_kinds import ACCEPTED
from workflow_app.gate.issuing.render import about
from workflow_app.states.definitions.template import WORD_TEMPLATE, UploadTemplate
from workflow_app.states.forms import fill
from workflow_app.states.vocabulary import Role
from workflow_app.web import file_viewer, uploads
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import blobs, here
from workflow_app.web.transition_view import act
from workflow_app.word_templates import render
from workflow_app.word_templates.tags import Problem

KEEPERS = roles(Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR)
NOT_WORD = N_("Шаблоном может быть только документ Word (.docx). Сохраните его в этом формате.")
UNUSED = frozenset(
    {"qr", "organisation", "titled", "dated", "numbered", "placed", "about", "addressed"}
)  # ours to say, theirs to lay out


@dataclass(frozen=True, slots=True)
class Received:
    """An uploaded file and what its check found; ``refusal`` when it is no file that could be a template."""

    taken: uploads.Taken | None
    problems: tuple[Problem, ...] = ()
    refusal: Sentence | None = None


@page("/templates", readers=KEEPERS, menu=Menu(75, N_("Шаблоны"), "file-text", "documents"))
def templates() -> str:
    """List the kinds of documents: by whose form each is made."""
    scope = here()
    return render_template("documents/templates.html", lines=queries.lines(scope.session, scope.me))


def receive(key: str) -> None:
    """Take the file and try it while no lock is held: it is opened in a process of its own, for seconds at worst."""
    file = request.files.get("file")
    if key not in KINDS or file is None or not file.filename:
        g.received = Received(None, refusal=N_("Файл не выбран."))
        return
    scope = here()
    try:
        taken = uploads.take(file)
    except WorkflowError as error:
        g.received = Received(None, refusal=error.sentence)
        return
    if not taken.name.lower().endswith(".docx"):
        g.received = Received(None, refusal=NOT_WORD)
        return
    path = blobs().path(taken.sha256)
    g.received = Received(taken, render.check(path, key, queries.samples(scope.session, scope.me, key)))


@page("/templates/of/<key>", readers=KEEPERS, methods=("GET", "POST"), before=receive)
def templates_of(key: str) -> Response | str:
    """Show the editions and the fields of one kind; a POST takes a new edition, or says everything that is wrong with it."""
    if key not in KINDS:
        abort(404)
    if request.method != "POST":
        return _kind_page(key)
    received: Received = g.pop("received")
    if received.taken is None or received.problems:
        return make_response(_kind_page(key, received), 422)
    row = _enter(key, received.taken)
    flash(_("Шаблон проверен и сохранён. Пока он выключен: посмотрите образец и включите."), "success")
    return go("papers.template", id=row.id)


def _enter(key: str, taken: uploads.Taken) -> WordTemplate:
    scope = here()
    sheet = fill(
        UploadTemplate,
        {
            "note": request.form.get("note", "")[:300],
            "document_kind": key,
            "name": taken.name,
            "size": taken.size,
            "sha256": taken.sha256,
        },
        {},
    )
    row = WordTemplate(
        municipality_id=scope.me.municipality_id,
        document_kind=key,
        edition=next_edition(scope.session, scope.me.municipality_id, key),
        file_name=taken.name,
        sha256=taken.sha256,
        size=taken.size,
        uploaded_at=clock.now(),
        note=sheet.note,
    )
    return gate.begin(scope.session, scope.me, row, sheet)


def _kind_page(key: str, received: Received | None = None) -> str:
    scope = here()
    shown = values(key, queries.material(scope.session, scope.me, key))
    return render_template(
        "documents/templates_of.html",
        kind=kind(key),
        editions=queries.editions(scope.session, scope.me, key),
        states=WORD_TEMPLATE.states,
        groups=groups(key),
        values=shown,
        received=received,
        note=request.form.get("note", ""),
        most=render.MAX_TEMPLATE >> 20,
        filters=("upper", "cap"),
        breadcrumbs=_crumbs(say(kind(key).title)),
    )


def _crumbs(*steps: str, key: str = "") -> list[dict[str, str]]:
    trail = [{"title": _("Шаблоны"), "url": url_for("papers.templates")}]
    if key:
        trail.append({"title": say(kind(key).title), "url": url_for("papers.templates_of", key=key)})
    return [*trail, *({"title": one, "url": ""} for one in steps)]


def _open(id: int) -> WordTemplate:
    return gate.read(here().session, here().me, WordTemplate, id)


@page("/templates/<int:id>", readers=KEEPERS)
def template(id: int) -> str:
    """Show one edition: its state, what may be done with it, the sample that it makes."""
    scope = here()
    row = _open(id)
    html, remarks, problem = "", Counter[str](), ""
    try:
        data = _sample(row)
        html = _as_html(data)
        remarks = Counter(say(one.sentence) for one in look.check(data) if one.rule not in UNUSED)
        if not render.says(data, queries.CHECKED_AT):
            remarks[_("В документе не назван адрес проверки: добавьте в колонтитул поле foot или check_address.")] += 1
        if not qr_code.shows(data):
            remarks[_("В документе нет QR-кода: добавьте в нижний колонтитул первой страницы поле qr.")] += 1
    except WorkflowError as error:
        problem = say(error.sentence)
    return render_template(
        "documents/template.html",
        one=queries.edition(scope.session, row),
        row=row,
        kind=kind(row.document_kind),
        state=WORD_TEMPLATE.state(row.state),
        offers=subjects.offers_of(row, scope.session, scope.me),
        html=Markup(html),  # noqa: S704 - rebuilt from an allow-list by the viewer
        remarks=remarks,
        problem=problem,
        breadcrumbs=_crumbs(_("Версия %(n)s", n=row.edition), key=row.document_kind),
    )


def _sample(row: WordTemplate) -> bytes:
    """Return the document that the template makes of invented values."""
    scope = here()
    made_of = queries.material(scope.session, scope.me, row.document_kind)
    of_kind = kind(row.document_kind)
    composed = of_kind.compose(made_of)
    made = render.render(blobs().read(row.sha256), of_kind.key, values(of_kind.key, made_of), about(composed))
    return template_marks.shown(made, composed)


def _as_html(data: bytes) -> str:
    """Return a made document as HTML; the viewer reads files, so it gets one for a moment."""
    with tempfile.TemporaryDirectory(prefix="template-") as folder:
        path = Path(folder) / "sample.docx"
        path.write_bytes(data)
        return file_viewer.docx_html(path)


@page("/templates/<int:id>/do/<name>", readers=KEEPERS, methods=("GET", "POST"))
def template_do(id: int, name: str) -> Response | str:
    """Switch on, switch off, put into the archive."""
    row = _open(id)
    title = say(WORD_TEMPLATE.transition(name).title) if name in WORD_TEMPLATE.transitions else ""
    back = url_for("papers.template", id=id)
    return act(row, name, lists={}, back=back, context={"breadcrumbs": _crumbs(title, key=row.document_kind)})


@page("/templates/<int:id>.docx", readers=KEEPERS)
def template_file(id: int) -> Response:
    """Give the template itself, as it was uploaded."""
    row = _open(id)
    return _word(blobs().read(row.sha256), row.file_name)


@page("/templates/<int:id>/sample.docx", readers=KEEPERS)
def template_sample(id: int) -> Response:
    """Give the sample as a Word file."""
    row = _open(id)
    return _word(_sample(row), f"{kind(row.document_kind).title}: образец.docx")


@page("/templates/of/<key>/starter.docx", readers=KEEPERS)
def template_starter(key: str) -> Response:
    """Give a template to begin with: our own look and words, with the tags in their places."""
    if key not in KINDS:
        abort(404)
    return _word(write.write(starter(key)), f"{kind(key).title}: заготовка шаблона.docx")


def _word(data: bytes, name: str) -> Response:
    return made(data, name, ACCEPTED["docx"].media_type, apart=True)
