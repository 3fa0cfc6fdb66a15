"""The page of the search: cases, materials, documents, people, organisations and records in one list, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import load_only

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.by_id import by_id
from workflow_app.db.models import Case, CaseFile, Document, Person, Record, SearchRow, Subject
from workflow_app.documents.kinds.registry import KINDS as DOCUMENT_KINDS
from workflow_app.errors import N_, Sentence
from workflow_app.facts import search
from workflow_app.facts.search_rows import known_texts
from workflow_app.facts.search_texts import date_of, name_of
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import KINDS
from workflow_app.spelling import number_key, order_key
from workflow_app.states.vocabulary import Permission
from workflow_app.stemming import Term, excerpt, marked, question
from workflow_app.web import table_page as kit
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN, PAGES, Slice, may_open
from workflow_app.web.request_scope import Scope, here

slice_ = Slice("search")


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of results: its title, the kinds of subjects in it, the page that must be open to its reader."""

    title: Sentence
    kinds: tuple[str, ...]
    page: str


GROUPS: Mapping[str, Group] = {
    "cases": Group(N_("Дела"), (Case.kind,), "cases.show"),
    "files": Group(N_("Материалы"), (CaseFile.kind,), "cases.show"),
    "documents": Group(N_("Документы"), (Document.kind,), "cases.document_view"),
    "people": Group(N_("Люди"), (Person.kind,), "people.person"),
    "experts": Group(N_("Эксперты"), (search.EXPERT,), "people.person"),
    **{one.key: Group(one.titles[1], (one.key,), f"records.{one.within or one.key}") for one in CONTENT_TYPES.values()},
}
_LARGEST, _DIGITS = 2**63 - 1, 20  # what a row's number can be
_WITHIN = frozenset({"experts"})  # what another group shows already
# A case is told by its number and title: its form and what it came to are not read.
_CASES = select(Case).where(Case.id.in_(bindparam("ids", expanding=True))).options(load_only(Case.number, Case.title))
_PARTS: Mapping[Permission, Sentence] = {
    Permission.SEE_MATERIALS: N_("содержание заявки"), Permission.SEE_CONCLUSION: N_("заключение")
}  # fmt: skip


@slice_.page("/search", readers=LOGGED_IN, name="results")
def results() -> str:
    """Show what was found; without words, what can be found."""
    scope, what = here(), kit.asked((), "", ("kind",))
    groups = {key: one for key, one in GROUPS.items() if may_open(PAGES[one.page].readers, scope)}
    chosen = what.chosen.get("kind", "") if what.chosen.get("kind") in groups else ""
    wanted = [groups[chosen]] if chosen else [one for key, one in groups.items() if key not in _WITHIN]
    kinds = [kind for one in wanted for kind in one.kinds]
    after, before = _place(what.after), _place(what.before)
    is_first = after is None and before is None
    found = search.page(scope.session, scope.me, what.q, kinds, kit.SIZES[0], after=after, before=before)
    direct = _direct(scope, what.q) if is_first else None
    if (
        direct is not None
        and found.rows
        and (found.rows[0].subject_kind, found.rows[0].subject_id) == (Case.kind, direct.id)
    ):
        direct = None  # it stands first anyway
    return render_template(
        "search/results.html", q=what.q, direct=direct, page=_pager(found),
        rows=_shown(scope, found.rows, question(what.q)), found=_said(found) if is_first else "", groups=_tabs(groups, chosen),
    )  # fmt: skip


def _place(text: str) -> int | None:
    """Return the number of a row that an address names; None for what cannot be one."""
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None


def _said(found: search.Found) -> str:
    n = found.total
    return str(_("Найдено: больше %(n)s", n=len(found.rows)) if n is None else _("Найдено: %(n)s", n=n))


def _pager(found: search.Found) -> dict[str, Any]:
    """Return what the macro ``pagination`` draws: the neighbours; how many pages there are is not counted."""
    ends = found.earlier or found.later
    return {
        "pages": 2 if ends else 1, "links": [],
        "prev_url": kit.address(before=found.rows[0].id) if found.earlier and found.rows else "",
        "next_url": kit.address(after=found.rows[-1].id) if found.later and found.rows else "",
    }  # fmt: skip


def _tabs(groups: Mapping[str, Group], chosen: str) -> list[dict[str, Any]]:
    """Return the ways to narrow a search; ``aside``: kinds of records, thirty of them, which stand folded."""
    every = kit.address(kind=None)
    of_kind = f"{every}{'&' if '?' in every else '?'}kind="
    return [
        {"title": _("Всё"), "url": every, "current": not chosen, "aside": False},
        *(
            {"title": say(one.title), "url": of_kind + key, "current": key == chosen, "aside": key in CONTENT_TYPES}
            for key, one in groups.items()
        ),
    ]


