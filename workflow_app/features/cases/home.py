"""The home in two halves: what waits for the reader, what waits for others; the numbers above them, which are filters, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.content_types.reminding import REMIND
from workflow_app.db import counts as counting
from workflow_app.db.keyset import Walk
from workflow_app.facts import case_filters, deadlines, keeping, late_records, leading, other_records, others, worklist
from workflow_app.features.cases import other_rows, queries
from workflow_app.features.cases.queries import Wanted
from workflow_app.states.standings import office
from workflow_app.states.vocabulary import Actor
from workflow_app.web import table_page
from workflow_app.web.formatting import counted, say
from workflow_app.web.page import address
from workflow_app.web.request_scope import Scope

FILTERS = ("kind", "due", "part", "whose")
MINE, OTHERS, ALL = "mine", "others", "all"  # the halves; whose cases: everybody's
RECORDS = "records"  # the records of the second half alone
_FEW = 10  # of the second half below the first
COLOURS = ("overdue", "soon")


@dataclass(frozen=True, slots=True)
class Others:
    """Cases or records of the second half: rows, how many in all, the pager where they stand alone, the address of all."""

    rows: list[dict[str, Any]]
    total: int
    pager: Mapping[str, Any]
    all_url: str = ""


@dataclass(frozen=True)
class Home:
    """What the address asks of the home: one step, one colour of the term, one half, one's own cases or everybody's."""

    scope: Scope
    step: str = ""
    due: str = ""
    part: str = ""
    whose: str = ""

    @classmethod
    def of(cls, scope: Scope, chosen: Mapping[str, str]) -> Home:
        """Read the address; what makes no sense in it is not asked."""
        due, part, whose = (chosen.get(name, "") for name in ("due", "part", "whose"))
        return cls(
            scope, chosen.get("kind", ""), due if due in COLOURS else "", part if part in (MINE, OTHERS, RECORDS) else "",
            whose if whose == ALL and leading.leads(scope.me) else "",
        )  # fmt: skip

    @property
    def asked(self) -> dict[str, Any]:
        """What both halves are asked for."""
        return {"due": self.due, "everyone": self.whose == ALL}

    @property
    def filtered(self) -> bool:
        """Whether less than everything of the reader's is shown."""
        return bool(self.step or self.due or self.part)

    @property
    def office(self) -> bool:
        """Whether the reader works in the centre: they are told names, and may remind."""
        return case_filters.of_office(self.scope.me)

    @property
    def leads(self) -> bool:
        """Whether the reader has cases of their own among those of the office."""
        return leading.leads(self.scope.me)

    def url(self, **changed: str) -> str:
        """Return the address of the home with other filters."""
        asked = {"kind": self.step, "due": self.due, "part": self.part, "whose": self.whose} | changed
        return address("cases.work", **{name: value for name, value in asked.items() if value})

    @cached_property
    def _running(self) -> Any:
        return others.running(self.scope.session, self.scope.me, **self.asked)

    @cached_property
    def summary(self) -> worklist.Summary:
        """How much waits for the reader, whatever is filtered."""
        return worklist.summary(self.scope.session, self.scope.me, everyone=self.whose == ALL)

    @cached_property
    def total(self) -> int:
        """How much there is in the first half."""
        if self.due or self.step:
            return worklist.count_waiting(self.scope.session, self.scope.me, step=self.step, **self.asked)
        return self.summary.total

    @cached_property
    def counts(self) -> Sequence[int]:
        """How many cases wait for others, and how many of those in the list of cases are of each colour: one statement."""
        session, me = self.scope.session, self.scope.me
        days = deadlines.bounds(session, me.municipality_id)
        found = session.execute(*_counts(me, days, self.whose == ALL)).one()
        return [min(one, counting.MOST + 1) for one in found]

    @cached_property
    def of_records(self) -> Mapping[str, int]:
        """How many records wait for others, and how many are late: one statement."""
        return other_records.numbers(self.scope.session, self.scope.me, everyone=self.whose == ALL)

    def awaited(self, most: int) -> Sequence[int]:
        """Return the first cases of the second half, in its order."""
        return queries.ids(self.scope.session, self._running, others.ORDER, Walk(most))

    def others(self, what: table_page.Asked) -> Others:
        """Return the second half: its beginning below the first page of the first, or by pages where it stands alone."""
        later = self.part != OTHERS and not what.is_first
        if self.step or self.part in (MINE, RECORDS) or later:
            return Others([], 0, {})
        session, found = self.scope.session, self._running
        total = found.count(session) if self.due else self.counts[0]
        if self.part == OTHERS:
            cases, pager = table_page.stretch(
                what,
                others.ORDER,
                total,
                lambda walk: queries.cases(session, found, others.ORDER, walk, co_authors=False),
            )
        else:
            days = deadlines.bounds(session, self.scope.me.municipality_id)
            first = session.scalars(*_first(self.scope.me, days, self.whose == ALL, self.due))
            cases, pager = first.unique().all(), {}
        rows = other_rows.rows(self.scope, cases, told=queries.verdicts_told(session, self.scope.me, cases))
        more = self.url(part=OTHERS) if total > len(rows) and self.part != OTHERS else ""
        return Others(rows, total, pager, more)

    def records(self, what: table_page.Asked) -> Others:
        """Return the records that wait for others: their beginning below the cases, or by pages where they stand alone."""
        session, alone = self.scope.session, self.part == RECORDS
        found = other_records.found(session, self.scope.me, **self.asked)
        if found is None or self.step or self.part == MINE or not (alone or what.is_first):
            return Others([], 0, {})
        order, read = other_records.ORDER, partial(other_records.page, session, found)
        total = counting.count(session, found) if self.due else self.of_records[""]
        rows, pager = (
            table_page.stretch(what, order, total, read, of=itemgetter(0)) if alone else (read(Walk(_FEW)), {})
        )
        more = self.url(part=RECORDS) if total > len(rows) and not alone else ""
        return Others(other_rows.of_records(self.scope, rows), total, pager, more)

    def reminding(self) -> list[tuple[str, int, str]]:
        """Return the kinds of which several records wait for others and the reader may remind: key, how many, words."""
        found = other_records.found(self.scope.session, self.scope.me, **self.asked) if self.office else None
        many = other_records.by_kind(self.scope.session, found) if found is not None else {}
        mine, told = office(self.scope.me), []
        for kind, count in many.items():
            act = CONTENT_TYPES[kind].workflow.transitions.get(REMIND)
            if count > 1 and act is not None and not act.guard.by.isdisjoint(mine):
                told.append((kind, count, say(CONTENT_TYPES[kind].titles[1])))
        return sorted(told, key=itemgetter(2))

    def records_awaited(self, kind: str, most: int) -> Sequence[int]:
        """Return the first records of a kind in the second half."""
        found = other_records.found(self.scope.session, self.scope.me, **self.asked)
        return other_records.ids(self.scope.session, found, kind, most) if found is not None else ()

    def numbers(self) -> list[dict[str, Any]]:
        """Return the strip above both halves: how much waits for the reader, for others, how many are late, or nearly."""
        plain = replace(self, step="", due="", part="")
        mine, other, *pressing = self.summary.total, *self.counts
        cases = dict(zip(COLOURS, pressing, strict=True))
        records = self.of_records
        other += records[""]
        if mine + other < 2:  # noqa: PLR2004 - one thing needs no sorting out
            return []
        waits = _waits_for_me if self.office else _waits_for_you
        late = [("overdue", _late_cases(cases["overdue"]), cases["overdue"]),
                ("overdue", _late_records(records["overdue"]), records["overdue"]),
                ("soon", _soon(cases["soon"]), cases["soon"])]  # fmt: skip
        found = [
            _number(waits(mine), mine, plain.url(part=MINE), current=self.part == MINE),
            _number(_("жду других") if self.office else _("в работе у других"), other, plain.url(part=OTHERS), current=self.part == OTHERS),
        ]  # fmt: skip
        tones = {"overdue": "stopped", "soon": "attention"}
        found += [
            _number(said, many, plain.url(due=name), current=self.due == name, tone=tones[name])
            for name, said, many in late
            if many
        ]
        return found

    def _list(self, colour: str) -> Wanted:
        """Return what the list of cases is asked for, so that it shows what the number counts."""
        return Wanted(due=colour, coordinator=queries.MINE if self.leads and self.whose != ALL else "")

    def lists(self) -> list[tuple[str, str, str]]:
        """Return the lists that the chosen number counts: of cases, of each kind of record that is late; words, how many, address."""
        if not self.due:
            return []
        whose = self._list(self.due).coordinator
        many = dict(zip(COLOURS, self.counts[1:], strict=True))[self.due]
        found = [
            (
                _("Все дела"),
                counted(many),
                address("cases.listing", due=self.due, **({"coordinator": whose} if whose else {})),
            )
        ]
        late = late_records.by_kind(self.scope.session, self.scope.me) if self.due == other_records.OVERDUE else {}
        found += [
            (say(CONTENT_TYPES[key].titles[1]), counted(n), address(f"records.{key}_list", due=self.due))
            for key, n in late.items()
        ]
        return found if many else found[1:]

    def steps(self) -> list[dict[str, Any]]:
        """Return the filters of the first half: by what is to be done, where that is not one thing."""
        there = self.summary
        if len(there.steps) < 2:  # noqa: PLR2004 - one step needs no sorting out
            return []
        plain = replace(self, due="", part="")
        return [
            _number(say(one.verb), one.count, plain.url(kind=one.key), current=self.step == one.key)
            for one in there.steps
        ]


