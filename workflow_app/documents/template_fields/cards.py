"""Fields of single kinds of documents: orders, letters, notices, decisions, acts, protocols; and which kind has which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from workflow_app.documents.content.snapshot import AgendaItem, Reference
from workflow_app.documents.kinds.wording import appealed, referred, sat
from workflow_app.documents.russian.grammar import numbered
from workflow_app.documents.template_fields.assessment import CONSOLIDATED, SHEET
from workflow_app.documents.template_fields.field import (
    PEOPLE,
    SIGNED,
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
    person_of,
    rows_of,
    signed,
)
from workflow_app.errors import N_, Sentence


def _reference(part: str, name: str, prefix: str, about: Sentence) -> tuple[Field, ...]:
    """A document that another document names: date, number, both together."""

    def of(get: Callable[[Reference], str]) -> Callable[[Any], str]:
        return lambda card: get(found) if (found := getattr(card, name)) is not None else ""

    field = of_part(part)
    return (
        field(f"{prefix}_number", N_("%(what)s: номер", what=about), of(lambda one: numbered(one.number))),
        field(f"{prefix}_date", N_("%(what)s: дата", what=about), of(lambda one: on_day(one.date))),
        field(f"{prefix}_reference", N_("%(what)s: дата и номер", what=about), of(referred)),
    )


def _prepared(part: str) -> tuple[Field, ...]:
    return (
        *of_person("prepared_by", N_("исполнитель"), person_of(part, "prepared_by")),
        of_part(part)("phone", N_("телефон исполнителя"), lambda one: one.phone),
    )


_order = of_part("order")
_ORDER: Final = Group(
    N_("Приказ"),
    (
        *_reference("order", "conclusion", "conclusion", N_("заключение")),
        _order("conclusion_title", N_("какое заключение утверждается (винительный)"), lambda one: one.conclusion_title),
        *of_person("executor", N_("кто знакомит заявителя"), person_of("order", "executor")),
        *of_position("executor_position", N_("его должность"), person_of("order", "executor_position")),
        _order("by", N_("до какого дня ознакомить"), lambda one: on_day(one.by)),
    ),
    (
        RowsField(
            "acquainted",
            N_("кто знакомится с приказом"),
            {"n": N_("порядковый номер"), "name": N_("инициалы и фамилия"), "position": N_("должность")},
            rows_of(
                "order",
                lambda one: [
                    {"n": str(at), "name": person.short(), "position": position.n}
                    for at, (person, position) in enumerate(one.acquainted, start=1)
                ],
            ),
        ),
    ),
)

_letter = of_part("letter")
_LETTER: Final = Group(
    N_("Сопроводительное письмо"),
    (*_reference("letter", "conclusion", "conclusion", N_("заключение")), *_prepared("letter")),
    (
        RowsField(
            "enclosures",
            N_("приложения"),
            {"n": N_("порядковый номер"), "title": N_("название"), "sheets": N_("листов"), "copies": N_("экземпляров")},
            rows_of(
                "letter",
                lambda one: [
                    {"n": str(at), "title": it.title, "sheets": number(it.sheets), "copies": str(it.copies)}
                    for at, it in enumerate(one.enclosures, start=1)
                ],
            ),
        ),
    ),
)

_notice = of_part("notice")
_NOTICE: Final = Group(
    N_("Срок и форма аттестации"),
    (
        _notice("begins", N_("начало аттестации"), lambda one: on_day(one.begins)),
        _notice("ends", N_("конец аттестации"), lambda one: on_day(one.ends)),
        _notice("form", N_("форма проведения"), lambda one: one.form),
        _notice("place", N_("место проведения"), lambda one: one.place),
        _notice("documents_by", N_("до какого дня можно добавить документы"), lambda one: on_day(one.documents_by)),
        _notice("commission_on", N_("когда заседает комиссия"), lambda one: on_day(one.commission_on)),
        *_prepared("notice"),
    ),
)

_refusal = of_part("refusal")
_REFUSAL: Final = Group(
    N_("Отказ в приёме"),
    (
        _refusal("ground", N_("основание отказа"), lambda one: one.ground),
        _refusal("comment", N_("пояснение"), lambda one: one.comment),
        _refusal("appeal_until", N_("до какого дня можно подать апелляцию"), lambda one: on_day(one.appeal_until)),
        _refusal("appealable", N_("«да», если можно подать апелляцию"), lambda one: "да" if one.appealable else ""),
        *_prepared("refusal"),
    ),
)

_appeal = of_part("appeal")
_APPEAL: Final = Group(
    N_("Апелляция"),
    (
        _appeal("lodged", N_("когда подана апелляция"), lambda one: on_day(one.lodged_at)),
        _appeal("against", N_("что обжалуется (винительный)"), lambda one: appealed(one.against)),
        _appeal("arguments", N_("доводы апелляции"), lambda one: one.arguments),
        _appeal("reasons", N_("мотивы решения"), lambda one: one.reasons),
        _appeal("granted", N_("«да», если апелляция удовлетворена"), lambda one: "да" if one.granted else ""),
        _appeal("votes_for", N_("голосов за решение"), lambda one: str(one.votes.in_favour)),
        _appeal("votes_against", N_("голосов против"), lambda one: str(one.votes.against)),
        _appeal("decided", N_("когда принято решение"), lambda one: on_day(one.decided_on)),
        _appeal(
            "sitting",
            N_("когда и где заседала комиссия; пусто при опросе"),
            lambda one: sat(one.sitting) if one.sitting else "",
        ),
    ),
    (
        RowsField(
            "panel", N_("члены апелляционной комиссии"), PEOPLE, rows_of("appeal", lambda one: people(one.panel))
        ),
        RowsField(
            "panel_signatures",
            N_("подписи членов комиссии"),
            SIGNED,
            rows_of("appeal", lambda one: signed(one.signatures)),
        ),
    ),
)

_taken = of_part("appeal_notice")
_APPEAL_NOTICE: Final = Group(
    N_("Апелляция принята"),
    (
        _taken("lodged", N_("когда подана апелляция"), lambda one: on_day(one.lodged_at)),
        _taken("against", N_("что обжалуется (винительный)"), lambda one: appealed(one.against)),
        _taken("members", N_("сколько членов комиссии"), lambda one: str(one.members)),
        _taken("decide_by", N_("до какого дня решат"), lambda one: on_day(one.decide_by)),
        _taken(
            "sitting",
            N_("когда и где заседает комиссия; пусто при опросе"),
            lambda one: sat(one.sitting) if one.sitting else "",
        ),
        *_prepared("appeal_notice"),
    ),
)

_done = of_part("completion")
_ISSUED: Final[Mapping[str, Sentence]] = {
    "n": N_("порядковый номер"),
    "title": N_("документ"),
    "number": N_("номер"),
    "date": N_("дата"),
    "state": N_("состояние"),
}
_COMPLETION: Final = Group(
    N_("Завершение дела"),
    (
        _done("closed", N_("когда дело закрыто"), lambda one: on_day(one.closed_at)),
        _done("ended", N_("чем закончилось"), lambda one: one.ended),
        _done("verdict", N_("вывод; пусто, если его нет"), lambda one: one.verdict),
        _done("experts_count", N_("сколько экспертов"), lambda one: str(one.experts)),
        _done("sheets_count", N_("сколько листов"), lambda one: str(one.sheets)),
    ),
    (
        RowsField(
            "issued",
            N_("выданные документы"),
            _ISSUED,
            rows_of(
                "completion",
                lambda one: [
                    {"n": str(at), "title": it.title, "number": it.number, "date": on_day(it.date), "state": it.state}
                    for at, it in enumerate(one.documents, start=1)
                ],
            ),
        ),
    ),
)

_met = of_part("protocol")
_AGENDA: Final[Mapping[str, Sentence]] = {
    "n": N_("номер вопроса"),
    "subject": N_("о чём"),
    "heard": N_("кто докладывал"),
    "report": N_("что доложено"),
    "decided": N_("решение"),
    "in_favour": N_("голосов за"),
    "against": N_("голосов против"),
    "abstained": N_("воздержались"),
}


def _agenda(at: int, one: AgendaItem) -> Row:
    votes = one.votes
    return {
        "n": str(at),
        "subject": one.subject,
        "heard": one.heard.person.full() if one.heard else "",
        "report": one.report,
        "decided": "\n".join(one.decided),
        "in_favour": str(votes.in_favour) if votes else "",
        "against": str(votes.against) if votes else "",
        "abstained": str(votes.abstained) if votes else "",
    }


_PROTOCOL: Final = Group(
    N_("Заседание"),
    (
        _met("body_g", N_("протокол чего"), lambda one: one.body_g),
        _met("held_on", N_("когда состоялось"), lambda one: on_day(one.sitting.on if one.sitting else one.held_on)),
        _met(
            "sitting", N_("когда и где заседали; пусто при опросе"), lambda one: sat(one.sitting) if one.sitting else ""
        ),
        _met("absent", N_("«да», если это заочный опрос"), lambda one: "да" if one.ballots else ""),
        *of_person("chair", N_("председатель"), lambda m: m.protocol.chair.person if m.protocol else None),
        *of_person(
            "secretary",
            N_("секретарь"),
            lambda m: m.protocol.secretary.person if m.protocol and m.protocol.secretary else None,
        ),
    ),
    (
        RowsField("present", N_("присутствовали"), PEOPLE, rows_of("protocol", lambda one: people(one.present))),
        RowsField(
            "ballots",
            N_("опросные листы"),
            {
                "n": N_("порядковый номер"),
                "name": N_("член комиссии"),
                "answer": N_("ответ"),
                "signed": N_("как и когда подписан"),
            },
            rows_of(
                "protocol",
                lambda one: [
                    {"n": str(at), "name": it.member.person.full(), "answer": it.answer, "signed": it.signed}
                    for at, it in enumerate(one.ballots, start=1)
                ],
            ),
        ),
        RowsField("invited", N_("приглашены"), PEOPLE, rows_of("protocol", lambda one: people(one.invited))),
        RowsField(
            "agenda",
            N_("повестка дня и решения"),
            _AGENDA,
            rows_of("protocol", lambda one: [_agenda(at, it) for at, it in enumerate(one.agenda, start=1)]),
        ),
    ),
)

# By kind of document: what it has beyond what all have.
OF_KIND: Final[Mapping[str, Group]] = {
    "expert_sheet": SHEET,
    "expert_conclusion": SHEET,
    "consolidated_conclusion": CONSOLIDATED,
    "order": _ORDER,
    "covering_letter": _LETTER,
    "term_notice": _NOTICE,
    "refusal_notice": _REFUSAL,
    "appeal_decision": _APPEAL,
    "appeal_notice": _APPEAL_NOTICE,
    "completion_act": _COMPLETION,
    "protocol": _PROTOCOL,
    "appeal_protocol": _PROTOCOL,
}
