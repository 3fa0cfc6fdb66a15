"""How a scene of the demo is told: a case whose steps lie so many working days before today, in office hours.

A scene says *when* before each stride; the strides are those of the story and of the pages. Nothing happens in the future:
what would, happens now.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workflow_app import clock
from workflow_app.calendar.production import Calendar
from workflow_app.calendar.terms import subtract_working
from workflow_app.db.models import Assignment, Case
from workflow_app.db.session import Database
from workflow_app.demo import office_hours, sample_files, sample_forms
from workflow_app.demo.actors import Stage
from workflow_app.demo.people import Cast
from workflow_app.demo.steps import DIRECTOR, NO_CONFLICT, OFFICE, Road
from workflow_app.errors import Broken
from workflow_app.runtime import timers

WHY = "Лучшие специалисты по теме, нагрузка это позволяет"
_MOST = 25 * 1024 * 1024


@dataclass(slots=True)
class Present:
    """The moment that the demo ends at, and its days counted backwards."""

    now: datetime
    zone: ZoneInfo
    calendar: Calendar = field(default_factory=lambda: Calendar({}))

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    def latest(self) -> datetime:
        """Return the last moment of office hours that is not ahead: nobody signs at night."""
        local = self.now.astimezone(self.zone)
        if office_hours.open_at(local, self.calendar):
            return local
        day = self.today
        if not self.calendar.is_working(day) or local.time() < office_hours.OPENS:
            day = self.calendar.working_before(day)
        return datetime.combine(day, office_hours.LAST, self.zone)

    def ago(self, days: int) -> date:
        """Return the day so many working days ago; 0 is today, or the last working day before."""
        day = self.today if self.calendar.is_working(self.today) else self.calendar.working_before(self.today)
        return subtract_working(self.calendar, day, days) if days else day


@dataclass(slots=True)
class World:
    """Where the scenes play, with whom, before which present; ``pause`` is told each day that a scene comes to.

    ``records``: those that others name, by the keys of the data.
    """

    database: Database
    cast: Cast
    present: Present
    pause: Callable[[datetime], None] = lambda _moment: None
    records: dict[str, int] = field(default_factory=dict)


class OfficeStage(Stage):
    """A stage where a step takes minutes; the days are set by the scene, and never lie ahead of the present."""

    def __init__(self, world: World, minute: int) -> None:
        super().__init__(world.database, world.cast.municipality_id, world.cast.people, world.present.now)
        self.world, self._minute = world, minute
        self.moment = datetime.min.replace(tzinfo=world.present.zone)

    def on(self, days_ago: int) -> None:
        """Go on in the morning so many working days ago."""
        present = self.world.present
        morning = datetime.combine(present.ago(days_ago), time(9), present.zone) + timedelta(minutes=self._minute)
        self.moment = min(max(self.moment, morning), present.latest())
        self.world.pause(self.moment)

    def wait(self, *, days: int = 0, hours: int = 0, minutes: int = 7) -> None:  # noqa: ARG002 - a stride's own waits do not count here
        """Let some minutes pass."""
        self.moment = min(self.moment + timedelta(minutes=minutes), self.world.present.latest())


class Tale:
    """One case being told. Every stride returns the tale, so that a scene reads as a line."""

    def __init__(self, world: World, key: str, opened: int, *, by: str = "", channel: str = "web") -> None:
        self.stage = OfficeStage(world, minute=sum(map(ord, key)) % 150)
        self.stage.on(opened)
        self.work = sample_forms.work(key, world.cast, world.present.ago(opened))
        author = by or self.work.applicant
        on_behalf = self.work.applicant if by else None
        case_id = self.stage.open(author, self.work.kind, self.work.title, applicant=on_behalf, channel=channel)
        self.road = Road(self.stage, case_id, self.work.kind, author)
        self.case_id, self._ago = case_id, opened

    def on(self, days_ago: int) -> Tale:
        """Go on so many working days ago."""
        self.stage.on(days_ago)
        self._ago = days_ago
        return self

    def day(self) -> date:
        """Return the day that the tale is at."""
        return self.stage.world.present.ago(self._ago)

    def attach(self, *, only: int | None = None) -> Tale:
        """Attach the work's files, or the first few of them."""
        for one in list(sample_files.goods_of(self.work, self.stage.moment))[:only]:
            self.stage.attach(self.road.applicant, self.case_id, one.kind, one.name, one.content, one.media_type)
        return self

    def typed(self, by: str, transition: str, data: Mapping[str, Any], assignment: str = "") -> Tale:
        """Leave typed text that is not sent yet: the working copy that autosave would have kept."""
        self.stage.typed(by, self.case_id, transition, data, assignment)
        return self

    def submit(self, transition: str = "submit", **more: Any) -> Tale:
        """Attach what there is to attach and submit the form."""
        if transition == "submit":
            self.attach()
        self.road.submit({**self.work.form, **more}, transition)
        return self

    def register(self) -> Tale:
        """Register."""
        self.road.register()
        return self

    def start(self) -> Tale:
        """Find the set complete."""
        self.road.start()
        return self

    def act(self, by: str, name: str, raw: Mapping[str, Any] | None = None) -> Tale:
        """Let a person do a transition of the case."""
        self.stage.act(by, self.case_id, name, raw)
        return self

    def office(self, name: str, raw: Mapping[str, Any] | None = None) -> Tale:
        """Let the coordinator do a transition of the case."""
        return self.act(OFFICE, name, raw)

    def author(self, name: str, raw: Mapping[str, Any] | None = None) -> Tale:
        """Let the applicant, or who acts on their behalf, do a transition of the case."""
        return self.act(self.road.applicant, name, raw)

    def director(self, name: str, raw: Mapping[str, Any] | None = None) -> Tale:
        """Let the director do a transition of the case."""
        return self.act(DIRECTOR, name, raw)

    def invite(self, *experts: str) -> Tale:
        """Invite experts."""
        self.road.invite(experts, WHY)
        return self

    def review(self, expert: str, name: str, raw: Mapping[str, Any] | None = None) -> Tale:
        """Let an expert do a transition of their assignment."""
        self.stage.review(expert, self.case_id, name, raw)
        return self

    def accept(self, *experts: str) -> Tale:
        """Let experts accept."""
        for one in experts:
            self.review(one, "accept", NO_CONFLICT)
        return self

    def sign(self, expert: str, shares: Sequence[float], verdict: str = "conforms", *, on_paper: bool = False) -> Tale:
        """Let an expert sign the sheet, by the password or on paper with a scan."""
        raw = self.road.written(expert, shares, verdict)
        if on_paper:
            blob = self.stage.database.blobs.put(io.BytesIO(sample_files.scan("Экспертный лист")), _MOST)
            raw |= {"how": "paper", "scan": blob.sha256, "scan_name": "Экспертный лист с подписью.pdf"}
        return self.review(expert, "sign", raw)

    def begun(self, expert: str, shares: Sequence[float], upto: int = 4) -> Tale:
        """Leave an expert's sheet half filled."""
        raw = self.road.written(expert, shares)
        marks = dict(list(raw["marks"].items())[:upto])
        return self.typed(expert, "sign", {"marks": marks, "strengths": raw["strengths"]}, assignment=expert)

    def circulate(self) -> Tale:
        """Send the text of the conclusion to the experts."""
        return self.office("circulate", self.road.texts())

    def agree(self, *experts: str) -> Tale:
        """Let experts co-sign the conclusion."""
        for one in experts:
            self.review(one, "agree", {"how": "simple"})
        return self

    def dissent(self, expert: str, opinion: str) -> Tale:
        """Let an expert sign with a dissenting opinion."""
        return self.review(expert, "dissent", {"opinion": opinion, "how": "simple"})

    def propose(self, verdict: str | None = None, deviation: str = "") -> Tale:
        """Propose the rule's verdict, or another with a reason."""
        self.road.propose(verdict, deviation)
        return self

    def approve(self, by: str = DIRECTOR) -> Tale:
        """Let the director, or the deputy, approve."""
        return self.act(by, "approve", {"how": "simple"})

    def timer(self, expert: str = "") -> Tale:
        """Let the system do what has fallen due by now, with the case or with an expert's invitation."""
        with clock.at(self.stage.moment):
            kind, id_ = (Assignment, self._assignment(expert)) if expert else (Case, self.case_id)
            if not timers.fire(self.stage.database, kind, id_):
                raise Broken(f"{self.work.key}: nothing is due {expert}")
        return self

    def _assignment(self, expert: str) -> int:
        with self.stage.database.transaction(keep=False) as session:
            case = session.get_one(Case, self.case_id)
            return next(one.id for one in case.assignments if one.expert_id == self.stage.people[expert])

    def state(self) -> str:
        """Return the state that the case has come to."""
        return self.road.state()
