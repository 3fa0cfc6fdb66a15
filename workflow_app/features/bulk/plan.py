"""What one act would do with many subjects: which of them it is offered for, which not and why.

Subjects are read in chunks, each in a constant number of statements.

Which acts there are says the workflow (``states.vocabulary.Bulk``); who may do them, the policy; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow_app import gate
from workflow_app.db.models import Assignment, Case, Person, Record, Subject
from workflow_app.errors import N_, Invalid, Sentence, WorkflowError
from workflow_app.facts import choices
from workflow_app.facts.beginnings import begins
from workflow_app.facts.subjects import KINDS, facts_of_cases, facts_of_records, workflow_of
from workflow_app.facts.unconfirmed_names import unsure
from workflow_app.gate import foreseen
from workflow_app.states import policy
from workflow_app.states.forms import Lists, Problems, Sheet, asks, check, fill
from workflow_app.states.vocabulary import Actor, Bulk, Facts, Tone, Transition

OTHER_FORM: Final = N_("Здесь у этого действия другая форма: сделайте его отдельно.")
CHUNK: Final = 200  # subjects that are read at once
ALONE: Final = N_("Формы имён не подтверждены: такое дело утверждается на своей странице.")


@dataclass(frozen=True, slots=True)
class Look:
    """A subject that the actor may see, as it stands: its facts and what the actor is offered there."""

    subject: Case | Record
    facts: Facts
    offers: Mapping[str, policy.Offer]

    @property
    def transitions(self) -> Mapping[str, Transition]:
        """All acts of its workflow."""
        return workflow_of(self.subject).transitions


@dataclass(frozen=True, slots=True)
class Act:
    """An act that some of the looked at are offered; one act with another form is another. ``ready``: for how many it is open."""

    name: str
    asks: type[Sheet]
    titles: tuple[Sentence, ...]
    sample: Transition
    bulk: Bulk
    ready: int
    offered: int

    @property
    def title(self) -> tuple[Sentence, ...]:
        """What it is called: where one kind only says more («Утвердить комплект …»), the short name serves for all."""
        short = min(self.titles, key=lambda one: len(one.msgid))
        return (short,) if all(one.msgid.startswith(short.msgid) for one in self.titles) else self.titles

    @property
    def key(self) -> str:
        """How a page names it."""
        return key_of(self.sample)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the one form: without what is each subject's own, what the server fills, and how a paper is signed."""
        own = {*self.bulk.apart, *(("how",) if self.sample.signs else ())}
        return tuple(name for name, how in asks(self.asks).items() if not how.server and name not in own)


def key_of(transition: Transition) -> str:
    """Return the name by which a page tells an act from the same one with another form."""
    return f"{transition.name}.{transition.asks.__name__}"


def look(session: Session, actor: Actor, kind: str, ids: Sequence[int]) -> list[Look]:
    """Return what the actor may see of these subjects, in the order of the numbers; what is not there is as what is hidden."""
    wanted = list(dict.fromkeys(ids))
    seen: dict[int, Look] = {}
    for start in range(0, len(wanted), CHUNK):
        seen |= {one.subject.id: one for one in _seen(session, actor, kind, wanted[start : start + CHUNK])}
    return [seen[id_] for id_ in wanted if id_ in seen]


def _seen(session: Session, actor: Actor, kind: str, ids: Sequence[int]) -> Iterator[Look]:
    """Yield what the actor may see of so many as are read at once, in a constant number of statements."""
    model: Any = KINDS[kind]
    found = select(model).where(model.id.in_(ids))
    if model is Case:
        found = found.options(
            joinedload(Case.applicant), selectinload(Case.co_authors), selectinload(Case.panel), selectinload(Case.files),
            selectinload(Case.assignments).joinedload(Assignment.expert).selectinload(Person.memberships),
        )  # fmt: skip
    rows = session.scalars(found).unique().all()
    known = facts_of_cases(session, rows) if model is Case else facts_of_records(session, rows)
    for one in rows:
        if gate.visible(session, actor, one, known[one.id]):
            yield Look(one, known[one.id], policy.offers(workflow_of(one), actor, known[one.id]))


