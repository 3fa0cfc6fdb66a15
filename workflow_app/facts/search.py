"""Who finds what: the rows of the search as their reader may see them, the newest first, and the words of every list (ADR 26).

What may be found is asked of the very standings that lists use (``facts.standings``), row by row; nothing is counted, sorted or
shown that they do not let through. Who reads by office walks the index of the words; who reads what is their own, the texts of that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session, defer

from workflow_app.content_types.behaviors import Files
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import counts, search_index
from workflow_app.db.lookups import Walked
from workflow_app.db.models import (
    RECORDS,
    Case,
    CaseFile,
    Document,
    Membership,
    Municipality,
    Person,
    SearchRow,
    Standing,
    Subject,
)
from workflow_app.facts import keeping, registers
from workflow_app.facts.search_texts import SUBJECT_OF, needs_of
from workflow_app.facts.standings import by_office, visible, visible_part
from workflow_app.facts.subjects import KINDS, PARTS
from workflow_app.states.standings import STAFF
from workflow_app.states.vocabulary import Actor, Permission, Role
from workflow_app.stemming import Term, question

EXPERT: Final = "expert"  # people with that role, among the kinds that one may ask for
LOT: Final = 100  # rows that are looked at together
_FEW: Final = 4  # texts that the index tells apart; of more the rows are asked, most of which are wanted
_LOOKED_UP: Final = (
    20_000  # subjects with the words: so many numbers are gathered in the time in which a thousand texts are read
)
_LOTS: Final = 60  # for one page: who may read none of so many is told of none
_INDEX: Final = table(search_index.NAME, column("rowid"))
_MATCHES: Final[ColumnElement[Any]] = literal_column(search_index.NAME)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


# ---------------------------------------------------------------------------------------------------- the words of a list


def among(session: Session, words: str, of: type[Subject]) -> ColumnElement[bool]:
    """Return the condition on subjects of a class that their own text, which whoever lists them may read, has all the words.

    They are looked up by the index; where very many have them, a list that walks in its own order looks at the text of each row.
    """
    terms = question(words)
    if not terms:
        return false()
    found = _subjects(session, terms, of)
    if counts.count(session, found, most=_LOOKED_UP) <= _LOOKED_UP:
        return of.id.in_(select(found.cte().c.subject_id))  # asked once, however many branches a list has
    here = (SearchRow.subject_kind == of.kind, SearchRow.subject_id == of.id, *_own_text(of))
    return exists(select(literal(1)).where(*here, *_holds(session, terms)).correlate(of))


def _own_text(of: type[Subject]) -> tuple[ColumnElement[bool], ...]:
    """Return the condition on a row that it is the text of a subject itself: a case has others, which need more."""
    return (SearchRow.needs == Permission.VIEW.value,) if of is Case else ()


def _subjects(session: Session, terms: Sequence[Term], of: type[Subject]) -> Select[Any]:
    """Return the numbers of the subjects of a class whose own text has the words, by the index."""
    if not _is_sqlite(session):
        here = (SearchRow.subject_kind == of.kind, *_own_text(of))
        return select(SearchRow.subject_id).where(*here, _vector_matches(terms))
    texts = [(of.kind, needs.value) for needs in needs_of(of) if of is not Case or needs is Permission.VIEW]
    number = _INDEX.c.rowid.op("&")(SUBJECT_OF)
    return select(number.label("subject_id")).where(_MATCHES.op("MATCH")(search_index.fts5(terms, texts)))


def _vector_matches(terms: Sequence[Term]) -> ColumnElement[bool]:
    vector = cast(func.array_to_tsvector(func.string_to_array(SearchRow.tokens, literal_column("' '"))), TSVECTOR)
    return vector.op("@@")(cast(literal(search_index.tsquery(terms)), TSQUERY))


def _holds(session: Session, terms: Sequence[Term]) -> list[ColumnElement[bool]]:
    """Return the conditions on a row that its tokens answer the terms, looked at without an index."""
    place = func.instr if _is_sqlite(session) else func.strpos
    there: Any = literal_column("' '") + SearchRow.tokens + literal_column("' '")
    return [
        or_(*(place(there, f" {token}{'' if begins else ' '}") > 0 for token, begins in one.alternatives()))
        for one in terms
    ]


# ------------------------------------------------------------------------------------------------- the page of the search


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, the newest first; whether something stands before and behind it.

    ``total``: how much there is in all, None when that is more than was looked at.
    """

    rows: Sequence[SearchRow] = ()
    earlier: bool = False
    later: bool = False
    total: int | None = 0


