"""What a case type is made of: its form, attachments, criteria sheets, policy and workflow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow_app import data
from workflow_app.calendar.terms import Term
from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions.case.build import Shape
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule
from workflow_app.states.forms.plausibility import latin
from workflow_app.states.vocabulary import Workflow

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
        N_("Ключевые слова"), required=False, most=10, default=(), commas=True, help=N_("Через запятую.")
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


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kind of attachment. ``required`` bars the submission; ``expected`` only warns the coordinator."""

    key: str
    title: Sentence
    required: Callable[[Mapping[str, object]], bool] = lambda _form: False
    expected: Callable[[Mapping[str, object]], bool] = lambda _form: False
    help: Sentence | None = None


def always(_form: Mapping[str, object]) -> bool:
    """Say that an attachment is wanted whatever the form holds."""
    return True


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers of experts, the way out of a discrepancy, terms. Lengths are defaults of ours (domain.md 4)."""

    experts: int
    terms: Mapping[str, Term]
    outside: int = 0  # how many experts must come from outside the municipality
    third: str = "expert"  # or "meeting": the specialists agree among themselves
    resolution: str = "mean_of_two_closest"
    consent_bars: bool = True  # whether a missing consent bars the submission (0a.2)


def _by_title(form: Mapping[str, object]) -> tuple[str, ...]:
    return (str(form.get("title") or ""),)


@dataclass(frozen=True, slots=True)
class CaseType:
    """A case type, whole. ``criteria`` picks the criteria sheet's key from the filled form."""

    key: str
    letter: str  # of the registration number, <АТ|ММ|ИП>-<year>-<n>
    title: Sentence
    about: Sentence
    shape: Shape
    workflow: Workflow
    attachments: tuple[Attachment, ...]
    criteria: Callable[[Mapping[str, object]], str]
    criteria_keys: tuple[str, ...]
    policy: Policy
    grounds: str  # the list of decline grounds in the data
    settled: tuple[str, ...] = ()  # answers that choose the criteria sheet: fixed once the experts are appointed
    bars: Callable[[Mapping[str, object], date], Problems] = lambda _form, _today: {}
    number_of_experts: Callable[[Mapping[str, object], bool], int] | None = None
    words: Mapping[str, Sentence] = field(default_factory=dict)
    same: Callable[[Mapping[str, object]], tuple[str, ...]] = (
        _by_title  # what one applicant would not ask twice at a time
    )

    @property
    def form(self) -> type[Sheet]:
        """The case form's class."""
        return self.shape.form

    def experts(self, form: Mapping[str, object], *, simplified_two: bool) -> int:
        """Return how many counted experts a case with this form needs."""
        return self.number_of_experts(form, simplified_two) if self.number_of_experts else self.policy.experts

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


def listed(name: str) -> tuple[Choice, ...]:
    """Return a closed list of ``data/choices.yaml``."""
    return tuple(Choice(one["key"], N_(one["title"])) for one in data.load("choices")[name])


def working(length: int) -> Term:
    """Return a term in working days."""
    return Term(length, "working")


COMMON_TERMS: Mapping[str, Term] = {
    "registration": working(1), "completeness": working(5), "completion": working(10), "answer": working(2),
    "assignment": working(5), "third_review": working(5), "consolidation": working(5), "approval": working(5),
    "appeal": working(5), "appeal_review": working(10), "closing": working(5), "revision": working(20),
    "archive": Term(365, "calendar"), "decision": Term(60, "calendar", moves=False),
}  # fmt: skip