def acts(looked: Sequence[Look]) -> list[Act]:
    """Return what can be done with several of these at once: the next step first, then what is open for most of them.

    What is open for none is told of only where nothing else is offered.
    """
    offers: dict[str, list[policy.Offer]] = {}
    for one in looked:
        for offer in one.offers.values():
            if offer.transition.bulk is not None:
                offers.setdefault(key_of(offer.transition), []).append(offer)
    found = [_act(many) for many in offers.values()]
    found = [one for one in found if one.ready] or found
    return sorted(found, key=lambda one: (one.sample.tone is not Tone.PRIMARY, -one.ready))


def evident(found: Sequence[Act], total: int) -> Act | None:
    """Return the act that need not be chosen: the only one, or the only next step that is open for all of ``total``."""
    if len(found) == 1:
        return found[0]
    steps = [one for one in found if one.sample.tone is Tone.PRIMARY and one.ready == total]
    return steps[0] if len(steps) == 1 else None


def alone(transition: Transition) -> Act:
    """Return an act that is declared to be done with many, whoever may do it."""
    return Act(transition.name, transition.asks, (transition.title,), transition, transition.bulk or Bulk(), 0, 0)


def _act(offers: Sequence[policy.Offer]) -> Act:
    sample = offers[0].transition
    titles = tuple(dict.fromkeys(one.transition.title for one in offers))
    ready = sum(one.open for one in offers)
    return Act(sample.name, sample.asks, titles, sample, sample.bulk or Bulk(), ready, len(offers))


@dataclass(frozen=True, slots=True)
class Row:
    """What would become of one subject: done, or not, with the reasons."""

    look: Look
    why: tuple[Sentence, ...] = ()

    @property
    def goes(self) -> bool:
        """Whether nothing stands in the way as far as is known before the act."""
        return not self.why


def rows(session: Session, actor: Actor, looked: Sequence[Look], act: Act) -> list[Row]:
    """Return the rows of a preview, in the order of the looked at."""
    first = [Row(one, _against(actor, one, act)) for one in looked]
    barred = bars(session, act.name, [one.look.subject for one in first if one.goes])
    second = [Row(one.look, barred.get(one.look.subject.id, one.why)) if one.goes else one for one in first]
    refused = _refused(session, actor, [one for one in second if one.goes], act)
    return [Row(one.look, refused.get(one.look.subject.id, one.why)) if one.goes else one for one in second]


def _refused(session: Session, actor: Actor, going: Sequence[Row], act: Act) -> dict[int, tuple[Sentence, ...]]:
    """Return what the act would be refused for whatever is typed into its form, by id."""
    if not foreseen.declared(act.asks):
        return {}
    sheets = {one.look.subject: raw(session, actor, one.look.subject, act, {}, whole=False) for one in going}
    told = _foreseen(session, actor, act, {one: (values, {}) for one, values in sheets.items()})
    found = {
        id_: tuple(one for path, many in problems.items() if path.partition(".")[0] not in act.fields for one in many)
        for id_, problems in told.items()
    }
    return {id_: why for id_, why in found.items() if why}


def _foreseen(
    session: Session, actor: Actor, act: Act, sheets: Mapping[Subject, tuple[Mapping[str, Any], Lists]]
) -> dict[int, Problems]:
    """Return what is foreseen against the act with each of these subjects as its sheet stands, by id; alike sheets are asked at once.

    A sheet that is not right yet is not asked: what is missing in it is told by its form.
    """
    groups: dict[Sheet, list[Subject]] = {}
    for subject, (values, lists) in sheets.items():
        with suppress(Invalid):
            groups.setdefault(fill(act.asks, values, lists), []).append(subject)
    found: dict[int, Problems] = {}
    for sheet, subjects in groups.items():
        for start in range(0, len(subjects), CHUNK):
            found |= foreseen.refusals(sheet, session, actor, subjects[start : start + CHUNK])
    return found