def page(
    session: Session, actor: Actor, words: str, kinds: Collection[str], limit: int, *, after: int | None = None, before: int | None = None
) -> Found:  # fmt: skip
    """Return what the actor finds of some kinds (of subjects, or EXPERT): behind the number ``after``, or the last before ``before``.

    Lots of candidates come from the words alone; of each lot the lists are asked which of them the actor may read.
    """
    found = _ways(session, actor, question(words), kinds)
    back, place = before is not None, before if before is not None else after
    rows: list[Candidate] = []
    whole = not found
    for _ in range(_LOTS):
        if whole or len(rows) > limit:
            break
        lot = _candidates(session, found, place, back=back)
        whole, place = len(lot) < LOT, lot[-1].id if lot else None
        rows += _allowed(session, actor, lot, kinds)
    shown = rows[:limit]
    known = session.scalars(
        select(SearchRow).where(SearchRow.id.in_([one.id for one in shown])).options(defer(SearchRow.tokens))
    )
    total = len(rows) if whole else None
    ends = (len(rows) > limit, True) if back else (after is not None, len(rows) > limit)
    return Found(sorted(known, key=lambda one: -one.id), *ends, total)


Candidate = Row[tuple[int, str, int, str, int | None]]
_SHOWN: Final = (SearchRow.id, SearchRow.subject_kind, SearchRow.subject_id, SearchRow.needs, SearchRow.case_id)


@dataclass(frozen=True, slots=True)
class _Way:
    """Rows that have the words, as a statement, and the column by which they are walked in order without sorting."""

    rows: Any
    number: Any


def _candidates(session: Session, ways: Sequence[_Way], place: int | None, *, back: bool) -> Sequence[Candidate]:
    parts: list[Select[Any]] = []
    for way in ways:
        found = way.rows
        if place is not None:
            found = found.where(way.number > place if back else way.number < place)
        parts.append(select(found.order_by(way.number.asc() if back else way.number.desc()).limit(LOT).subquery()))
    merged = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    order = merged.c.id.asc() if back else merged.c.id.desc()
    return session.execute(select(merged).order_by(order).limit(LOT)).all()


def _ways(session: Session, actor: Actor, terms: Sequence[Term], kinds: Collection[str]) -> list[_Way]:
    """Return disjoint ways to all that the actor may find: the index for what is open to their office here, else what is their own."""
    if not terms or not kinds:
        return []
    wanted = [(one, needs) for one in sorted({_kind_of(one) for one in kinds}) for needs in needs_of(KINDS[one])]
    indexed = [one for one in wanted if _is_of_office(actor, one[0])]
    found = [_by_index(session, terms, actor, indexed)] if indexed else []
    rest = [one for one in wanted if one not in indexed]
    apart, holds = SearchRow.municipality_id != actor.municipality_id, _holds(session, terms)
    if session.scalar(
        select(exists().where(Municipality.id != actor.municipality_id))
    ):  # what is the actor's own elsewhere
        rest, own = wanted, [_is_one_of(wanted), or_(apart, not_(_is_one_of(indexed))), *holds]
    else:
        own = [_is_one_of(rest), *holds]
    if any(_is_of_case(kind) for kind, _ in rest):
        found.append(_looked_at(SearchRow.case_id.in_(_own_cases(actor)), *own))
    if any(kind != Case.kind for kind, _ in rest):
        mine = tuple_(SearchRow.subject_kind, SearchRow.subject_id).in_(_own_others(actor))
        found.append(_looked_at(mine, Walked(SearchRow.case_id).is_(None), *own))
    return found


