"""What a content type is made of: titles, a schema, behaviours, a workflow, a list (ADR 25).

A kind of record is one declaration. Its table, its pages, its exports, its history, its standings and its checks follow
from it; nothing about a kind stands anywhere else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from workflow_app.content_types import awaited
from workflow_app.content_types.answers import Answers
from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.behaviors import Behavior, Issues, issue_name
from workflow_app.content_types.reminding import reminding
from workflow_app.errors import N_, Sentence
from workflow_app.states import standings
from workflow_app.states.forms import Ask, Moves, Sheet, ask, asks, hints
from workflow_app.states.forms.declare import unwrap
from workflow_app.states.vocabulary import (
    Bulk,
    Condition,
    Facts,
    Guard,
    Permission,
    State,
    Target,
    Tone,
    Transition,
    Trigger,
    Who,
    Workflow,
    workflow,
)  # fmt: skip

SCHOOL: Final = "school_officer"
_OVER, _AWAY = N_("Срок истёк"), N_("В архиве")
_SERVES = Condition(
    "the whole serves", lambda facts: facts.root is None or facts.root.state != "ended",
    N_("Запись в архиве: сначала верните её."), N_("запись не в архиве"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OfRecord(Sheet):
    """Base of the sheets of records: what is asked is what the columns hold."""


@dataclass(frozen=True, kw_only=True)
class EndRecord(Moves):
    """A record that serves no more; why."""

    reason: str = ask(N_("Причина"), least=3, most=500, long=True)


@dataclass(frozen=True, kw_only=True)
class RestoreRecord(OfRecord):
    """A record serves again: what is unique in it must not have come to stand in another meanwhile."""


@dataclass(frozen=True, slots=True)
class Numbered(Behavior):
    """A record gets a number of the register ``letter`` when it is begun: «П-2026-7», without gaps (R34)."""

    letter: str


@dataclass(frozen=True, slots=True)
class SchoolYear(Behavior):
    """The list is filtered by the school year in which the date ``by`` lies."""

    by: str

    def faults(self, kind: ContentType) -> tuple[str, ...]:
        """Its day has to be one."""
        return _no_date(kind, self, self.by)


@dataclass(frozen=True, slots=True)
class Valid(Behavior):
    """A record lapses by itself after the day ``until``, and is renewed by naming another day."""

    until: str

    def faults(self, kind: ContentType) -> tuple[str, ...]:
        """Its day has to be one."""
        return _no_date(kind, self, self.until)


def _no_date(kind: ContentType, behavior: Behavior, day: str) -> tuple[str, ...]:
    wrong = day not in kind.fields or kind.kind_of(day) is not date
    return (f"{type(behavior).__name__} needs a date, and {day!r} is none",) if wrong else ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: its columns (the first links to the card), the filters, the fields that are searched, the order («-on»).

    «id» is the order in which the records were begun.
    """

    columns: tuple[str, ...]
    filters: tuple[str, ...] = ("state",)
    search: tuple[str, ...] = ()
    sort: str = "title"


@dataclass(frozen=True, slots=True)
class Oneself:
    """Whoever is named in ``person`` begins such a part for themselves: the words on the button and above their own row.

    The fields take what the account knows of the person. ``verb`` is told of the whole as it is now.
    """

    verb: Callable[[Facts], Sentence]
    mine: Sentence
    person: str = "person_id"
    name: str = "name"
    organization: str = "organization_id"
    position: str = "position"