def _direct(scope: Scope, words: str) -> Case | None:
    """Return the case whose whole number was typed, in whatever letters and dashes."""
    key = number_key(words)
    if not any(one.isdecimal() for one in key):
        return None
    mine = visible(scope.me, Permission.VIEW).among(Case.number_order == order_key(key), Case.number_key == key)
    return scope.session.scalars(select(Case).where(mine.condition).limit(1)).first()


def _shown(scope: Scope, rows: Sequence[SearchRow], terms: Sequence[Term]) -> list[dict[str, Any]]:
    """Return the results as they are shown: a constant number of statements, one for each kind that is among them."""
    ids: dict[str, set[int]] = {}
    for one in rows:
        ids.setdefault(one.subject_kind, set()).add(one.subject_id)
        if one.case_id is not None:
            ids.setdefault(Case.kind, set()).add(one.case_id)
    known = _read(scope, ids)
    known = _read(scope, _owners(known.values())) | known
    named = _read(scope, _called_by([one for one in known.values() if isinstance(one, Record)]))
    known = named | known  # held, so that naming a record asks nothing more
    files = (one.sha256 for one in known.values() if isinstance(one, (CaseFile, Document)))
    bodies = known_texts(scope.session, files)
    return [_row(one, known, terms, bodies) for one in rows]


def _read(scope: Scope, ids: Mapping[str, set[int]]) -> dict[tuple[str, int], Subject]:
    found: dict[tuple[str, int], Subject] = {}
    for kind, wanted in ids.items():
        model = KINDS[kind]
        rows = (
            scope.session.scalars(_CASES, {"ids": [*wanted]}).all()
            if model is Case
            else by_id(scope.session, model, wanted).values()
        )
        found |= {(kind, one.id): one for one in rows}
    return found


def _owners(found: Iterable[Subject]) -> Mapping[str, set[int]]:
    """Return by kind the records that files and documents belong to."""
    owners: dict[str, set[int]] = {}
    for one in found:
        if isinstance(one, (CaseFile, Document)) and one.record_kind is not None and one.record_id is not None:
            owners.setdefault(one.record_kind, set()).add(one.record_id)
    return owners


def _called_by(records: Sequence[Record]) -> Mapping[str, set[int]]:
    """Return by kind the subjects whose names some records have: an expert's record is called as the expert."""
    found: dict[str, set[int]] = {}
    for one in records:
        name = one.content.title
        if target := one.content.fields[name].refers.partition(":")[0]:
            found.setdefault(target, set()).add(getattr(one, name))
    return found


def _row(
    row: SearchRow, known: Mapping[tuple[str, int], Subject], terms: Sequence[Term], bodies: Mapping[str, str]
) -> dict[str, Any]:
    subject = known[row.subject_kind, row.subject_id]
    title, url, kind = _named(subject)
    of = _owner(subject, known)
    said = " · ".join(one for one in row.text.split(" · ") if one not in title)
    if isinstance(subject, (CaseFile, Document)):
        said = bodies.get(subject.sha256, "") or said
    part = _PARTS.get(Permission(row.needs)) if isinstance(subject, Case) else None
    return {
        "title": marked(title, terms), "url": url, "kind": kind, "part": say(part), "day": date_of(row.id),
        "excerpt": excerpt(said, terms),
        "of": dict(zip(("title", "url", "kind"), _named(of), strict=True)) if of is not None else None,
    }  # fmt: skip


def _owner(subject: Subject, known: Mapping[tuple[str, int], Subject]) -> Subject | None:
    """Return the case or the record that a file or a document belongs to."""
    if not isinstance(subject, (CaseFile, Document)):
        return None
    if subject.case_id is not None:
        return known.get((Case.kind, subject.case_id))
    return known.get((subject.record_kind or "", subject.record_id or 0))


def _named(subject: Subject) -> tuple[str, str, str]:
    """Return the title of a subject, its address, what it is."""
    if isinstance(subject, Case):
        return (
            " · ".join(filter(None, (subject.number, subject.title))),
            url_for("cases.show", id=subject.id),
            _("Дело"),
        )
    if isinstance(subject, CaseFile):
        return subject.name, url_for("files.view", id=subject.id), _("Материал")
    if isinstance(subject, Document):
        title = (
            say(DOCUMENT_KINDS[subject.document_kind].title)
            if subject.document_kind in DOCUMENT_KINDS
            else subject.file_name
        )
        number = f" № {subject.number}" if subject.number else ""
        return f"{title}{number}", url_for("cases.document_view", id=subject.id), _("Документ")
    if isinstance(subject, Record):
        kind = subject.content
        place = subject.within_id if kind.within else subject.id
        return (
            name_of(subject, here().session),
            url_for(f"records.{kind.within or kind.key}", id=place),
            say(kind.titles[0]),
        )
    return name_of(subject, here().session), url_for("people.person", id=subject.id), _("Человек")