def _against(actor: Actor, one: Look, act: Act) -> tuple[Sentence, ...]:
    transition, offer = one.transitions.get(act.name), one.offers.get(act.name)
    if transition is not None and offer is not None:
        return (OTHER_FORM,) if transition.asks is not act.asks else offer.obstacles
    if transition is None:
        return (N_("В этом виде экспертизы такого действия нет."),)
    try:
        policy.permit(workflow_of(one.subject), actor, one.facts, act.name)
    except WorkflowError as error:
        return (error.sentence,)
    return ()


def bars(session: Session, name: str, subjects: Sequence[Subject]) -> Mapping[int, tuple[Sentence, ...]]:
    """Return what keeps subjects from an act with many that may well be done with each alone, by id."""
    ask = _BARS.get((subjects[0].kind, name)) if subjects else None
    return ask(session, subjects) if ask else {}


def _unsure_names(session: Session, cases: Sequence[Any]) -> Mapping[int, tuple[Sentence, ...]]:
    return dict.fromkeys(unsure(session, cases), (ALONE,))


_BARS: Final[Mapping[tuple[str, str], Callable[[Session, Sequence[Any]], Mapping[int, tuple[Sentence, ...]]]]] = {
    ("case", "approve"): _unsure_names,
}


def lists_of(session: Session, subject: Subject) -> Lists:
    """Return the lists that a sheet of the subject may name."""
    return choices.of_case(session, subject) if isinstance(subject, Case) else {}


def raw(
    session: Session, actor: Actor, subject: Subject, act: Act, typed: Mapping[str, Any], *, whole: bool
) -> dict[str, Any]:
    """Return what a subject's sheet is filled with: what was typed for all, and its own where nothing was.

    ``whole``: with the fields apart, which are reckoned when the act is done, for the acts before it change them.
    """
    only = None if whole else act.fields
    said = {name: one for name, one in typed.items() if name in act.fields and one not in (None, "", [])}
    signed = {"how": "simple"} if act.sample.signs else {}
    return {**begins(session, actor, subject, act.name, only=only), **said, **signed}


def faults(
    session: Session, actor: Actor, going: Sequence[Row], act: Act, typed: Mapping[str, Any]
) -> dict[int, Problems]:
    """Return what is wrong with the sheet of each that goes, by id; the fields apart are nobody's fault."""
    sheets: dict[Subject, tuple[Mapping[str, Any], Lists]] = {}
    found: dict[int, Problems] = {}
    for one in going:
        subject = one.look.subject
        sheets[subject] = raw(session, actor, subject, act, typed, whole=False), lists_of(session, subject)
        found[subject.id] = check(act.asks, *sheets[subject])
    if foreseen.declared(act.asks):
        found |= _foreseen(session, actor, act, {one: how for one, how in sheets.items() if not found[one.id]})
    mine = {
        id_: {path: many for path, many in told.items() if path.partition(".")[0] not in act.bulk.apart}
        for id_, told in found.items()
    }
    return {id_: told for id_, told in mine.items() if told}


def suggested(
    session: Session, actor: Actor, going: Sequence[Row], act: Act
) -> tuple[dict[str, Any], dict[str, dict[int, Any]]]:
    """Return what the one form begins with where all agree, and by field what each subject has of its own where they do not."""
    own = {one.look.subject.id: begins(session, actor, one.look.subject, act.name, only=act.fields) for one in going}
    shared: dict[str, Any] = {}
    differ: dict[str, dict[int, Any]] = {}
    for name in dict.fromkeys(name for one in own.values() for name in one):
        values = {id_: one.get(name) for id_, one in own.items()}
        first = next(iter(values.values()))
        if all(one == first for one in values.values()):
            shared[name] = first
        elif all(one not in (None, "") for one in values.values()):
            differ[name] = values
    return shared, differ
