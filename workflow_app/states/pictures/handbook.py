"""A workflow told to people: who stands where, what they may see and do, under which conditions, in words.

The pages, ``docs/workflows.md`` and the golden table of permissions all read the workflow through this one module, so that
none of them can say another thing than the rules do.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass

from workflow_app.calendar.terms import Term
from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions.case.states import states
from workflow_app.states.pictures.diagram import MANY
from workflow_app.states.standings import TITLES
from workflow_app.states.vocabulary import Condition, Guard, Permission, State, Transition, Trigger, Who, Workflow

_WHO: Mapping[Who, Sentence] = {
    Who.ANYONE: N_("любой, кто вошёл"), Who.PUBLIC: N_("кто угодно, без входа"),
    Who.SYSTEM: N_("система"), Who.OWN: N_("сам человек"), Who.APPLICANT: N_("заявитель"),
    Who.CO_AUTHOR: N_("соавтор"), Who.ON_BEHALF: N_("координатор за заявителя"), Who.INVITEE: N_("приглашённый эксперт"),
    Who.ACCEPTED: N_("эксперт, принявший приглашение"), Who.EXPERT: N_("эксперт дела"),
    Who.COUNTED: N_("эксперт с подписанным листом"), Who.LEAD: N_("ведущий специалист"),
    Who.PANEL: N_("член апелляционной комиссии"), Who.COORDINATOR: N_("координатор"), Who.DIRECTOR: N_("директор"),
    Who.DEPARTMENT: N_("управление образования"), Who.REGIONAL: N_("региональный наблюдатель"),
    Who.ADMIN: N_("администратор"), Who.SCHOOL_OFFICER: N_("ответственный от организации"),
    Who.FOR_SCHOOL: N_("ответственный от организации за педагога"),
    Who.INVOLVED: N_("причастный к делу"),
    Who.PREPARED: N_("кто сам составил, направил или предложил"), Who.DEPUTY: N_("заместитель директора по приказу"),
    Who.MEMBER: N_("любой педагог муниципалитета"),
}  # fmt: skip
WHO: Mapping[Who, Sentence] = ChainMap(dict(_WHO), TITLES)

PERMISSIONS: Mapping[Permission, tuple[Sentence, Sentence]] = {
    Permission.VIEW: (N_("К"), N_("видит карточку")), Permission.EDIT: (N_("П"), N_("правит форму")),
    Permission.ATTACH: (N_("Ф"), N_("прикладывает файлы")), Permission.SEE_MATERIALS: (N_("М"), N_("видит материалы")),
    Permission.SEE_EXPERTS: (N_("Э"), N_("видит имена экспертов")), Permission.SEE_REVIEWS: (N_("Л"), N_("видит экспертные листы")),
    Permission.SEE_CONCLUSION: (N_("З"), N_("видит заключение")), Permission.SEE_HISTORY: (N_("И"), N_("видит историю")),
    Permission.SEE_LETTERS: (N_("У"), N_("видит письма заявителю")),
    Permission.SEE_PUBLISHED: (N_("О"), N_("видит открытую страницу")),
    Permission.SEE_MINUTES: (N_("А"), N_("видит протокол апелляционной комиссии")),
}  # fmt: skip
"""A letter for the table and the words behind it."""

TRIGGERS: Mapping[Trigger, Sentence] = {
    Trigger.USER: N_("человек"), Trigger.AUTOMATIC: N_("само, как только выполнены условия"),
    Trigger.TIMER: N_("само, по сроку"), Trigger.CASCADE: N_("само, вслед за другим действием"),
}  # fmt: skip

TERMS: Mapping[str, Sentence] = {
    "registration": N_("Регистрация"), "completeness": N_("Проверка комплектности"),
    "completion": N_("Устранение замечаний заявителем"), "consideration": N_("Рассмотрение заявления и назначение даты"),
    "answer": N_("Ответ эксперта на приглашение"), "assignment": N_("Назначение экспертов"),
    "review": N_("Экспертиза"), "third_review": N_("Дополнительная экспертиза"),
    "consolidation": N_("Сводное заключение"), "approval": N_("Утверждение"), "appeal": N_("Подача апелляции"),
    "appeal_review": N_("Рассмотрение апелляции"), "revision": N_("Доработка автором"),
    "decision": N_("Проведение аттестации"), "closing": N_("Завершение дела"), "archive": N_("Передача в архив"),
}  # fmt: skip
"""What a term is for, by its key in a case type's policy."""