@keeping.asked
def _first(actor: Actor, days: tuple[date, date], everyone: bool, due: str) -> Any:  # noqa: FBT001 - a key of what is kept
    """Return the statement of the beginning of the second half; no row is in it."""
    found = others.running_within(actor, days, everyone, due)
    return queries.rows_of(found, others.ORDER, Walk(_FEW), co_authors=False)


@keeping.asked
def _counts(actor: Actor, days: tuple[date, date], everyone: bool) -> Any:  # noqa: FBT001 - a key of what is kept
    """Return the statement of the numbers above both halves; no row is in it."""
    mine = leading.leads(actor) and not everyone
    lists = [
        others.running_within(actor, days, everyone, ""),
        *(queries.pressing(actor, days, one, mine=mine) for one in COLOURS),
    ]
    return select(*(counting.capped(*one.numbers()) for one in lists))


def _number(title: str, count: int, url: str, *, current: bool, tone: str = "") -> dict[str, Any]:
    return {"title": title, "count": counted(count), "url": url, "current": current, "tone": tone}


# The words under each number agree with it: «1 дело просрочено», «3 дела», «5 дел».


def _said(many: int) -> int:
    """Return the number that is shown: «более 1 000» stands for every greater one."""
    return min(many, counting.MOST)


def _waits_for_me(many: int) -> str:
    return str(ngettext("ждёт меня", "ждут меня", _said(many)))


def _waits_for_you(many: int) -> str:
    return str(ngettext("ждёт вас", "ждут вас", _said(many)))


def _late_cases(many: int) -> str:
    return str(ngettext("дело просрочено", "дел просрочено", _said(many)))


def _late_records(many: int) -> str:
    return str(ngettext("запись просрочена", "записей просрочено", _said(many)))


def _soon(many: int) -> str:
    return str(ngettext("дело со сроком в ближайшие дни", "дел со сроком в ближайшие дни", _said(many)))
