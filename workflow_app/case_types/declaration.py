"""What a case type is made of: its form, attachments, criteria sheets, ready words, policy and workflow (ADR 27)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from workflow_app import data
from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.calendar.terms import Term
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions.case.build import Shape, build
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule
from workflow_app.states.forms.plausibility import latin
from workflow_app.states.vocabulary import Workflow

PHRASES: Final = ("strengths", "remarks", "recommendations", "full", "partial", "low")
_LINK = r"https://[^\s<>\"']{3,500}"
_BARE = re.compile(r"(?://)?((?:[\w-]+\.)+[^\W\d_][\w-]+(?::\d+)?(?:[/?#]\S*)?)")


def with_https(link: str) -> str:
    """Return an address that was typed without its beginning (``rutube.ru/video/1``) with ``https://``; any other as it is."""
    bare = _BARE.fullmatch(link)
    return f"https://{bare[1]}" if bare else link


@dataclass(frozen=True, kw_only=True)
class CaseForm(Sheet):
    """The fields of every case (domain.md 4). The types add their own."""

    title: str = ask(N_("Название"), least=10, most=300, section=N_("О чём"))
    organization_id: int = ask(N_("Организация"), choices="organizations")
    position: str = ask(N_("Должность"), choices="positions")
    subject_area: str = ask(N_("Предметная область"), choices="subject_areas")
    education_level: str = ask(N_("Уровень образования"), choices="education_levels")
    annotation: str = ask(
        N_("Аннотация"),
        least=200,
        most=2000,
        long=True,
        help=N_("Коротко: о чём работа, для кого, какой результат. 200–2000 знаков."),
    )
    keywords: tuple[str, ...] = ask(
        N_("Ключевые слова"),
        required=False,
        most=10,
        default=(),
        commas=True,
        help=N_("Через запятую или каждое с новой строки."),
    )
    co_authors: tuple[str, ...] = ask(
        N_("Соавторы"),
        required=False,
        most=5,
        default=(),
        doubt=latin,
        help=N_("Фамилия, имя и отчество, каждый с новой строки."),
    )
    links: tuple[str, ...] = ask(
        N_("Ссылки"),
        required=False,
        most=10,
        default=(),
        tidy=with_https,
        help=N_("Каждая с новой строки, https:// добавится само. Видео приложите ссылкой."),
    )
    declaration_authorship: bool = ask(N_("Подтверждаю авторство: чужие материалы использованы с указанием источника"))
    no_minors_data: bool = ask(
        N_("Имена обучающихся обезличены или есть согласия законных представителей"), required=False, default=False
    )

    @rule
    def links_are_https(self) -> Problems:
        """Links are https only."""
        bad = any(not re.fullmatch(_LINK, link) for link in self.links)
        return {"links": (N_("Ссылка начинается с https:// и не содержит пробелов."),)} if bad else {}


@dataclass(frozen=True, kw_only=True)
class Revised(CaseForm):
    """The work of the next round, beside the type's own form: ``class MaterialRevision(Revised, MaterialForm)``."""

    changes: str = ask(
        N_("Что изменено по замечаниям"), least=20, most=3000, long=True, section=N_("Доработка"),
        help=N_("Эксперты увидят этот ответ рядом с прежними замечаниями."),
    )  # fmt: skip


def always(_form: Mapping[str, object]) -> bool:
    """Say that an attachment is wanted whatever the form holds."""
    return True


def never(_form: Mapping[str, object]) -> bool:
    """Say that something is not so whatever the form holds."""
    return False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kind of attachment. ``required`` bars the submission; ``expected`` only warns the coordinator."""

    key: str
    title: Sentence
    required: Callable[[Mapping[str, object]], bool] = never
    expected: Callable[[Mapping[str, object]], bool] = never
    help: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers of experts, the way out of a discrepancy, terms. Lengths are defaults of ours (domain.md 4)."""

    experts: int
    terms: Mapping[str, Term]
    outside: int = 0  # how many experts must come from outside the municipality
    third: str = "expert"  # or "meeting": the specialists agree among themselves
    resolution: str = "mean_of_two_closest"
    consent_bars: bool = True  # whether a missing consent bars the submission (0a.2)
    liftable: bool = False  # whether the director may let a colleague of the applicant review (0a.13)


def _by_title(form: Mapping[str, object]) -> tuple[str, ...]:
    return (str(form.get("title") or ""),)


