"""What kinds of records have beside their fields, each declared in a line: files, documents, an open page (ADR 28).

A behaviour weaves what it needs into the workflow of the kind, and says what is wrong with its declaration.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Sentence
from workflow_app.states import standings
from workflow_app.states.forms import Sheet, ask
from workflow_app.states.vocabulary import (
    Bulk,
    Condition,
    Guard,
    Permission,
    State,
    Tone,
    Transition,
    Trigger,
    Who,
    Workflow,
)

if TYPE_CHECKING:
    from workflow_app.content_types.declaration import ContentType

AWAY = "ended"  # the state of a record in the archive


class Behavior:
    """What a kind of records has beside its fields."""

    __slots__ = ()

    def weave(self, flow: Workflow) -> Workflow:
        """Return the workflow of the kind with what the behaviour adds to it."""
        return flow

    def faults(self, kind: ContentType) -> Iterable[str]:
        """Return what is wrong with its declaration in a kind, in words."""
        del kind
        return ()


def living(flow: Workflow) -> tuple[State, ...]:
    """Return the states of a record that serves: not the archive, nor a final state."""
    return tuple(one for one in flow.states.values() if not one.final and one.name != AWAY)


def granting(flow: Workflow, grants: Mapping[Permission, frozenset[Who]]) -> Workflow:
    """Return a workflow whose living states grant this, too."""
    granted = {one.name: dataclasses.replace(one, grants={**one.grants, **grants}) for one in living(flow)}
    return dataclasses.replace(flow, states={**flow.states, **granted})


def _reading(flow: Workflow, permission: Permission, of: Callable[[frozenset[Who]], frozenset[Who]]) -> Workflow:
    """Return a workflow whose every state grants a permission to a part of those who see the record in it."""
    states = {
        name: dataclasses.replace(
            one, grants={**one.grants, permission: of(one.grants.get(Permission.VIEW, frozenset()))}
        )
        for name, one in flow.states.items()
    }
    return dataclasses.replace(flow, states=states)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files that a record may have: «программа», «скан». ``most``: how many of them at once."""

    key: str
    title: Sentence
    most: int = 20


@dataclass(frozen=True, slots=True)
class Files(Behavior):
    """A record has files of these kinds. ``by`` attach and remove them; left out: whoever begins such a record.

    They are read by whoever sees the record by an office or by name, not by those to whom it is only announced.
    """

    kinds: tuple[FileKind, ...]
    by: frozenset[Who] = frozenset()

    def weave(self, flow: Workflow) -> Workflow:
        """Let them attach to what lives, and be read."""
        flow = _reading(flow, Permission.SEE_MATERIALS, lambda seen: seen - {Who.MEMBER})
        return granting(flow, {Permission.ATTACH: self.by or flow.begin.by})

    def kind(self, key: str) -> FileKind | None:
        """Return a kind of files by its key; None: there is none."""
        return next((one for one in self.kinds if one.key == key), None)

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        keys = [one.key for one in self.kinds]
        if not keys or len(set(keys)) != len(keys) or any(one.most < 1 for one in self.kinds):
            yield "files need kinds, each under a key of its own, at least one file of each"
        if not (self.by or kind.workflow.begin.by) <= kind.seen:
            yield "who attaches files does not see the record"


@dataclass(frozen=True, kw_only=True)
class Publish(Sheet):
    """The record is shown to anybody at its open address."""


@dataclass(frozen=True, kw_only=True)
class Unpublish(Sheet):
    """The record is shown to strangers no more; why."""

    reason: str = ask(N_("Причина"), least=3, most=500, long=True)


@dataclass(frozen=True, kw_only=True)
class Hide(Sheet):
    """The consent of whom the record is about is gone: what strangers have not seen since then stays hidden."""