_OF_OFFICE, _OF_APPLICANT = (Who.COORDINATOR, N_("Срок координатора")), (Who.APPLICANT, N_("Срок заявителя"))
_OF_EXPERTS = (Who.EXPERT, N_("Срок экспертов"))
WHOSE: Mapping[str, tuple[Who | None, Sentence]] = {
    "registration": _OF_OFFICE, "completeness": _OF_OFFICE, "assignment": _OF_OFFICE, "consolidation": _OF_OFFICE, "closing": _OF_OFFICE,
    "completion": _OF_APPLICANT, "revision": _OF_APPLICANT, "review": _OF_EXPERTS, "third_review": _OF_EXPERTS,
    "answer": (Who.EXPERT, N_("Срок эксперта")), "approval": (Who.DIRECTOR, N_("Срок директора")),
    "appeal_review": (Who.PANEL, N_("Срок апелляционной комиссии")), "decision": (None, N_("Срок аттестационной комиссии")),
}  # fmt: skip
"""Who has to keep a term, and how it is called to others. A term that stands not here (the days to appeal, the way to the
archive) binds nobody: its end is nobody's delay."""

_CONDITIONS: Mapping[str, Sentence] = {
    "complete": N_("заполнено и приложено всё обязательное"),
    "places left": N_("приглашены ещё не все нужные эксперты"),
    "enough accepted": N_("приглашение приняли столько экспертов, сколько нужно"),
    "lead named": N_("назначен ведущий специалист"),
    "someone accepted": N_("приглашение принял хотя бы один эксперт"),
    "all signed": N_("подписаны все нужные листы, открытых назначений нет"),
    "settled": N_("расхождения нет, или дополнительная экспертиза уже была"),
    "not settled": N_("оценки расходятся, дополнительной экспертизы ещё не было"),
    "all decided": N_("все специалисты согласились с общим выводом или выразили особое мнение"),
    "nobody open": N_("нет приглашённых и работающих экспертов"),
    "sheets of all but the added": N_("подписаны все листы, кроме дополнительного"),
    "all refused": N_("все приглашённые эксперты отказались"),
    "circulated": N_("текст заключения направлен экспертам"),
    "all answered": N_("все эксперты подписали заключение, в том числе с особым мнением"),
    "no conflict of interest": N_("ни у одного эксперта нет неснятого конфликта интересов"),
    "no conflict of interest of one's own": N_("у эксперта нет неснятого конфликта интересов"),
    "a bar that may be lifted": N_("эксперт работает в одной организации с автором, и запрет снимается"),
    "brought by the leader": N_("отчёт о программе самого центра представил её руководитель"),
    "defended in public": N_("состоялась публичная защита, если это программа самого центра"),
    "the act is recorded": N_("решение по рекомендации внесено"),
    "the act is awaited": N_("решение по рекомендации ещё не внесено"),
    "the centre's own work": N_("это программа самого центра, или директор – заявитель или автор"),
    "not the centre's own work": N_("директор не заявитель и не автор"),
    "decline proposed": N_("координатор предложил отказ"),
    "not decline proposed": N_("отказ ещё не предложен"),
    "no decline pending": N_("нет предложенного отказа, который ждёт директора"),
    "lapsed": N_("срок истёк"),
    "lapsed or registered": N_("дело зарегистрировано, или срок устранения замечаний истёк"),
    "verdict is revise": N_("вывод «на доработку»"),
    "not verdict is revise": N_("вывод не «на доработку»"),
    "appeal term over": N_("срок апелляции истёк, или заявитель от неё отказался, или она рассмотрена"),
    "appeal term open": N_("срок апелляции идёт, заявитель от неё не отказывался"),
    "term of closing over": N_("срок завершения дела истёк (если решение комиссии внесено)"),
    "no appeal yet": N_("апелляции ещё не было"),
    "panel appointed": N_("назначена апелляционная комиссия"),
    "panel meets": N_("решают опросом, или день заседания наступил"),
    "votes grant": N_("проголосовали все, большинство за удовлетворение"),
    "votes dismiss": N_("проголосовали все, большинство за отклонение"),
    "came from declined": N_("апелляция подана на отказ в приёме"),
    "not came from declined": N_("апелляция подана на заключение"),
    "additions open": N_("до аттестации не меньше 5 рабочих дней"),
    "no revision pending": N_("автор уже не может взять материал на доработку"),
    "conclusion to answer": N_("эксперт ещё не ответил на этот текст заключения"),
    "common result to decide": N_("специалист ещё не ответил на общий вывод"),
    "declared before": N_("декларация подписана раньше"),
}  # fmt: skip


