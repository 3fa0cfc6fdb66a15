"""The states of a case: two titles each, who may see what (the permission map of decisions.md 33), whose turn, which term."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workflow_app.errors import N_, Sentence
from workflow_app.states.vocabulary import Permission as P
from workflow_app.states.vocabulary import State, Who

AUTHOR = frozenset({Who.APPLICANT, Who.ON_BEHALF})
AUTHORS = AUTHOR | {Who.CO_AUTHOR}
ENTERER = frozenset({Who.FOR_SCHOOL})
"""The school's officer who fills in for a teacher, as long as the papers are not with the centre (0a.18)."""
OFFICE = frozenset({Who.COORDINATOR, Who.DIRECTOR})
SCHOOL = frozenset({Who.SCHOOL_OFFICER})
EXPERTS = frozenset({Who.EXPERT})
COUNTED = frozenset({Who.COUNTED})
PANEL = frozenset({Who.PANEL})

Grants = dict[P, frozenset[Who]]

_DRAFT: Grants = {
    P.VIEW: AUTHORS | ENTERER, P.EDIT: AUTHOR | ENTERER, P.ATTACH: AUTHOR | ENTERER, P.SEE_MATERIALS: AUTHORS | ENTERER,
    P.SEE_HISTORY: AUTHORS | ENTERER,
}  # fmt: skip
_OFFICE: Grants = {
    P.VIEW: AUTHORS | OFFICE | SCHOOL, P.SEE_MATERIALS: AUTHORS | OFFICE, P.SEE_HISTORY: AUTHORS | OFFICE,
}  # fmt: skip
_RETURNED: Grants = {
    **_OFFICE, P.EDIT: AUTHOR | ENTERER, P.ATTACH: AUTHOR | ENTERER, P.SEE_MATERIALS: _OFFICE[P.SEE_MATERIALS] | ENTERER,
    P.SEE_HISTORY: _OFFICE[P.SEE_HISTORY] | ENTERER,
}  # fmt: skip
_ASSIGNING: Grants = {
    **_OFFICE, P.VIEW: _OFFICE[P.VIEW] | {Who.INVITEE, Who.ACCEPTED}, P.SEE_EXPERTS: OFFICE,
}  # fmt: skip
_REVIEW: Grants = {
    **_ASSIGNING,
    P.VIEW: _ASSIGNING[P.VIEW] | EXPERTS,
    P.SEE_MATERIALS: _OFFICE[P.SEE_MATERIALS] | EXPERTS,
    P.SEE_HISTORY: _OFFICE[P.SEE_HISTORY] | EXPERTS,
}
_CONSOLIDATION: Grants = {
    **_REVIEW,
    P.SEE_EXPERTS: OFFICE | COUNTED,
    P.SEE_REVIEWS: COUNTED | OFFICE,
    P.SEE_CONCLUSION: COUNTED | {Who.COORDINATOR},
}
_ON_APPROVAL: Grants = {**_CONSOLIDATION, P.SEE_CONCLUSION: COUNTED | OFFICE}
_APPROVED: Grants = {
    P.VIEW: _OFFICE[P.VIEW] | EXPERTS,
    P.SEE_MATERIALS: _OFFICE[P.SEE_MATERIALS],
    P.SEE_EXPERTS: OFFICE | COUNTED | AUTHORS,
    P.SEE_REVIEWS: COUNTED | OFFICE,
    P.SEE_CONCLUSION: COUNTED | OFFICE | AUTHORS,
    P.SEE_HISTORY: _OFFICE[P.SEE_HISTORY] | EXPERTS,
}
_REVISION: Grants = {**_APPROVED, P.EDIT: AUTHOR, P.ATTACH: AUTHOR}
_APPEALED: Grants = {
    **_APPROVED,
    P.VIEW: _APPROVED[P.VIEW] | PANEL,
    P.SEE_MATERIALS: _APPROVED[P.SEE_MATERIALS] | PANEL,
    P.SEE_EXPERTS: _APPROVED[P.SEE_EXPERTS] | PANEL,
    P.SEE_REVIEWS: _APPROVED[P.SEE_REVIEWS] | PANEL,
    P.SEE_CONCLUSION: _APPROVED[P.SEE_CONCLUSION] | PANEL,
    P.SEE_HISTORY: _APPROVED[P.SEE_HISTORY] | PANEL,
}
_ARCHIVED: Grants = {
    P.VIEW: _OFFICE[P.VIEW], P.SEE_MATERIALS: _OFFICE[P.SEE_MATERIALS], P.SEE_EXPERTS: OFFICE,
    P.SEE_CONCLUSION: OFFICE | AUTHORS, P.SEE_HISTORY: AUTHORS | OFFICE,
}  # fmt: skip


def as_shown(state: State, verdict: str | None, *, favourable: bool) -> State:
    """Return a state as those who know the verdict are told of it: an approved conclusion is good news only when it is."""
    if state.name != "approved" or verdict is None:
        return state
    if verdict != "revise":
        return replace(state, tone="good") if favourable else state
    title, to_author = N_("Утверждено: на доработку"), N_("Заключение утверждено: эксперты просят доработать материал")
    return replace(state, title=title, applicant_title=to_author, tone="attention")


def _attaching(grants: Grants, *, allowed: bool) -> Grants:
    """Add the right to attach, which an attestation gives its applicant until 5 working days before its date (R13)."""
    return {**grants, P.ATTACH: AUTHOR} if allowed else grants


