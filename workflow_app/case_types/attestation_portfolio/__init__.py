"""(a) «Аттестация: всесторонний анализ»: three specialists, no points by default, the commission decides (domain.md 0, 0a)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow_app import data
from workflow_app.calendar.terms import Term
from workflow_app.case_types.declaration import (
    COMMON_TERMS,
    Attachment,
    CaseForm,
    CaseType,
    Policy,
    always,
    working,
)
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import N_
from workflow_app.states.definitions.case.build import Shape
from workflow_app.states.definitions.case.forms import RecordDecision
from workflow_app.states.forms import Choice, Problems, Sheet, ask, parse_date, rule

# R1: these four categories exist and no other.
CATEGORIES = tuple(Choice(one["key"], N_(one["title"])) for one in data.load("categories")["categories"])
HELD = tuple(Choice(one["key"], N_(one["title"])) for one in data.load("categories")["held"])
METHODIST_POSITIONS = frozenset(
    one["key"] for one in data.load("positions")["positions"] if "methodist" in one.get("excluded_categories", ())
)
OUTSIDE_DUTIES = frozenset({"methodist", "mentor"})


def _holds(form: Mapping[str, object]) -> bool:
    return form.get("current_category") not in (None, "", "none")


def _told_here(form: Mapping[str, object]) -> bool:
    """Whether the details stand in the form; else the signed application that the centre holds is enough (0a.1, 0a.2)."""
    return not form.get("in_application")


def _held_and_told_here(form: Mapping[str, object]) -> bool:
    return _holds(form) and _told_here(form)


_IF_HELD = N_("Нужно, если категория есть.")
_IF_REFUSED = N_("Нужно, если был отказ.")


@dataclass(frozen=True, kw_only=True)
class Award(Sheet):
    """A state or departmental award; any of them sets the simplified flag."""

    name: str = ask(N_("Награда"), most=300)
    given_on: date | None = ask(N_("Дата"), required=False, default=None)
    document: str = ask(N_("Документ"), required=False, most=200, default="")


@dataclass(frozen=True, kw_only=True)
class AttestationForm(CaseForm):
    """The application for a category. An unfinished report or missing evidence warns and bars nothing (0a.2)."""

    declaration_authorship: bool = ask(N_("Подтверждаю достоверность сведений"))
    annotation: str = ask(
        N_("Краткое представление"), required=False, most=2000, long=True, default="",
        help=N_("По желанию: о себе и своей работе, до 2000 знаков."),
    )  # fmt: skip
    target_category: str = ask(
        N_("Какую категорию прошу установить"), choices=CATEGORIES, widget="radio", section=N_("Категория")
    )
    attested_position: str = ask(N_("По какой должности"), choices="positions")
    current_category: str = ask(N_("Имеющаяся категория"), choices=HELD, widget="radio")
    earlier_category: str = ask(
        N_("Категория, которая была раньше"), choices=HELD, widget="radio", required=False, default="none",
        help=N_("В любой должности, даже если срок истёк."),
    )  # fmt: skip
    current_on: date | None = ask(
        N_("Когда установлена"), required=False, needed=_held_and_told_here, default=None, help=_IF_HELD
    )
    current_act: str = ask(
        N_("Каким актом"), required=False, needed=_held_and_told_here, most=300, default="", help=_IF_HELD
    )
    current_position: str = ask(
        N_("В какой должности"), required=False, needed=_held_and_told_here, most=200, default="", help=_IF_HELD
    )
    current_expires: date | None = ask(N_("Срок действия (для прежних категорий)"), required=False, default=None)
    refused_category: str = ask(
        N_("Отказ в установлении: категория"), choices=CATEGORIES, required=False, default="",
        needed=lambda form: form.get("refused_on") is not None,
        help=N_("Если аттестационная комиссия отказывала в последний год."),
    )  # fmt: skip
    refused_on: date | None = ask(
        N_("Отказ в установлении: дата решения"), required=False, default=None,
        needed=lambda form: bool(form.get("refused_category")), help=_IF_REFUSED,
    )  # fmt: skip
    education: str = ask(
        N_("Образование и год окончания"), required=False, needed=_told_here, most=500, default="", section=N_("Опыт")
    )
    experience_total: int | None = ask(
        N_("Общий стаж, лет"), required=False, needed=_told_here, least=0, most=60, default=None
    )
    experience_position: int | None = ask(
        N_("Стаж в должности, лет"), required=False, needed=_told_here, least=0, most=60, default=None
    )
    interattestation_from: date | None = ask(
        N_("Межаттестационный период: с"), required=False, needed=_told_here, default=None
    )
    interattestation_to: date | None = ask(
        N_("Межаттестационный период: по"), required=False, needed=_told_here, default=None
    )
    in_application: bool = ask(
        N_("Этих сведений здесь нет: они в подписанном заявлении, которое есть у центра"), required=False, default=False,
        help=N_("Для заявлений на бумаге, из КАИС и с Госуслуг; скан можно приложить позже."),
    )  # fmt: skip
    report: Mapping[str, str] = ask(
        N_("Аналитический отчёт по критериям"), required=False, enough=300, most=5000, long=True, choices="report_sections", default=None,
        section=N_("Отчёт"), help=N_("По каждому критерию 300–5000 знаков. Можно дополнить позже."),
    )  # fmt: skip
    awards: tuple[Award, ...] = ask(
        N_("Награды"), required=False, most=20, default=(), section=N_("Награды и пожелания")
    )
    wants_presence: bool = ask(N_("Хочу присутствовать на заседании комиссии"), required=False, default=False)

    @property
    def _held(self) -> set[str]:
        return {self.current_category, self.earlier_category} - {"none", ""}

    @rule
    def highest_after_first(self) -> Problems:
        """R3: the highest category needs a first or highest one, now or before."""
        if self.target_category == "highest" and not self._held:
            return {
                "target_category": (
                    N_("На высшую категорию можно претендовать, если есть или была первая или высшая."),
                )
            }
        return {}

    @rule
    def outside_duties_after_highest(self) -> Problems:
        """R4: methodist and mentor need the highest category."""
        if self.target_category in OUTSIDE_DUTIES and "highest" not in self._held:
            return {
                "target_category": (
                    N_("Для категорий «педагог-методист» и «педагог-наставник» нужна высшая категория."),
                )
            }
        return {}

    @rule
    def no_methodist_of_methodists(self) -> Problems:
        """R5: the category of a methodist is not for the position of a methodist."""
        if self.target_category == "methodist" and self.attested_position in METHODIST_POSITIONS:
            return {
                "attested_position": (N_("В должности методиста категория «педагог-методист» не устанавливается."),)
            }
        return {}

    @rule
    def period_in_order(self) -> Problems:
        """A period ends after it begins."""
        since, until = self.interattestation_from, self.interattestation_to
        if since is not None and until is not None and since >= until:
            return {"interattestation_to": (N_("Окончание периода должно быть позже начала."),)}
        return {}

    @rule
    def experience_within_the_whole(self) -> Problems:
        """Nobody is longer in a position than at work."""
        there, whole = self.experience_position, self.experience_total
        if there is not None and whole is not None and there > whole:
            return {"experience_position": (N_("Стаж в должности не может быть больше общего стажа."),)}
        return {}


def one_year_after(day: date) -> date:
    """Return the same day of the next year (29 February: 1 March)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _bars(form: Mapping[str, object], today: date) -> Problems:
    """R6: the same category not earlier than a year after the refusal; the first allowed date is shown."""
    try:
        refused_on = parse_date(form.get("refused_on"))
    except ValueError:  # none, or not a date yet: the field itself says so
        return {}
    first = one_year_after(refused_on)
    if today >= first or form.get("refused_category") != form.get("target_category"):
        return {}
    return {
        "refused_on": (N_("повторное заявление на ту же категорию принимается с %(day)s", day=f"{first:%d.%m.%Y}"),)
    }


