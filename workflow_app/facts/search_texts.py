"""What is searched of each kind of subject: its texts, and the permission that reading each of them needs (ADR 26)."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, singledispatch
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.declaration import SchoolYear
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case, CaseFile, Document, Organization, Person, Record, Subject
from workflow_app.documents.kinds.registry import KINDS as DOCUMENT_KINDS
from workflow_app.documents.kinds.registry import permission_of
from workflow_app.errors import Broken
from workflow_app.facts.subjects import KINDS
from workflow_app.states.forms import asks
from workflow_app.states.vocabulary import Permission

_EPOCH: Final = date(1970, 1, 1)
_DAYS: Final = (1 << 16) - 1
_ID_BITS: Final = 31
SUBJECT_OF: Final = (1 << _ID_BITS) - 1  # of a row's number: the number of its subject


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the permission that reading it needs; ``names`` of people beside the other ``words``; ``sha256`` of a file."""

    needs: Permission
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sha256: str = ""

    @property
    def shown(self) -> str:
        """What an excerpt is taken from."""
        return " · ".join(one for one in (*self.names, *self.words) if one)


@singledispatch
def texts_of(subject: Subject, session: Session) -> tuple[Text, ...]:
    """Return what is searched of a subject; of most kinds nothing."""
    return ()


@texts_of.register
def _case(case: Case, session: Session) -> tuple[Text, ...]:
    """The card says whose work it is and what it is called; the form is the materials', the conclusion a text of its own."""
    applicant, place = _whose(case, session)
    return (
        Text(
            Permission.VIEW, (case.number or "", case.title, place), (applicant, *(one.name for one in case.co_authors))
        ),
        Text(Permission.SEE_MATERIALS, tuple(_typed(case.form, _free(case.type)))),
        Text(Permission.SEE_CONCLUSION, tuple(_typed(case.conclusion, sorted(case.conclusion)))),
    )


def _whose(case: Case, session: Session) -> tuple[str, str]:
    """Return the names of the applicant and of the organisation: one narrow statement where an act has not read them."""
    known, where = (inspect(case).dict.get(name) for name in ("applicant", "organization"))
    where = where or (known and known.organization)
    if known and known.id == case.applicant_id and (where.id if where else None) == case.organization_id:
        return known.full_name, where.name if where else ""
    named = select(Person.last_name, Person.first_name, Person.middle_name, Organization.name).where(
        Person.id == case.applicant_id
    )
    *name, place = session.execute(named.outerjoin(Organization, Organization.id == case.organization_id)).one()
    return " ".join(filter(None, name)), place or ""


@cache
def _free(type_key: str) -> tuple[str, ...]:
    """Return the fields of a case form that are written freely, without what the card says already."""
    kind = CASE_TYPES.get(type_key)
    fields = asks(kind.form).items() if kind else ()
    return tuple(name for name, how in fields if not how.choices and name not in ("title", "co_authors"))