_CONSENT = Condition(
    "consent to be shown", lambda facts: facts.consented,
    N_("Нет согласия на распространение персональных данных: его даёт сам человек на странице «Согласия»."),
    N_("есть согласие на распространение персональных данных"),
)  # fmt: skip
_GONE = Condition(
    "consent is gone", lambda facts: facts.published and not facts.consented,
    N_("Согласие действует."), N_("согласие на распространение отозвано"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published(Behavior):
    """A record can be shown to anybody at an open address, as its column ``published`` says: never a state of its own.

    ``shows`` are the fields that strangers see, ``files`` the kinds of files. A field with a person is shown while the
    person's consent to distribution stands. ``whose`` is the field with the person whom the whole record is about: without
    that consent it is not published, and vanishes when the consent does. ``by`` publish; left out: whoever begins such a record.
    """

    shows: tuple[str, ...]
    files: tuple[str, ...] = ()
    whose: str = ""
    by: frozenset[Who] = frozenset()

    def weave(self, flow: Workflow) -> Workflow:
        """Let the public see what lives, and its keepers publish it and take it back."""
        by, sources = self.by or flow.begin.by, tuple(one.name for one in living(flow))
        consent = (_CONSENT,) if self.whose else ()
        made = [
            Transition("publish", N_("Опубликовать"), sources, Guard(by, frozenset({Who.PUBLIC}), when=consent), asks=Publish,
                       past=N_("Запись опубликована"), done=N_("Запись опубликована: её видно без входа."),
                       means=N_("Запись станет видна всем, без входа в систему, по открытому адресу."), bulk=Bulk()),
            Transition("unpublish", N_("Снять с публикации"), sources, Guard(by, permission=Permission.SEE_PUBLISHED), asks=Unpublish,
                       tone=Tone.QUIET, past=N_("Запись снята с публикации"), bulk=Bulk()),
        ]  # fmt: skip
        if self.whose:
            made.append(
                Transition("hide", N_("Скрыть"), sources, Guard(frozenset({Who.SYSTEM}), when=(_GONE,)), trigger=Trigger.TIMER, asks=Hide,
                           past=N_("Снята с публикации: согласие отозвано"))
            )  # fmt: skip
        found = {one.name: one for one in made}
        flow = granting(flow, {Permission.SEE_PUBLISHED: frozenset({Who.PUBLIC})})
        return dataclasses.replace(flow, transitions={**flow.transitions, **found})

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        if kind.within:
            yield "a part is never published: nobody stands on it but its own people"
        yield from (f"strangers are shown the unknown field {one!r}" for one in self.shows if one not in kind.fields)
        if kind.listing.sort.removeprefix("-") not in ("title", "id", *self.shows):
            yield "the open list is sorted by what strangers do not see"
        if kind.title not in self.shows:
            yield "strangers are not shown what the record is called"
        files = kind.behavior(Files)
        known = {one.key for one in files.kinds} if files else set()
        yield from (f"strangers are shown files of the unknown kind {one!r}" for one in self.files if one not in known)
        people = {name for name, how in kind.fields.items() if how.refers.startswith("person")}
        if self.whose and (self.whose not in people or kind.is_optional(self.whose)):
            yield f"whose record it is says {self.whose!r}, which names nobody"
        if kind.title in people and kind.title != self.whose:
            yield "a record that is called by a person is published with that person's consent alone"


@dataclass(frozen=True, slots=True)
class Namesakes(Behavior):
    """Records are called by people's names: two of one name are of two people when their accounts or their organisations differ.

    ``account`` and ``organization`` are the fields with them. As long as neither is known to differ, the name is there already;
    two organisations alone are asked about: the same person may have been entered from two places.
    """

    account: str = "person_id"
    organization: str = "organization_id"

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        yield from (
            f"namesakes differ by {one!r}, which names nobody"
            for one in (self.account, self.organization)
            if one not in kind.fields or not kind.fields[one].refers
        )


@dataclass(frozen=True, slots=True)
class Once(Behavior):
    """No two living records of a centre have the same in all these fields: one number for an organisation and a year."""

    fields: tuple[str, ...]

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        yield from (f"it is once by the unknown field {one!r}" for one in self.fields if one not in kind.fields)


@dataclass(frozen=True, slots=True)
class Sole(Behavior):
    """No two rows of the kind hold the same in the field ``name``, of whatever whole and centre: the database itself sees to it."""

    name: str

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        if self.name not in kind.fields or kind.kind_of(self.name) is not str or not kind.is_optional(self.name):
            yield f"it is sole by {self.name!r}, which is no text that may be missing"


@dataclass(frozen=True, slots=True)
class TellsOfCases(Behavior):
    """Documents and files of a record tell who judges the cases of its parts, and how: nobody who takes part in such a case (R30).

    ``case``: the field of the part with the case. A part in the archive was left out, unless the record is in a state of ``issued``: its
    document named the case.
    """

    part: str
    case: str
    issued: tuple[str, ...]

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        yield from (
            f"it is issued in the unknown state {one!r}" for one in self.issued if one not in kind.workflow.states
        )


@dataclass(frozen=True, kw_only=True)
class IssueDocument(Sheet):
    """A document of the record is issued; which one its class says (:func:`issue_of`)."""

    document: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True)
class IssueEach(Sheet):
    """A document for each part of the record that has come so far and has none is ordered as a job; the class says which."""

    part: ClassVar[str] = ""
    document: ClassVar[str] = ""
    states: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of document (``documents/kinds``), the words of the act that issues it, in which states; left out: all living.

    ``when``: what has to hold besides.
    """

    document: str
    title: Sentence
    states: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class EachPaper:
    """One act on the whole that issues a document for each part of a kind in these states."""

    part: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Issues(Behavior):
    """Acts of a record issue documents: numbered, checked by anybody, kept for ever; issued anew, a new version replaces the old.

    The office reads them, and ``readers``: a sheet names people who do not see each other's records.
    """

    papers: tuple[Paper, ...]
    each: tuple[EachPaper, ...] = ()
    by: frozenset[Who] = frozenset()
    readers: frozenset[Who] = frozenset()

    def weave(self, flow: Workflow) -> Workflow:
        """Add an act for each document, and let those read them who may."""
        office = frozenset(standings.STAFF)
        flow = _reading(flow, Permission.SEE_CONCLUSION, lambda seen: seen & office | self.readers)
        by, every = self.by or flow.begin.by, tuple(one.name for one in living(flow))
        made = [
            Transition(issue_name(one.document), one.title, one.states or every, Guard(by, when=(one.when,) if one.when else ()),
                       asks=_class("Issue", one.document),
                       issues=(one.document,), past=N_("Выпущен документ"), done=N_("Документ выпущен."))
            for one in self.papers
        ] + [
            Transition(f"each_{issue_name(one.paper.document)}", one.paper.title, every, Guard(by),
                       asks=_class("IssueEach", one.paper.document, IssueEach, part=one.part, states=one.paper.states),
                       past=N_("Заказаны документы участников"), done=N_("Документы выпускаются. Сколько готово, видно на этой странице."))
            for one in self.each
        ]  # fmt: skip
        return dataclasses.replace(flow, transitions={**flow.transitions, **{one.name: one for one in made}})

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        for one in (*self.papers, *(each.paper for each in self.each)):
            if one.document not in KINDS or KINDS[one.document].of != "record":
                yield f"it issues {one.document!r}, which is no document of a record"
        for one in self.papers:
            yield from (
                f"{one.document} is issued in the unknown state {state!r}"
                for state in one.states
                if state not in kind.workflow.states
            )


def issue_name(document: str) -> str:
    """Return the name of the act that issues a kind of document."""
    return f"issue_{document}"


def _class(prefix: str, document: str, base: type[Sheet] = IssueDocument, **more: object) -> type[Sheet]:
    """Return the sheet of an act that issues a document: nothing is asked. Its name stands in events for ever."""
    name = prefix + "".join(part.capitalize() for part in document.split("_"))
    made = type(name, (base,), {"__doc__": base.__doc__, "__module__": __name__, "document": document, **more})
    return dataclass(frozen=True, kw_only=True)(made)