def _outside(form: Mapping[str, object]) -> bool:
    return str(form.get("target_category")) in OUTSIDE_DUTIES


def _criteria(form: Mapping[str, object]) -> str:
    category = str(form.get("target_category") or "first")
    return f"a_{category}"


def _experts(form: Mapping[str, object], simplified_two: bool) -> int:  # noqa: FBT001 - the setting's own value
    """R14: three specialists exactly; two for an award holder when the centre's setting says so (0a.5)."""
    return 2 if simplified_two and form.get("awards") else 3


TYPE = CaseType(
    place="a",
    letter="АТ",
    about=N_(
        "Трое специалистов анализируют результаты работы, заключение уходит в аттестационную комиссию. "
        "Категорию устанавливает комиссия, не центр."
    ),
    shape=Shape(
        key="attestation_portfolio",
        title=N_("Аттестация: всесторонний анализ"),
        form=AttestationForm,
        attestation=True,
        decision=RecordDecision,
        returns=1,
        approval_issues=("consolidated_conclusion", "covering_letter"),
    ),
    examined=Examined(
        "профессиональная деятельность", "профессиональной деятельности", "профессиональную деятельность", personal=True
    ),
    attachments=(
        Attachment("application", N_("Заявление"), required=_told_here, expected=always),
        Attachment("category_order", N_("Копия акта об имеющейся категории"), expected=_holds),
        Attachment(
            "evidence",
            N_("Подтверждающие материалы"),
            expected=always,
            help=N_("По одному и больше на каждый критерий."),
        ),
        Attachment("petition", N_("Ходатайство работодателя"), required=_outside),
        Attachment("council_decision", N_("Решение педагогического совета"), expected=_outside),
        Attachment("union_agreement", N_("Согласование с профсоюзом"), expected=_outside),
        Attachment("consent_scan", N_("Согласие на обработку персональных данных (скан)")),
    ),
    picks=_criteria,
    policy=Policy(
        experts=3,
        terms={
            **COMMON_TERMS,
            "completion": working(5),
            "review": Term(20, "calendar"),
            "third_review": Term(10, "calendar"),
            "consideration": Term(30, "calendar", moves=False),
        },
        third="meeting",
        consent_bars=False,
    ),
    directions=("attestation",),
    settled=("target_category", "attested_position"),
    bars=_bars,
    number_of_experts=_experts,
    same=lambda form: (str(form.get("attested_position") or ""), str(form.get("target_category") or "")),
)