def _typed(values: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield every text that stands in some fields, however deep; by the names of keys, of which PostgreSQL keeps no order."""
    for name in names:
        waiting = [values.get(name)]
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, str):
                yield one
            elif isinstance(one, list):
                waiting = [*one, *waiting]
            elif isinstance(one, dict):
                waiting = [*(one[key] for key in sorted(one)), *waiting]


@texts_of.register
def _file(file: CaseFile, session: Session) -> tuple[Text, ...]:
    return (
        (Text(next(iter(own_needs(file))), (file.name, file.note), sha256=file.sha256),)
        if file.state == "attached"
        else ()
    )


@texts_of.register
def _document(document: Document, session: Session) -> tuple[Text, ...]:
    kind = DOCUMENT_KINDS.get(document.document_kind)
    title = str(kind.title) if kind else document.file_name.rpartition(".")[0]
    return (Text(next(iter(own_needs(document))), (title, document.number or ""), sha256=document.sha256),)


@texts_of.register
def _person(person: Person, session: Session) -> tuple[Text, ...]:
    place = person.organization.name if person.organization else ""
    return (Text(Permission.VIEW, (place, person.email, person.login or ""), (person.full_name,)),)


@texts_of.register
def _record(record: Record, session: Session) -> tuple[Text, ...]:
    kind = record.content
    named = dict.fromkeys((kind.title, *kind.listing.search))
    words = [str(getattr(record, one) or "") for one in named if one == "number" or not kind.fields[one].refers]
    named_by = (name_of(record, session),) if kind.fields[kind.title].refers else ()
    return (Text(Permission.VIEW, (getattr(record, "number", None) or "", *words), named_by),)


def name_of(subject: Subject, session: Session) -> str:
    """Return what a record or a person is called; what is titled by another row has that one's name."""
    if not isinstance(subject, Record):
        return str(getattr(subject, "full_name", ""))
    kind = subject.content
    value, target = getattr(subject, kind.title), kind.fields[kind.title].refers.partition(":")[0]
    other = session.get(KINDS[target], value) if target and isinstance(value, int) else None
    return name_of(other, session) if other is not None else str(value or "")


def day_of(subject: Subject) -> date:
    """Return the day by which a subject stands among what was found; what has none stands last."""
    if isinstance(subject, Case):
        return (subject.submitted_at or subject.created_at).date()
    if isinstance(subject, CaseFile):
        return subject.uploaded_at.date()
    if isinstance(subject, Document):
        return subject.dated
    if isinstance(subject, Record) and (name := _day_field(subject.kind)):
        return getattr(subject, name) or _EPOCH
    return _EPOCH


@cache
def _day_field(key: str) -> str:
    kind = CONTENT_TYPES[key]
    by = kind.behavior(SchoolYear)
    return by.by if by else next((name for name in kind.fields if kind.kind_of(name) is date), "")


# What a change of a column changes: the texts that need these permissions; None: all of them, and the day.
_VIEW: Final = frozenset({Permission.VIEW})
ALL: Final = frozenset(Permission)
_CHANGES: Final[Mapping[type[Subject], Mapping[str, frozenset[Permission]]]] = {
    Case: dict.fromkeys(("number", "title", "applicant_id", "organization_id"), _VIEW) | {
        "form": frozenset({Permission.SEE_MATERIALS}), "conclusion": frozenset({Permission.SEE_CONCLUSION}), "submitted_at": ALL,
    },
    CaseFile: dict.fromkeys(("name", "note", "state", "sha256"), ALL),
    Document: dict.fromkeys(("number", "dated", "sha256"), ALL),
    Person: dict.fromkeys(("last_name", "first_name", "middle_name", "email", "login", "organization_id"), _VIEW),
}  # fmt: skip


@cache
def columns_of(model: type[Any]) -> Mapping[str, frozenset[Permission]]:
    """Return the columns of a class whose change changes what is searched; none where nothing is searched."""
    if issubclass(model, Record):
        kind = CONTENT_TYPES[model.kind]
        number = ("number",) if hasattr(model, "number") else ()
        return dict.fromkeys((kind.title, *kind.listing.search, *number, *filter(None, (_day_field(kind.key),))), ALL)
    return _CHANGES.get(model, {})


SEARCHED: Final[tuple[type[Subject], ...]] = (*_CHANGES, *RECORDS.values())
"""The classes of which something is searched."""
READ_WITH: Final[Mapping[type[Subject], tuple[ORMOption, ...]]] = {
    Case: (selectinload(Case.applicant), selectinload(Case.organization), selectinload(Case.co_authors)),
}  # fmt: skip
"""What many subjects of a class are read with."""


def needs_of(model: type[Subject]) -> Collection[Permission]:
    """Return the permissions that the texts of a class may need."""
    if model is Case:
        return (Permission.VIEW, Permission.SEE_MATERIALS, Permission.SEE_CONCLUSION)
    if model is CaseFile:
        return (Permission.SEE_MATERIALS,)
    if model is Document:
        return (
            Permission.SEE_CONCLUSION,
            Permission.SEE_REVIEWS,
            Permission.SEE_LETTERS,
            Permission.SEE_MINUTES,
        )
    return (Permission.VIEW,)


def own_needs(subject: Subject) -> Collection[Permission]:
    """Return the permissions that the texts of one subject may need; a document has one, which never changes."""
    if isinstance(subject, Document):
        return (permission_of(subject.document_kind, of_expert=subject.assignment_id is not None),)
    return needs_of(type(subject))


def number_of(subject: Subject, needs: Permission) -> int:
    """Return the number of a row, 63 bits that sort as its results do: the day (16), kind and permission (16), the subject (31)."""
    days = min(max((day_of(subject) - _EPOCH).days, 0), _DAYS)
    return ((days << 16) | _slot(subject.kind, needs)) << _ID_BITS | subject.id


def date_of(number: int) -> date | None:
    """Return the day that a row's number says; None for what has none."""
    days = number >> (_ID_BITS + 16)
    return date.fromordinal(_EPOCH.toordinal() + days) if days else None


@cache
def _slot(kind: str, needs: str) -> int:
    return zlib.crc32(f"{kind} {needs}".encode()) & 0xFFFF


_SLOTS: Final = [_slot(one.kind, needs) for one in SEARCHED for needs in needs_of(one)]
if len(set(_SLOTS)) != len(_SLOTS):
    raise Broken("two kinds have one place in the numbers of the search: give the newer one another key")


def beneath(session: Session, subject: Subject) -> Iterator[Subject]:
    """Yield the other subjects whose texts name this one: a person's cases, an organisation's cases and people, what is titled by it."""
    called = CONTENT_TYPES if isinstance(subject, (Person, Record)) else {}  # nothing else has a name (``name_of``)
    for key, kind in called.items():
        if kind.fields[kind.title].refers.partition(":")[0] == subject.kind:
            yield from session.scalars(select(RECORDS[key]).where(getattr(RECORDS[key], kind.title) == subject.id))
    if isinstance(subject, Person):
        yield from session.scalars(select(Case).where(Case.applicant_id == subject.id).options(*READ_WITH[Case]))
    elif isinstance(subject, Organization):
        yield from session.scalars(select(Case).where(Case.organization_id == subject.id).options(*READ_WITH[Case]))
        yield from session.scalars(select(Person).where(Person.organization_id == subject.id)).unique()


def case_of(subject: Subject) -> int | None:
    """Return the number of the case that a subject is or is a part of."""
    if isinstance(subject, (CaseFile, Document)):
        return subject.case_id
    return subject.id if isinstance(subject, Case) else None


def same_file(session: Session, sha256: str) -> Iterator[Subject]:
    """Yield the subjects that have a file of these bytes."""
    yield from session.scalars(select(CaseFile).where(CaseFile.sha256 == sha256))
    yield from session.scalars(select(Document).where(Document.sha256 == sha256))


__all__ = [
    "ALL", "KINDS", "READ_WITH", "SEARCHED", "SUBJECT_OF", "Text", "beneath", "case_of", "columns_of", "date_of", "day_of", "needs_of",
    "number_of", "same_file", "texts_of",
]  # fmt: skip