@dataclass(frozen=True, kw_only=True)
class ContentType:
    """A kind of record. ``titles``: one, many, a new one; ``title``: the field that names a record.

    ``within``: the kind of which it is a part: its records stand on that one's card, share its chain and its lock, and have
    grants of their own. ``summary`` says in a line what matters of a record (its card, below the title), to all who see it or to
    ``summary_for``. ``about`` says in an empty list what the kind is for. ``group`` names the group of the menu, ``aside``: behind
    its «Ещё». ``awaits`` and ``letters``: what waits for whom, and whom letters tell (``awaited``); ``reminds``: who presses
    «Напомнить» besides the offices that keep the record (``reminding``). ``presses``: acts that ask
    nothing and are done by one press on the card. ``oneself``: how whoever may begin such a part for themselves does it with one
    press. ``many``: the field whose values are ticked to begin a part for each. ``answers``: the part answers what its whole asks.
    ``panels``: what features show on its card, by the names under which they have registered it (``web.panels``).
    ``pages``: the page of a feature on which an act is done, by its endpoint. ``front``: the page that stands in the menu instead
    of its list. ``room``: that on which the work of a record is done as a whole, its endpoint and the words of its button on the card.
    ``earlier``: acts that older events know by another name, and what they are called now.
    """

    key: str
    titles: tuple[Sentence, Sentence, Sentence]
    about: Sentence
    sheet: type[OfRecord]
    title: str
    workflow: Workflow
    listing: Listing
    behaviors: tuple[Behavior, ...] = ()
    within: str = ""
    group: str = "centre"
    icon: str = "folder"
    aside: bool = False
    front: str = ""
    summary: Callable[[Facts], tuple[Sentence, ...]] | None = None
    summary_for: frozenset[Who] = frozenset()
    presses: frozenset[str] = frozenset()
    oneself: Oneself | None = None
    answers: Answers | None = None
    many: str = ""
    panels: tuple[str, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    room: tuple[str, Sentence] | None = None
    earlier: Mapping[str, str] = field(default_factory=dict)
    awaits: tuple[Awaits, ...] = ()
    letters: tuple[Letter, ...] = ()
    reminds: frozenset[Who] = frozenset()

    @property
    def path(self) -> str:
        """Where its pages stand: «/records/local-act»."""
        return f"/records/{self.key.replace('_', '-')}"

    def __post_init__(self) -> None:
        if self.within:
            begin = self.workflow.begin
            begin = dataclasses.replace(begin, when=(*begin.when, _SERVES))
            object.__setattr__(self, "workflow", dataclasses.replace(self.workflow, begin=begin))
        for one in self.behaviors:
            object.__setattr__(self, "workflow", one.weave(self.workflow))

    def let_remind(self, parts: Collection[ContentType]) -> None:
        """Add the act «Напомнить» where the kind or its parts wait for somebody: the registry knows the parts."""
        if act := reminding(self, parts):
            found = {**self.workflow.transitions, act.name: act}
            object.__setattr__(self, "workflow", dataclasses.replace(self.workflow, transitions=found))

    @cached_property
    def fields(self) -> Mapping[str, Ask]:
        """The asked fields in their order."""
        return asks(self.sheet)

    @cached_property
    def typed(self) -> Mapping[str, Ask]:
        """The fields that people type in forms and tables."""
        return {name: how for name, how in self.fields.items() if not how.server}

    @cached_property
    def usual(self) -> Mapping[str, Any]:
        """What stands in the form of a new record: the defaults of the sheet that say something."""
        return {one.name: one.default for one in dataclasses.fields(self.sheet) if one.name in self.typed
                and one.default not in (dataclasses.MISSING, None, "", ())}  # fmt: skip

    def kind_of(self, name: str) -> type:
        """Return what a field holds: str, int, bool, date, Decimal, or tuple for many."""
        base, _optional = unwrap(hints(self.sheet)[name])
        return base if isinstance(base, type) else tuple

    def is_optional(self, name: str) -> bool:
        """Whether a field may hold nothing at all."""
        return unwrap(hints(self.sheet)[name])[1]

    def behavior(self, kind: type[Any]) -> Any:
        """Return the behaviour of a class, or None."""
        return next((one for one in self.behaviors if isinstance(one, kind)), None)

    @cached_property
    def seen(self) -> frozenset[Who]:
        """Who sees a record in one of its states."""
        return frozenset[Who]().union(*(one.grants.get(Permission.VIEW, ()) for one in self.workflow.states.values()))

    @cached_property
    def stands(self) -> Mapping[str, Who]:
        """By field, what the people named in it are towards the record (declared by ``standings.by_name``)."""
        return {name: Who(how.stands) for name, how in self.fields.items() if how.stands and how.stands != SCHOOL}

    @cached_property
    def school(self) -> str:
        """The field with the organisation whose officer stands as such; empty: none does."""
        return next((name for name, how in self.fields.items() if how.stands == SCHOOL), "")

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """What the list is sorted by: the title, the number, dates and whole numbers of its columns. Each has an index."""
        named = (name for name in self.listing.columns if name in self.fields and not self.fields[name].refers)
        plain = (name for name in named if name != self.title and self.kind_of(name) in (date, int))
        title = () if self.fields[self.title].refers else ("title",)
        return (*title, *(("number",) if self.behavior(Numbered) else ()), *plain, "id")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the declaration, each in words: the program does not start with any."""
        found = [f"the title is the unknown field {self.title!r}"] if self.title not in self.fields else []
        own = {"number", "state", "school_year", "within"} | set(self.fields)
        named = {*self.listing.columns, *self.listing.filters, *self.listing.search}
        found += [f"the list names the unknown field {name!r}" for name in sorted(named - own)]
        if self.listing.sort.removeprefix("-") not in self.sorts:
            found.append(f"the list is sorted by {self.listing.sort!r}, which has no index")
        for one in self.behaviors:
            found += one.faults(self)
        found += [
            f"{name!r} is a text that is unique, and only the title keeps a key for that"
            for name, how in self.fields.items()
            if how.unique and self.kind_of(name) is str and name != self.title
        ]
        known = self.workflow.transitions
        found += [f"an earlier act is now the unknown {one!r}" for one in self.earlier.values() if one not in known]
        found += [f"the unknown act {one!r} has a page" for one in self.pages if one not in known]
        stands = {how.stands for how in self.fields.values() if how.stands} - {SCHOOL}
        found += [f"nobody has declared the standing {one!r}" for one in sorted(stands) if one not in set(Who)]
        found += [f"{one!r} is no act that asks nothing" for one in sorted(self.presses) if not self._asks_nothing(one)]
        found += [
            f"a record has {name!r} itself" for name in ("id", "state", "version", "number") if name in self.fields
        ]
        if self.oneself:  # else whoever may begin one for themselves would do that, too
            found += [
                f"{type(one).__name__} does not say who"
                for one in self.behaviors
                if getattr(one, "by", True) == frozenset()
            ]
        if self.many and self.many not in self.fields:
            found.append(f"many are begun by the unknown field {self.many!r}")
        return (*found, *awaited.faults(self))

    def _asks_nothing(self, name: str) -> bool:
        act = self.workflow.transitions.get(name)
        return act is not None and not asks(act.asks)


def edit_of(sheet: type[OfRecord]) -> type[OfRecord]:
    """Return the sheet of a correction: the same questions under a name of its own, which stands in events for ever."""
    told = {"__doc__": f"A correction of {sheet.__name__}.", "__module__": sheet.__module__}
    return dataclass(frozen=True, kw_only=True)(type(f"Edit{sheet.__name__}", (sheet,), told))


def many_of(kind: ContentType) -> type[Sheet]:
    """Return the sheet that begins a part for each of the ticked: what a part asks, with many values in the field ``many``."""
    fields: list[Any] = [
        (kind.many, tuple[int, ...], ask(kind.fields[kind.many].label, choices="many", widget="checks"))
    ]
    shown = {one.name: one for one in dataclasses.fields(kind.sheet)}
    for name in (one for one in kind.typed if one != kind.many):
        again = dataclasses.field(default=shown[name].default, metadata=shown[name].metadata)
        fields.append((name, hints(kind.sheet)[name], again))
    return dataclasses.make_dataclass(
        f"Many{kind.sheet.__name__}", fields, bases=(Sheet,), frozen=True, kw_only=True,
        namespace={"__doc__": f"Many of {kind.sheet.__name__} at once.", "__module__": kind.sheet.__module__},
    )  # fmt: skip


def renew_of(sheet: type[OfRecord], until: str) -> type[OfRecord]:
    """Return the sheet that asks another last day alone."""
    how, hint = asks(sheet)[until], hints(sheet)[until]
    return dataclasses.make_dataclass(
        f"Renew{sheet.__name__}", [(until, hint, ask(how.label))], bases=(OfRecord,), frozen=True, kw_only=True,
        namespace={"__doc__": f"Another last day of {sheet.__name__}.", "__module__": sheet.__module__},
    )  # fmt: skip


def record_workflow(  # noqa: PLR0913 - the parts of a workflow, each by name
    key: str,
    title: Sentence,
    sheet: type[OfRecord],
    *,
    sees: frozenset[Who],
    keeps: frozenset[Who],
    until: str = "",
    first: str = "active",
    begin: Guard | None = None,
    public: frozenset[Who] = frozenset(),
    serves: Sentence = N_("Действует"),  # noqa: B008 - a frozen sentence
    away: Sentence = _AWAY,
    tone: str = "good",
    states: tuple[State, ...] = (),
    transitions: tuple[Transition, ...] = (),
) -> Workflow:
    """Return the ordinary workflow of a record: it serves, lapses after ``until`` if it has such a day, is put away, comes back.

    ``sees`` look, ``keeps`` begin and correct; the history is for those of them who see by their office.
    Own states and transitions come on top; ``first``: the state in which a record begins, when it is one of them; ``serves`` and
    ``away``: how the states «active» and «ended» are called; ``public`` look while it serves; ``begin``: who begins one, when
    these are not those who keep it.
    """
    seen = sees | keeps
    grants = {Permission.VIEW: seen, Permission.EDIT: keeps, Permission.SEE_HISTORY: seen & frozenset(standings.STAFF)}
    living = ("active", *(("lapsed",) if until else ()), *(one.name for one in states if not one.final))
    correct, put_away, bring_back = _office(sheet, living, first, keeps)
    return workflow(
        name=key, title=title, initial=first, begin=begin or Guard(keeps),
        transitions=(correct, *(_validity(sheet, until, keeps) if until else ()), *transitions, put_away, bring_back),
        states=(
            State("active", serves, serves, grants | {Permission.VIEW: seen | public}, tone=tone),
            *((State("lapsed", _OVER, _OVER, grants, tone="attention"),) if until else ()),
            *(dataclasses.replace(one, grants=grants | dict(one.grants)) for one in states),
            State("ended", away, away, grants, tone="done"),
        ),
    )  # fmt: skip


def _office(
    sheet: type[OfRecord], living: tuple[str, ...], first: str, keeps: frozenset[Who]
) -> tuple[Transition, ...]:
    """Return how whoever keeps a record corrects it, puts it away, brings it back."""
    return (
        Transition("edit", N_("Исправить"), living, Guard(keeps), asks=edit_of(sheet), past=N_("Запись исправлена")),
        Transition("end", N_("Убрать в архив"), living, Guard(keeps), (Target("ended"),), asks=EndRecord,
                   past=N_("Запись убрана в архив"), bulk=Bulk()),
        Transition("restore", N_("Вернуть из архива"), ("ended",), Guard(keeps), (Target(first),), asks=RestoreRecord,
                   past=N_("Запись возвращена из архива"), bulk=Bulk()),
    )  # fmt: skip


def _validity(sheet: type[OfRecord], until: str, keeps: frozenset[Who]) -> list[Transition]:
    def is_over(facts: Facts) -> bool:
        last = facts.values.get(until)
        return isinstance(last, date) and last < facts.today

    over = Condition(f"{until} is over", is_over, N_("Срок ещё не истёк."), N_("срок действия истёк"))
    return [
        Transition("renew", N_("Продлить"), ("active", "lapsed"), Guard(keeps), (Target("active"),), asks=renew_of(sheet, until),
                   tone=Tone.PRIMARY, past=N_("Срок продлён"), bulk=Bulk()),
        Transition("lapse", N_("Истечь"), ("active",), Guard(frozenset({Who.SYSTEM}), when=(over,)), (Target("lapsed"),),
                   Trigger.TIMER, past=N_("Срок истёк")),
    ]  # fmt: skip


def _unissued(kind: ContentType, known: Mapping[str, ContentType]) -> list[str]:
    """Return what is wrong with acts that issue documents of the parts of a kind: a part has to have the act itself."""
    issues: Issues | None = kind.behavior(Issues)
    return [
        f"the parts {each.part!r} do not issue {each.paper.document!r} themselves"
        for each in (issues.each if issues else ())
        if each.part not in known or issue_name(each.paper.document) not in known[each.part].workflow.transitions
    ]


def fault_of(kinds: tuple[ContentType, ...]) -> str:
    """Return every fault of every declaration in one line; empty: none has any."""
    known = {one.key: one for one in kinds}
    found = [f"{one.key}: {fault}" for one in kinds for fault in one.faults()]
    found += ["two kinds have one key"] if len(known) != len(kinds) else []
    for one in kinds:
        found += [f"{one.key}: {fault}" for fault in _unissued(one, known)]
        if one.within and (one.within not in known or known[one.within].within):
            found.append(f"{one.key}: a part of {one.within!r}, which is no kind that can have parts")
    return "; ".join(found)