def states(*, attestation: bool, revised: bool) -> tuple[State, ...]:
    """Return the states of a case type; an attestation names some of them otherwise and has two of its own."""
    own = _of_attestation() if attestation else _of_revision() if revised else ()
    return _on_the_way_in(attestation) + _judged(attestation) + _ended() + own


def _on_the_way_in(attestation: bool) -> tuple[State, ...]:  # noqa: FBT001 - the one thing that differs
    pick = _picker(attestation)
    return (
        State("draft", N_("Черновик"), N_("Черновик: ещё не отправлено"), _DRAFT, Who.APPLICANT, N_("Продолжить заполнение"), tone="draft"),
        State("submitted", N_("Подано"), N_("Подано, ждёт регистрации"), _OFFICE, Who.COORDINATOR, N_("Зарегистрировать"), "registration"),
        State(
            "registered", N_("Зарегистрировано"), N_("Зарегистрировано, проверяется комплектность"),
            _attaching(_OFFICE, allowed=attestation), Who.COORDINATOR, N_("Проверить комплектность"), "completeness", tone="work",
        ),
        State(
            "returned", N_("Возвращено для устранения замечаний"), N_("Нужно исправить замечания"),
            _RETURNED, Who.APPLICANT, N_("Исправить замечания"), "completion", tone="attention",
        ),
        State("declined", N_("Отказано в приёме документов"), N_("Отказано в приёме документов"), _OFFICE, term="appeal", tone="stopped"),
        State(
            "assigning", pick(N_("Формирование состава специалистов"), N_("Назначение экспертов")), N_("Подбираются эксперты"),
            _attaching(_ASSIGNING, allowed=attestation), Who.COORDINATOR, N_("Пригласить экспертов"), "assignment", tone="work",
        ),
    )  # fmt: skip


def _judged(attestation: bool) -> tuple[State, ...]:  # noqa: FBT001 - as above
    pick = _picker(attestation)
    return (
        State(
            "in_review", pick(N_("Всесторонний анализ"), N_("На экспертизе")), N_("Идёт экспертиза"),
            _attaching(_REVIEW, allowed=attestation), Who.EXPERT, N_("Заполнить экспертный лист"), "review", tone="work",
        ),
        State(
            "third_review", pick(N_("Согласование выводов специалистов"), N_("Дополнительная экспертиза")), N_("Идёт экспертиза"),
            _REVIEW, Who.LEAD if attestation else Who.COORDINATOR,
            pick(N_("Согласовать общий вывод"), N_("Назначить ещё одного эксперта")), "third_review", tone="attention",
        ),
        State(
            "consolidation", N_("Подготовка сводного заключения"), N_("Готовится заключение"), _CONSOLIDATION,
            Who.COORDINATOR, N_("Подготовить сводное заключение"), "consolidation", tone="work",
        ),
        State(
            "on_approval", N_("На утверждении"), N_("Заключение на утверждении"), _ON_APPROVAL,
            Who.DIRECTOR, N_("Утвердить"), "approval", tone="waiting",
        ),
        State(
            "approved", pick(N_("Комплект утверждён"), N_("Утверждено")), N_("Заключение утверждено"), _APPROVED,
            Who.COORDINATOR if attestation else None, N_("Направить в аттестационную комиссию") if attestation else None,
            "appeal", tone="done",
        ),
        State("appealed", N_("Апелляция рассматривается"), N_("Апелляция рассматривается"), _APPEALED, Who.DIRECTOR,
              N_("Рассмотреть апелляцию"), "appeal_review", tone="attention"),
    )  # fmt: skip


def _ended() -> tuple[State, ...]:
    return (
        State("closed", N_("Завершено"), N_("Завершено"), _APPROVED, term="archive", tone="done"),
        State("withdrawn", N_("Отозвано"), N_("Отозвано вами"), _OFFICE, term="archive", tone="stopped"),
        State("cancelled", N_("Аннулировано"), N_("Аннулировано"), _OFFICE, term="archive", tone="stopped"),
        State("archived", N_("В архиве"), N_("В архиве"), _ARCHIVED, final=True, tone="done"),
    )  # fmt: skip


def _picker(attestation: bool) -> Callable[[Sentence, Sentence], Sentence]:  # noqa: FBT001 - as above
    """Return the choice between an attestation's words and the others'."""
    return lambda mine, others: mine if attestation else others


def _of_attestation() -> tuple[State, ...]:
    return (
        State(
            "sent_to_commission", N_("Направлено в аттестационную комиссию"), N_("Направлено в аттестационную комиссию"),
            _APPROVED, Who.COORDINATOR, N_("Внести решение комиссии"), "decision", tone="waiting",
        ),
        State(
            "decided", N_("Решение аттестационной комиссии внесено"), N_("Решение аттестационной комиссии внесено"),
            _APPROVED, Who.COORDINATOR, N_("Завершить дело"), "closing", tone="good",
        ),
    )  # fmt: skip


def _of_revision() -> tuple[State, ...]:
    return (
        State(
            "on_revision", N_("На доработке у автора"), N_("На доработке у вас"), _REVISION,
            Who.APPLICANT, N_("Доработать и направить"), "revision", tone="attention",
        ),
    )  # fmt: skip