@dataclass(frozen=True, slots=True)
class Remark:
    """A ready remark for a return, and at what it is offered: fields, ``attachment:kind``, ``files``, ``texts``, ``fields``."""

    text: str
    at: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CaseType:
    """A case type, whole: what is code stands here, its data in ``criteria.yaml`` and ``lists.yaml`` beside it (ADR 27).

    ``place`` is its letter in domain.md 4 and orders the types. ``picks`` chooses the criteria sheet's key from the filled
    form, where there is more than one. ``directions`` are those of the experts who review it.
    """

    place: str
    letter: str  # of the registration number, <АТ|ММ|ИП>-<year>-<n>
    about: Sentence
    shape: Shape
    examined: Examined
    attachments: tuple[Attachment, ...]
    policy: Policy
    directions: tuple[str, ...]
    picks: Callable[[Mapping[str, object]], str] | None = None
    settled: tuple[str, ...] = ()  # answers that choose the criteria sheet: fixed once the experts are appointed
    bars: Callable[[Mapping[str, object], date], Problems] = lambda _form, _today: {}
    number_of_experts: Callable[[Mapping[str, object], bool], int] | None = None
    own: Callable[[Mapping[str, object]], bool] = never  # the centre's own programme: judged from outside
    same: Callable[[Mapping[str, object]], tuple[str, ...]] = (
        _by_title  # what one applicant would not ask twice at a time
    )

    @property
    def key(self) -> str:
        """The name of the type: of its folder, in rows and in events."""
        return self.shape.key

    @property
    def title(self) -> Sentence:
        """The type's name for people."""
        return self.shape.title

    @property
    def form(self) -> type[Sheet]:
        """The case form's class."""
        return self.shape.form

    @cached_property
    def workflow(self) -> Workflow:
        """The states and transitions of its cases."""
        return build(self.shape)

    @cached_property
    def sheets(self) -> Mapping[str, CriteriaSheet]:
        """The criteria sheets that a new centre begins with, by key."""
        return {one["key"]: from_data(one) for one in _beside(self.key, "criteria")["sheets"]}

    @property
    def criteria_keys(self) -> tuple[str, ...]:
        """The keys of its criteria sheets."""
        return tuple(self.sheets)

    @cached_property
    def grounds(self) -> tuple[Choice, ...]:
        """The closed list of grounds for declining the documents (R7)."""
        return _choices(_beside(self.key, "lists")["grounds"], "text")

    @cached_property
    def returns(self) -> tuple[Remark, ...]:
        """The ready remarks for a return."""
        return tuple(Remark(one["text"], frozenset(one["at"])) for one in _beside(self.key, "lists")["returns"])

    @cached_property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Ready phrases of a review: strengths, remarks, recommendations, rationales of a ``full``, ``partial``, ``low`` mark."""
        known = _beside(self.key, "lists")["phrases"]
        groups = {**known, **known["rationales"]}
        return {name: tuple(groups[name]) for name in PHRASES}

    def criteria(self, form: Mapping[str, object]) -> str:
        """Return the key of the criteria sheet by which a case with this form is judged."""
        return self.picks(form) if self.picks else self.criteria_keys[0]

    def favourable(self, verdict: str | None) -> bool:
        """Tell whether a verdict of this type is a yes."""
        return any(rule.positive for sheet in self.sheets.values() for rule in sheet.verdicts if rule.key == verdict)

    def experts(self, form: Mapping[str, object], *, simplified_two: bool) -> int:
        """Return how many counted experts a case with this form needs."""
        return self.number_of_experts(form, simplified_two) if self.number_of_experts else self.policy.experts

    def outside(self, form: Mapping[str, object], required: int) -> int:
        """Return how many of the ``required`` experts must come from outside the municipality: all, where the centre is judged."""
        return required if self.own(form) else self.policy.outside

    def twin_key(self, form: Mapping[str, object]) -> tuple[str, ...] | None:
        """Return by what another case of the same applicant is told to be the same one; None while it is not filled in."""
        key = tuple(" ".join(part.casefold().split()) for part in self.same(form))
        return key if all(key) else None

    def warnings(self, form: Mapping[str, object], kinds: frozenset[str]) -> tuple[Sentence, ...]:
        """Return what the coordinator is warned about and what bars nothing (0a.2, 0a.10)."""
        found = tuple(
            N_("Не приложено: %(what)s", what=one.title)
            for one in self.attachments
            if (one.expected(form) or one.required(form)) and one.key not in kinds  # a correction may ask for more
        )
        if not form.get("no_minors_data"):
            found += (N_("Не подтверждено, что имена обучающихся обезличены."),)
        return found


def listed(type_key: str, name: str) -> tuple[Choice, ...]:
    """Return a closed list of a type's form: ``choices`` of its ``lists.yaml``."""
    return _choices(_beside(type_key, "lists")["choices"][name], "title")


def _beside(type_key: str, name: str) -> Any:
    return data.load(name, f"{__package__}.{type_key}")


def _choices(rows: list[dict[str, str]], label: str) -> tuple[Choice, ...]:
    return tuple(Choice(one["key"], N_(one[label])) for one in rows)


def working(length: int) -> Term:
    """Return a term in working days."""
    return Term(length, "working")


COMMON_TERMS: Mapping[str, Term] = {
    "registration": working(1), "completeness": working(5), "completion": working(10), "answer": working(2),
    "assignment": working(5), "third_review": working(5), "consolidation": working(5), "approval": working(5),
    "appeal": working(5), "appeal_review": working(10), "closing": working(5), "revision": working(20),
    "archive": Term(365, "calendar"), "decision": Term(60, "calendar", moves=False),
}  # fmt: skip