def length_said(term: Term) -> Sentence:
    """Return «10 раб. дн.» or «20 календ. дн.»."""
    if term.unit == "working":
        return N_("%(n)s раб. дн.", n=term.length)
    return N_("%(n)s календ. дн.", n=term.length)


_RETURNED = re.compile(r"returned fewer than (\d+) times")
_ROUND = re.compile(r"round below (\d+)")
_CASE_IN = re.compile(r"case in (.+)")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What each standing may in one state, permissions in their declared order."""

    state: State
    cells: Mapping[Who, tuple[Permission, ...]]


@dataclass(frozen=True, slots=True)
class Move:
    """A transition in words. ``ways``: each target with the conditions that choose it; none: the state stays."""

    transition: Transition
    sources: tuple[State, ...]
    ways: tuple[tuple[State, tuple[Sentence, ...]], ...]
    by: tuple[Sentence, ...]
    unless: tuple[Sentence, ...]
    when: tuple[Sentence, ...]


def words_of(condition: Condition) -> Sentence:
    """Say what a condition demands. Without words of its own: what is said when it fails, or its name."""
    if found := condition.words or _CONDITIONS.get(condition.name):
        return found
    if match := _RETURNED.fullmatch(condition.name):
        return N_("дело возвращали меньше чем %(n)s раз", n=match[1])
    if match := _ROUND.fullmatch(condition.name):
        return N_("идёт не последний раунд (всего их %(n)s)", n=match[1])
    if match := _CASE_IN.fullmatch(condition.name):
        titles = {one.name: str(one.title) for one in states(attestation=False, revised=True)}
        return N_(
            "дело в состоянии: %(states)s", states=", ".join(titles.get(one, one) for one in match[1].split(", "))
        )
    return condition.sentence if isinstance(condition.sentence, Sentence) else N_(condition.name)


def has_words(condition: Condition) -> bool:
    """Whether the condition has words of its own: a test asks it of every condition in use."""
    plain = (condition.sentence, N_(condition.name))
    return condition.words is not None or condition.name in _CONDITIONS or words_of(condition) not in plain


def standings(flow: Workflow) -> tuple[Who, ...]:
    """Return the standings that some state of the workflow grants anything to, in the order of ``Who``."""
    granted = {who for state in flow.states.values() for many in state.grants.values() for who in many}
    return tuple(who for who in Who if who in granted)


def ordered(flow: Workflow) -> tuple[State, ...]:
    """Return the states as one reads them: the road in its order, each other state after the first step that leads to it.

    What may be reached from many states comes last, before the final ones.
    """
    place = {name: float(number) for number, name in enumerate(flow.road or (flow.initial,))}
    many = {target.state for one in flow.transitions.values() if len(one.sources) > MANY for target in one.targets}
    for transition in flow.transitions.values():
        before = [place[name] for name in transition.sources if name in place]
        for target in transition.targets:
            if before and target.state not in many:
                place.setdefault(target.state, min(before) + 0.5)
    return tuple(sorted(flow.states.values(), key=lambda one: (one.final, place.get(one.name, len(flow.states)))))


def grant_rows(flow: Workflow) -> tuple[GrantRow, ...]:
    """Return the permission table, a row a state."""
    return tuple(
        GrantRow(
            state, {who: tuple(p for p in Permission if who in state.grants.get(p, ())) for who in standings(flow)}
        )
        for state in ordered(flow)
    )


def moves(flow: Workflow) -> tuple[Move, ...]:
    """Return the transitions in words, in their declared order."""
    return tuple(_move(flow, one) for one in flow.transitions.values())


def _move(flow: Workflow, one: Transition) -> Move:
    ways = tuple((flow.state(target.state), (words_of(target.when),) if target.when else ()) for target in one.targets)
    return Move(
        one,
        tuple(flow.state(name) for name in one.sources),
        ways,
        told(one.guard.by),
        told(one.guard.unless | one.guard.stops.keys()),
        conditions(one.guard),
    )


def told(many: frozenset[Who]) -> tuple[Sentence, ...]:
    """Return standings in words, in the order of ``Who``."""
    return tuple(WHO[who] for who in Who if who in many)


def conditions(guard: Guard) -> tuple[Sentence, ...]:
    """Return what a guard demands, a right in the present state included."""
    right = (N_("есть право: %(what)s", what=PERMISSIONS[guard.permission][1]),) if guard.permission else ()
    return right + tuple(words_of(one) for one in guard.when)