def _is_of_case(kind: str) -> bool:
    """Whether subjects of a kind are cases or parts of one; files and documents may also be parts of a record."""
    return kind in (Case.kind, *(one.kind for one in PARTS))


def _is_of_office(actor: Actor, kind: str) -> bool:
    """Whether a role of the actor may open subjects of a kind, whoever stands there by name."""
    if _is_of_case(kind):
        return actor.deputy_for is not None or not actor.roles.isdisjoint(STAFF.values())
    return by_office(actor, Permission.VIEW, KINDS[kind])


def _is_one_of(texts: Collection[tuple[str, Permission]]) -> ColumnElement[bool]:
    """Return the condition on a row that it is one of these texts; whatever finds the rows finds fewer than an index of kinds."""
    return (SearchRow.subject_kind + literal_column("'_'") + SearchRow.needs).in_(
        [f"{kind}_{needs.value}" for kind, needs in texts]
    )


def _by_index(session: Session, terms: Sequence[Term], actor: Actor, texts: Collection[tuple[str, Permission]]) -> _Way:
    """Return what the index finds in the actor's municipality, walked in the order of its numbers."""
    if not _is_sqlite(session):
        here = SearchRow.municipality_id == actor.municipality_id
        return _Way(select(*_SHOWN).where(here, _is_one_of(texts), _vector_matches(terms)), SearchRow.id)
    few = len(texts) <= _FEW
    asked = search_index.fts5(terms, [(kind, needs.value) for kind, needs in texts if few], actor.municipality_id)
    # the index is asked first, and its rows come in its order: it is not to be asked of each row whether that is among them
    rows = select(*_SHOWN).join_from(_INDEX, SearchRow.__table__, SearchRow.id == Walked(_INDEX.c.rowid))
    rows = rows.where(_MATCHES.op("MATCH")(asked), *(() if few else (_is_one_of(texts),)))
    return _Way(rows, _INDEX.c.rowid)


def _looked_at(*conditions: ColumnElement[bool]) -> _Way:
    """Return few rows, each looked at: SQLite is not to walk all numbers for their order."""
    return _Way(select(*_SHOWN).where(*conditions), Walked(SearchRow.id))


def _own_cases(actor: Actor) -> Select[Any]:
    """Return the numbers of the cases that may be the actor's business: where they stand by name, or their school does."""
    stands = select(Standing.subject_id).where(Standing.person_id == actor.person_id)
    own = stands.where(Standing.subject_kind == Case.kind)
    of_parts = [select(one.case_id).where(one.id.in_(stands.where(Standing.subject_kind == one.kind))) for one in PARTS]
    school = [select(Case.id).where(Case.organization_id == actor.organization_id)]
    of_school = school if Role.SCHOOL_OFFICER in actor.roles and actor.organization_id is not None else []
    return select(union(own, *of_parts, *of_school).subquery())


def _own_others(actor: Actor) -> Select[Any]:
    """Return the kinds and numbers of what belongs to no case and may be the actor's, by name or their school's, with what is in it."""
    named: Any = select(Standing.subject_kind.label("kind"), Standing.subject_id.label("id"))
    whole = union(named.where(Standing.person_id == actor.person_id), *_of_school(actor)).subquery()
    parts = [
        select(literal(kind.key), RECORDS[kind.key].id)
        .join(whole, and_(whole.c.id == RECORDS[kind.key].within_id, whole.c.kind == kind.within))
        for kind in CONTENT_TYPES.values()
        if kind.within
    ]  # fmt: skip
    records = union(select(whole.c.kind, whole.c.id), *parts).subquery()
    held = [
        select(literal(one.kind), one.id).join(
            records, and_(records.c.kind == one.record_kind, records.c.id == one.record_id)
        )
        for one in (CaseFile, Document)
    ]
    return select(union(select(records.c.kind, records.c.id), *held).subquery())


