"""The files of records: the panel on the card, the page of the files alone, taking files in (ADR 28).

A part has no card: its files have a page of their own, which is seen and changed by what the part grants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from workflow_app import gate
from workflow_app.content_types.behaviors import Files
from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import RECORDS, CaseFile, Person, Record
from workflow_app.errors import NotFound
from workflow_app.facts.attachments import files_of
from workflow_app.facts.record_names import names_of, title_of
from workflow_app.facts.subjects import facts_of, facts_within, workflow_of
from workflow_app.features.records import cells
from workflow_app.states import policy
from workflow_app.states.vocabulary import Facts, Permission, Transition
from workflow_app.web import attaching, file_previews
from workflow_app.web.formatting import say, short_day, size, zone
from workflow_app.web.request_scope import here, settings


def panel(row: Record, facts: Facts) -> dict[str, Any] | None:
    """Return what the card, or the page, shows of a record's files; None for a kind that has none, and for who may not read them."""
    declared: Files | None = row.content.behavior(Files)
    scope = here()
    if declared is None or not policy.may(row.content.workflow, scope.me, facts, Permission.SEE_MATERIALS):
        return None
    there = files_of(scope.session, row)
    editable = policy.may(row.content.workflow, scope.me, facts, Permission.ATTACH)
    gone = files_of(scope.session, row, "removed") if editable else []
    who = _names(row, facts, there)
    rows = [
        {"title": say(one.title), "key": one.key, "room": one.most - sum(file.attachment == one.key for file in there),
         "files": [_item(file, row, facts, who) for file in there if file.attachment == one.key]}
        for one in declared.kinds
    ]  # fmt: skip
    return {
        "kinds": rows, "editable": editable, "removed": [_item(one, row, facts, who) for one in gone], "many": len(there),
        "upload_url": url_for(f"records.{row.kind}_attach", id=row.id), "extensions": attaching.EXTENSIONS,
        "megabytes": settings().upload_bytes // 1024 // 1024,
    }  # fmt: skip


def to_read(row: Record, whole: Record | None, act: Transition | None) -> dict[str, Any]:
    """Return what the page of a signed act of a part shows above it: the whole, and its files as far as the reader may read them."""
    if act is None or not act.signs or whole is None or whole is row:
        return {}
    shown = panel(whole, facts_of(whole, here().session))
    found = [file for one in shown["kinds"] for file in one["files"]] if shown else []
    return {"to_read": {"title": title_of(whole), "url": url_for(f"records.{whole.kind}", id=whole.id), "files": found}}


def _names(row: Record, facts: Facts, files: Iterable[CaseFile]) -> dict[int, str]:
    """Return who attached the files, for those who see the history."""
    if not policy.may(row.content.workflow, here().me, facts, Permission.SEE_HISTORY):
        return {}
    found = select(Person).where(Person.id.in_({one.uploaded_by_id for one in files}))
    return {one.id: one.short_name for one in here().session.scalars(found).unique()}


def _item(file: CaseFile, row: Record, facts: Facts, who: dict[int, str]) -> dict[str, Any]:
    """Return one file as the macro ``file_row`` takes it, with its acts."""
    scope = here()
    viewable = bool(file_previews.way_of(file.media_type))
    offers = policy.offers(workflow_of(file), scope.me, facts_within(file, scope.session, facts)).values()
    acts = [(say(one.transition.title), url_for("files.do", id=file.id, name=one.transition.name)) for one in offers]
    if acts and file.state == "attached":
        acts.insert(0, (_("Заменить"), url_for("files.replace", id=file.id)))
    return {
        "name": file.name, "url": url_for("files.download", id=file.id), "size": size(file.size), "note": file.note,
        "preview_url": url_for("files.view", id=file.id) if viewable else "", "kind": PurePath(file.name).suffix.lstrip("."),
        "when": short_day(file.uploaded_at.astimezone(zone()).date()), "who": who.get(file.uploaded_by_id or 0, ""), "acts": acts,
    }  # fmt: skip


def links(parts: Sequence[Record]) -> dict[int, list[dict[str, str]]]:
    """Return the way to the files of parts of one kind, by their numbers: one statement; nothing for a kind without files."""
    if not parts or parts[0].content.behavior(Files) is None:
        return {}
    kind = parts[0].kind
    mine = (
        CaseFile.record_kind == kind,
        CaseFile.record_id.in_([one.id for one in parts]),
        CaseFile.state == "attached",
    )
    found = select(CaseFile.record_id, func.count().label("n")).where(*mine).group_by(CaseFile.record_id)
    many = {row.record_id: row.n for row in here().session.execute(found)}
    return {
        one.id: [
            {
                "title": _("Файлы: %(n)s", n=many[one.id]) if one.id in many else _("Файлы"),
                "url": url_for(f"records.{kind}_files", id=one.id),
            }
        ]
        for one in parts
    }


def receive(kind: ContentType, id: int) -> None:
    """Store and inspect the files of the request, while nothing is locked."""
    attaching.receive(RECORDS[kind.key], id)


def page(kind: ContentType, id: int) -> str:
    """Show the files of a record alone: for a part this is their place."""
    scope = here()
    return _page(gate.read(scope.session, scope.me, RECORDS[kind.key], id))


def upload(kind: ContentType, id: int) -> Response:
    """Attach one file or several. A script gets JSON for its one file; the plain form comes back to the page."""
    scope = here()
    row = gate.read(scope.session, scope.me, RECORDS[kind.key], id)
    done = attaching.attach(row)
    facts = facts_of(row, scope.session)

    def item(file: CaseFile) -> str:
        return render_template("records/files_item.html", item=_item(file, row, facts, _names(row, facts, [file])))

    return attaching.told(
        done, attaching.home_of(row).back, item, lambda errors, kept: _page(row, errors=errors, kept=kept)
    )


def _page(row: Record, **more: Any) -> str:
    scope = here()
    home, shown = attaching.home_of(row), panel(row, facts_of(row, scope.session))
    if shown is None:
        raise NotFound(gate.NO_SUCH)
    return render_template(
        "records/files.html", row=row, home=home, files=shown,
        breadcrumbs=[{"title": home.title, "url": home.url}, {"title": _("Файлы"), "url": ""}], **{"errors": [], "kept": 0, **more},
    )  # fmt: skip


@attaching.home_of.register
def _home(owner: Record) -> attaching.Home:
    scope, kind = here(), owner.content
    how = kind.fields[kind.title]
    names = names_of(scope.session, [owner]) if how.refers else {}
    title = cells.cell(owner, kind.title, names).text
    if not kind.within:
        url = url_for(f"records.{kind.key}", id=owner.id)
        return attaching.Home(title, url, f"{url}#files")
    whole = scope.session.get_one(RECORDS[kind.within], owner.within_id)
    seen = gate.visible(scope.session, scope.me, whole)
    url = url_for(f"records.{kind.within}", id=whole.id) if seen else url_for("cases.work")
    return attaching.Home(
        title, url, url_for(f"records.{kind.key}_files", id=owner.id) if kind.behavior(Files) else url
    )
