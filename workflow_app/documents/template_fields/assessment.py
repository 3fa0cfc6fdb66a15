"""Fields of what experts found: of one expert's sheet, and of their common conclusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from workflow_app.documents.content.assessment_cards import ComparedRow, Consolidated, CriterionRow, Expert, ReviewSheet
from workflow_app.documents.kinds.wording import discrepancy_words
from workflow_app.documents.russian.grammar import decimal, percent
from workflow_app.documents.template_fields.field import (
    PEOPLE,
    Field,
    Group,
    Row,
    RowsField,
    number,
    of_part,
    of_person,
    of_position,
    on_day,
    people,
    rows_of,
)
from workflow_app.errors import N_, Sentence


def _share(found: Any) -> str:
    return percent(found.percent) if found.percent is not None else ""


def _opinion(part: str) -> tuple[Field, ...]:
    field = of_part(part)
    return (
        field("verdict", N_("вывод"), lambda one: one.verdict),
        field(
            "favourable", N_("«да», если вывод положительный, иначе пусто"), lambda one: "да" if one.favourable else ""
        ),
        field("percent", N_("итоговая оценка в процентах; пусто, если оценивают словами"), _share),
        field("strengths", N_("сильные стороны"), lambda one: one.strengths),
        field("remarks", N_("замечания"), lambda one: one.remarks),
        field("conclusions", N_("выводы текстом"), lambda one: one.conclusions),
        field("recommendations", N_("рекомендации"), lambda one: one.recommendations),
    )


_CRITERION: Final[Mapping[str, Sentence]] = {
    "n": N_("номер критерия"),
    "title": N_("критерий"),
    "indicators": N_("показатели"),
    "mark": N_("оценка: баллы или слово"),
    "maximum": N_("наибольший балл"),
    "weight": N_("вес"),
    "rationale": N_("обоснование"),
}
_NOT_APPLICABLE: Final = "не применяется"


def _criterion(row: CriterionRow) -> Row:
    mark = _NOT_APPLICABLE if row.not_applicable else row.word or number(row.points)
    return {
        "n": str(row.number),
        "title": row.title,
        "indicators": "; ".join(row.indicators),
        "mark": mark,
        "maximum": str(row.maximum),
        "weight": decimal(row.weight),
        "rationale": row.rationale,
    }


def _sheet() -> Group:
    field = of_part("sheet")
    expert: Callable[[Any], Expert] = lambda sheet: sheet.expert  # noqa: E731 - read three times below
    return Group(
        N_("Лист эксперта"),
        (
            *_opinion("sheet"),
            field("total", N_("сумма баллов"), lambda one: number(one.total)),
            field("maximum", N_("наибольшая сумма баллов"), lambda one: number(one.maximum)),
            field("signed_at", N_("когда подписан лист"), lambda one: on_day(one.signed_at)),
            *of_person("expert", N_("эксперт"), lambda m: expert(m.sheet).person if m.sheet else None),
            *of_position(
                "expert_position", N_("должность эксперта"), lambda m: expert(m.sheet).position if m.sheet else None
            ),
            field("expert_organisation", N_("организация эксперта"), lambda one: expert(one).organisation.n),
        ),
        (RowsField("criteria", N_("критерии с оценками"), _CRITERION, rows_of("sheet", _criteria)),),
    )


def _criteria(sheet: ReviewSheet) -> list[Row]:
    return [_criterion(row) for row in sheet.rows]


SHEET: Final = _sheet()

_COMPARED: Final[Mapping[str, Sentence]] = {
    "n": N_("номер критерия"),
    "title": N_("критерий"),
    "maximum": N_("наибольший балл"),
    "marks": N_("оценки экспертов через точку с запятой"),
    "mean": N_("средняя оценка"),
    "mark_1": N_("оценка первого эксперта"),
    "mark_2": N_("оценка второго эксперта"),
    "mark_3": N_("оценка третьего эксперта"),
    "weight": N_("вес"),
    "rationale": N_("обоснования экспертов, с новой строки"),
}


def _compared(row: ComparedRow) -> Row:
    said = [_NOT_APPLICABLE if one is None else str(one) for one in row.marks]
    each = {f"mark_{at}": said[at - 1] if at <= len(said) else "" for at in (1, 2, 3)}
    return {
        "n": str(row.number),
        "title": row.title,
        "maximum": str(row.maximum),
        "marks": "; ".join(said),
        "mean": number(row.mean),
        "weight": decimal(row.weight),
        "rationale": "\n".join(dict.fromkeys(filter(None, row.reasons))),
    } | each


def _dissents(found: Consolidated) -> list[Row]:
    return [
        dict(one) | {"text": note.text}
        for one, note in zip(people(n.expert for n in found.dissents), found.dissents, strict=True)
    ]


_consolidated = of_part("consolidated")
CONSOLIDATED: Final = Group(
    N_("Общее заключение экспертов"),
    (
        *_opinion("consolidated"),
        _consolidated("verdict_by_rule", N_("вывод по правилу подсчёта"), lambda one: one.verdict_by_rule),
        _consolidated("deviation", N_("почему вывод иной, чем по правилу"), lambda one: one.deviation),
        Field(
            "discrepancy",
            N_("о расхождении оценок"),
            lambda m: discrepancy_words(m.case, m.consolidated.discrepancy) if m.consolidated else "",
        ),
        _consolidated("experts_count", N_("сколько экспертов"), lambda one: str(len(one.experts))),
    ),
    (
        RowsField("experts", N_("эксперты"), PEOPLE, rows_of("consolidated", lambda one: people(one.experts))),
        RowsField(
            "criteria",
            N_("критерии с оценками экспертов"),
            _COMPARED,
            rows_of("consolidated", lambda one: [_compared(row) for row in one.rows]),
        ),
        RowsField(
            "dissents", N_("особые мнения"), {**PEOPLE, "text": N_("текст мнения")}, rows_of("consolidated", _dissents)
        ),
    ),
)