def _of_school(actor: Actor) -> list[Select[Any]]:
    """Return the records in which the organisation of its officer stands, and those of which such a record is a part."""
    if Role.SCHOOL_OFFICER not in actor.roles or actor.organization_id is None:
        return []
    found: list[Select[Any]] = []
    for key, kind in CONTENT_TYPES.items():
        if kind.school:
            model: Any = RECORDS[key]
            here = getattr(model, kind.school) == actor.organization_id
            found.append(select(literal(key), model.id).where(here))
            if kind.within:
                found.append(select(literal(kind.within), model.within_id).where(here))
    return found


# ------------------------------------------------------------------------------------------------------------- who may


def _kind_of(kind: str) -> str:
    return Person.kind if kind == EXPERT else kind


def _allowed(session: Session, actor: Actor, lot: Sequence[Candidate], kinds: Collection[str]) -> list[Candidate]:
    """Return those of a lot that the actor may read: one statement for each kind and permission among them."""
    asked: dict[tuple[str, str], set[int]] = {}
    for one in lot:
        asked.setdefault((one.subject_kind, one.needs if one.subject_kind == Case.kind else ""), set()).add(
            one.subject_id
        )
    card = Permission.VIEW.value
    if any(
        kind == Case.kind for kind, _ in asked
    ):  # whoever reads the form or the conclusion of a case sees its card, too
        asked[Case.kind, card] = {one.subject_id for one in lot if one.subject_kind == Case.kind}
    may = {key: _readable(session, actor, *key, ids, kinds) for key, ids in asked.items()}
    return [
        one
        for one in lot
        if (
            one.subject_id in may[Case.kind, card] & may[Case.kind, one.needs]
            if one.subject_kind == Case.kind
            else one.subject_id in may[one.subject_kind, ""]
        )
    ]


def _readable(
    session: Session, actor: Actor, kind: str, needs: str, ids: Collection[int], kinds: Collection[str]
) -> frozenset[int]:
    """Return the subjects of a kind, out of ``ids``, that the actor may read."""
    may_read, whose = _may_read(actor, kind, needs, Person.kind not in kinds)
    return frozenset(session.scalars(may_read, {"ids": [*ids]} | whose))


@keeping.asked_any_day
def _may_read(actor: Actor, kind: str, needs: str, experts: bool) -> Any:  # noqa: FBT001 - a key of what is kept
    """Return the statement of those of ``ids`` that the actor may read; ``experts``: of people those alone. No row is in it."""
    model = KINDS[kind]
    found = select(model.id).where(model.id.in_(bindparam("ids", expanding=True)))
    if model is Document:
        return found.outerjoin(Case, Case.id == Document.case_id).where(registers.opens(actor))
    if model is CaseFile:
        of_case = and_(CaseFile.case_id.is_not(None), visible_part(actor, Permission.SEE_MATERIALS, CaseFile))
        return found.outerjoin(Case, Case.id == CaseFile.case_id).where(or_(of_case, *_of_records(actor)))
    found = found.where(visible(actor, Permission(needs or Permission.VIEW), model).condition)
    if model is Person and experts:
        role = (Membership.municipality_id == actor.municipality_id, Membership.role == EXPERT)
        found = found.where(exists(select(literal(1)).where(Membership.person_id == Person.id, *role)))
    return found


def _of_records(actor: Actor) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a file belongs to a record of each kind whose files the actor may read."""
    for key, model in RECORDS.items():
        if CONTENT_TYPES[key].behavior(Files):
            seen = visible(actor, Permission.SEE_MATERIALS, model).column(model.id)
            yield and_(CaseFile.record_kind == key, CaseFile.record_id.in_(seen))
