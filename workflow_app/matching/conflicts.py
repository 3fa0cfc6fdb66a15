"""Conflicts of interest (domain.md 4): what bars an expert from a case, what only warns, and why, in words.

Computed here: self or co-author, the same organisation now, declared answers, reviewed the appealed case or heard the
appeal, not in the approved roster of specialists (R51), away (R52), load over the limit, third case of one applicant in 12
months. The rest comes with the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.errors import N_, Sentence

CASES_A_YEAR = 3  # the third case of one applicant in 12 months warns
_OFTEN = N_("Третье и более дело этого заявителя за 12 месяцев.")
_FULL = "Открытых экспертиз: "  # how the warning of the load begins


@dataclass(frozen=True, slots=True)
class Approval:
    """What the approved roster of specialists says of somebody: by which act, for which posts, from when to when (None: for ever)."""

    act: str
    posts: str
    since: date
    until: date | None = None

    @property
    def last(self) -> date:
        """The last day."""
        return self.until or date.max

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= on <= self.last


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of an expert; ``recent`` counts this applicant's cases that the expert took in 12 months."""

    person_id: int
    organization_id: int | None
    outside: bool
    load: int
    load_limit: int
    recent: int
    reviewed_before: bool
    declared: bool
    trained: bool
    away: Sentence | None = None  # why nobody may be invited today: «в отпуске до 14 января» (R52)
    leaves: Sentence | None = None  # the same of days that come before a sheet would be due
    heard_appeal: bool = False
    active: bool = True
    profile: str = ""
    approval: Approval | None = None  # None: the roster does not name them


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of the case: people who may not review it, their organisations, its demands."""

    people: frozenset[int]
    organizations: frozenset[int]
    subject_area: str
    may_lift: bool  # "same organisation" may be lifted by the director's decision: (b), (f), (g) (0a.13)
    wants_training: bool
    group: frozenset[int] = frozenset()  # who carries out the programme that the case is about
    approved_on: date | None = (
        None  # the day on which an expert has to be in the approved roster; None: there is none to be in
    )


@dataclass(frozen=True, slots=True)
class Conflicts:
    """``bars`` never lift; ``liftable`` need the director's decision; ``warnings`` need a reason (R15, R16)."""

    bars: tuple[Sentence, ...] = ()
    liftable: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether nothing was found."""
        return not (self.bars or self.liftable or self.warnings)

    @property
    def why(self) -> tuple[Sentence, ...]:
        """What bars, whether it may be lifted or not."""
        return (*self.bars, *self.liftable)


def ties(person_id: int, organization_id: int | None, examined: Examined) -> Conflicts:
    """Return what ties a person to a case as things stand now: the rule for experts and for the appeal panel, at any time."""
    bars: list[Sentence] = []
    liftable: list[Sentence] = []
    if person_id in examined.people:
        bars.append(N_("Заявитель или соавтор этой работы."))
    if person_id in examined.group:
        bars.append(N_("Входит в рабочую группу программы, о которой это дело."))
    if organization_id is not None and organization_id in examined.organizations:
        (liftable if examined.may_lift else bars).append(
            N_("Работает в той же организации, что и заявитель или соавтор.")
        )
    return Conflicts(tuple(bars), tuple(liftable))


def find(candidate: Candidate, examined: Examined) -> Conflicts:
    """Return every conflict between an expert who may be invited and a case."""
    tied = ties(candidate.person_id, candidate.organization_id, examined)
    bars, warnings = [*tied.bars], list[Sentence]()
    if candidate.reviewed_before:
        bars.append(N_("Уже участвовал в этом деле: до апелляции, замены или самоотвода."))
    if candidate.heard_appeal:
        bars.append(N_("Рассматривал апелляцию по этому делу."))
    if candidate.declared:
        bars.append(N_("Отказался от этого дела из-за конфликта интересов."))
    bars += _unapproved(candidate.approval, examined.approved_on)
    if candidate.away is not None:
        bars.append(candidate.away)
    if candidate.leaves is not None:
        warnings.append(candidate.leaves)
    if candidate.load >= candidate.load_limit:
        warnings.append(
            N_("Открытых экспертиз: %(load)s при пределе %(limit)s.", load=candidate.load, limit=candidate.load_limit)
        )
    if candidate.recent + 1 >= CASES_A_YEAR:
        warnings.append(_OFTEN)
    if examined.wants_training and not candidate.trained:
        warnings.append(N_("Нет документа о ДПП ПК для специалистов всестороннего анализа."))
    if not candidate.active:
        warnings.append(N_("Нет действующей учётной записи: приглашение не дойдёт."))
    return Conflicts(tuple(bars), tied.liftable, tuple(warnings))


def counts_cases(words: str) -> bool:
    """Whether a warning, as an invitation keeps it, was reckoned from other cases, of which the reader's own may be one (R30)."""
    return words == str(_OFTEN) or words.startswith(_FULL)


def _unapproved(approval: Approval | None, on: date | None) -> tuple[Sentence, ...]:
    """Say why the approved roster bars somebody on a day (R51)."""
    if on is None or (approval is not None and approval.holds(on)):
        return ()
    if approval is None:
        return (N_("Не входит в утверждённый состав специалистов."),)
    if on < approval.since:
        return (
            N_("В составе специалистов только с %(day)s: %(act)s.", day=f"{approval.since:%d.%m.%Y}", act=approval.act),
        )
    return (
        N_("Срок в составе специалистов истёк %(day)s: %(act)s.", day=f"{approval.last:%d.%m.%Y}", act=approval.act),
    )
