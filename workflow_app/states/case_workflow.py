"""The case workflow: one builder, one workflow value per case type (decisions.md 7), mended as its table says.

Read :func:`build` top to bottom: it is the state machine of domain.md 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workflow_app.errors import N_, Sentence
from workflow_app.states import case_sheets as s
from workflow_app.states import conditions as c
from workflow_app.states.case_states import AUTHOR, states
from workflow_app.states.sheets import Nothing, Sheet
from workflow_app.states.vocabulary import (
    Condition,
    Guard,
    Target,
    Tone,
    Transition,
    Trigger,
    Who,
    Workflow,
    workflow,
)

BEFORE_APPROVAL = (
    "submitted", "registered", "returned", "assigning", "in_review", "third_review", "consolidation", "on_approval",
)  # fmt: skip
IN_WORK = ("registered", "assigning", "in_review", "third_review", "consolidation", "on_approval")
WITH_ASSIGNMENTS = ("assigning", "in_review", "third_review")


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between the case types: their forms, and the switches of domain.md 5."""

    key: str
    title: Sentence
    form: type[Sheet]
    revision_form: type[Sheet] | None = None
    attestation: bool = False
    rounds: int = 3
    returns: int = 2
    approval_issues: tuple[str, ...] = ("consolidated_conclusion", "order")


def _author(*when: Condition) -> Guard:
    return Guard(AUTHOR, when=when)


def _coordinator(*when: Condition) -> Guard:
    return Guard(frozenset({Who.COORDINATOR}), frozenset({Who.INVOLVED}), when=when)


def _director(*when: Condition) -> Guard:
    return Guard(frozenset({Who.DIRECTOR}), frozenset({Who.INVOLVED}), when=when)


def _panel(*when: Condition) -> Guard:
    return Guard(frozenset({Who.PANEL}), frozenset({Who.INVOLVED}), when=when)


def _system(*when: Condition) -> Guard:
    return Guard(frozenset({Who.SYSTEM}), when=when)


def _to(state: str) -> tuple[Target, ...]:
    return (Target(state),)


def build(shape: Shape) -> Workflow:
    """Return the workflow of a case type."""
    parts: list[Iterable[Transition]] = [
        _ways_in(shape), _refusals(shape), _assignment(shape), _review(shape), _conclusion(shape),
        _commission() if shape.attestation else _revision(shape), _appeal(), _ends(shape),
    ]  # fmt: skip
    road = ["submitted", "registered", "assigning", "in_review", "consolidation", "on_approval", "approved"]
    road += ["sent_to_commission", "decided"] if shape.attestation else []
    return workflow(
        name=shape.key,
        title=shape.title,
        initial="draft",
        states=states(attestation=shape.attestation),
        transitions=tuple(one for part in parts for one in part),
        begin=Guard(frozenset({Who.ANYONE})),
        road=("draft", *road, "closed"),
    )


def _ways_in(shape: Shape) -> Iterable[Transition]:
    yield Transition(
        "submit", N_("Подать"), ("draft", "returned"), _author(c.complete), _to("submitted"), asks=shape.form,
        tone=Tone.PRIMARY, past=N_("Материалы поданы"), subject_of="submit",
    )  # fmt: skip
    yield Transition("discard", N_("Удалить черновик"), ("draft",), _author(), _to("withdrawn"), tone=Tone.DANGER, past=N_("Черновик удалён"))
    yield Transition(
        "register", N_("Зарегистрировать"), ("submitted",), _coordinator(), _to("registered"), asks=s.Register,
        numbers="case", tone=Tone.PRIMARY, past=N_("Зарегистрировано"),
    )  # fmt: skip
    yield Transition(
        "return", N_("Вернуть для устранения замечаний"), ("registered",),
        _coordinator(c.returns_below(shape.returns), c.no_decline_pending), _to("returned"), asks=s.ReturnRemarks,
        past=N_("Возвращено для устранения замечаний"), subject_of="return",
    )  # fmt: skip
    start = s.StartAttestation if shape.attestation else s.Start
    issues = ("term_notice",) if shape.attestation else ()
    yield Transition(
        "start", N_("Назначить дату и перейти к составу") if shape.attestation else N_("Перейти к назначению экспертов"),
        ("registered",), _coordinator(c.no_decline_pending), _to("assigning"), asks=start, issues=issues,
        tone=Tone.PRIMARY, past=N_("Комплект проверен, начат подбор экспертов"),
    )  # fmt: skip


def _refusals(shape: Shape) -> Iterable[Transition]:
    if shape.attestation:
        yield Transition(
            "propose_decline", N_("Предложить отказ в приёме"), ("registered", "returned"),
            _coordinator(c.no_decline_pending, c.lapsed_or_registered), asks=s.ProposeDecline,
            tone=Tone.DANGER, past=N_("Предложен отказ в приёме документов"),
        )  # fmt: skip
        yield Transition(
            "decline", N_("Подтвердить отказ в приёме"), ("registered", "returned"), _director(c.decline_proposed),
            _to("declined"), asks=s.ConfirmDecline, tone=Tone.DANGER, past=N_("Отказано в приёме документов"),
        )  # fmt: skip
        yield Transition(
            "refuse_decline", N_("Не соглашаться с отказом"), ("registered", "returned"), _director(c.decline_proposed),
            asks=s.RefuseDecline, past=N_("Директор не согласился с отказом"),
        )  # fmt: skip
        yield Transition(
            "lapse", N_("Срок устранения замечаний истёк"), ("returned",), _system(c.lapsed, c.decline_not_proposed),
            trigger=Trigger.TIMER, asks=s.Lapse, past=N_("Срок истёк, предложен отказ в приёме"),
        )  # fmt: skip
        return
    yield Transition(
        "decline", N_("Отказать в приёме"), ("registered",), _coordinator(), _to("declined"), asks=s.Decline,
        tone=Tone.DANGER, past=N_("Отказано в приёме документов"),
    )  # fmt: skip
    yield Transition(
        "lapse", N_("Срок устранения замечаний истёк"), ("returned",), _system(c.lapsed), _to("withdrawn"),
        trigger=Trigger.TIMER, asks=s.Lapse, past=N_("Срок устранения замечаний истёк"),
    )  # fmt: skip


def _assignment(shape: Shape) -> Iterable[Transition]:
    yield Transition(
        "invite", N_("Пригласить экспертов"), WITH_ASSIGNMENTS, _coordinator(c.places_left), asks=s.Invite,
        tone=Tone.PRIMARY, past=N_("Приглашены эксперты"), subject_of="invite",
    )  # fmt: skip
    if shape.attestation:
        yield Transition(
            "name_lead", N_("Назначить ведущего специалиста"), WITH_ASSIGNMENTS, _coordinator(c.someone_accepted),
            asks=s.NameLead, past=N_("Назначен ведущий специалист"),
        )  # fmt: skip
    else:
        yield Transition(
            "no_expert", N_("Отказать: экспертов нет"), ("assigning",), _director(c.all_refused), _to("declined"),
            asks=s.NoExpert, tone=Tone.DANGER, past=N_("Отказано: экспертов нет"),
        )  # fmt: skip
    when = (c.enough_accepted, c.lead_named) if shape.attestation else (c.enough_accepted,)
    yield Transition(
        "begin", N_("Начать экспертизу"), ("assigning",), _system(*when), _to("in_review"), Trigger.AUTOMATIC,
        past=N_("Экспертиза начата"),
    )  # fmt: skip


def _review(shape: Shape) -> Iterable[Transition]:
    sources = ("in_review",) if shape.attestation else ("in_review", "third_review")
    yield Transition(
        "review_done", N_("Все оценки получены"), sources, _system(c.all_signed, c.settled), _to("consolidation"),
        Trigger.AUTOMATIC, past=N_("Все оценки получены"),
    )  # fmt: skip
    yield Transition(
        "diverge", N_("Выявлено расхождение оценок"), ("in_review",), _system(c.all_signed, c.unsettled),
        _to("third_review"), Trigger.AUTOMATIC, asks=s.Diverge, past=N_("Выявлено расхождение оценок"),
    )  # fmt: skip
    if shape.attestation:
        lead = Guard(frozenset({Who.LEAD}), when=())
        yield Transition(
            "draft_common", N_("Предложить общий вывод"), ("third_review",), lead, asks=s.DraftCommonResult,
            tone=Tone.PRIMARY, past=N_("Предложен общий вывод специалистов"),
        )  # fmt: skip
        yield Transition(
            "common_result", N_("Утвердить общий вывод"), ("third_review",),
            Guard(frozenset({Who.LEAD}), when=(c.all_decided,)), _to("consolidation"), asks=s.CommonResult, signs=True,
            tone=Tone.PRIMARY, past=N_("Специалисты пришли к общему выводу"),
        )  # fmt: skip
    yield Transition(
        "settle_without", N_("Решить без дополнительной экспертизы"), ("third_review",), _director(c.nobody_open),
        _to("consolidation"), asks=s.SettleWithout, past=N_("Расхождение оставлено без дополнительной экспертизы"),
    )  # fmt: skip


def _conclusion(shape: Shape) -> Iterable[Transition]:
    yield Transition(
        "circulate", N_("Направить экспертам на подпись"), ("consolidation",), _coordinator(), asks=s.ConclusionText,
        tone=Tone.PRIMARY, past=N_("Текст заключения направлен экспертам"), subject_of="consolidate",
    )  # fmt: skip
    yield Transition(
        "propose", N_("Передать на утверждение"), ("consolidation",), _coordinator(c.circulated, c.all_answered),
        _to("on_approval"), asks=s.Propose, tone=Tone.PRIMARY, past=N_("Передано на утверждение"),
    )  # fmt: skip
    by = {Who.COORDINATOR} if shape.attestation else {Who.COORDINATOR, Who.DIRECTOR}
    yield Transition(
        "send_back", N_("Вернуть экспертам"), ("consolidation", "on_approval"),
        Guard(frozenset(by), frozenset({Who.INVOLVED})), _to("in_review"), asks=s.SendBack, past=N_("Возвращено экспертам"),
    )  # fmt: skip
    yield Transition(
        "return_text", N_("Вернуть текст координатору"), ("on_approval",), _director(), _to("consolidation"),
        asks=s.ReturnText, past=N_("Текст заключения возвращён координатору"),
    )  # fmt: skip
    yield Transition(
        "approve", N_("Утвердить комплект и подписать письмо") if shape.attestation else N_("Утвердить"),
        ("on_approval",), _director(), _to("approved"), asks=s.Approve, issues=shape.approval_issues, signs=True,
        tone=Tone.PRIMARY, past=N_("Утверждено"), subject_of="approve",
    )  # fmt: skip
    yield Transition(
        "reissue", N_("Выдать документ заново"),
        ("approved", "sent_to_commission", "decided", "closed") if shape.attestation else ("approved", "closed"),
        _director(), asks=s.Reissue, signs=True, past=N_("Документ выдан заново"),
    )  # fmt: skip


def _commission() -> Iterable[Transition]:
    yield Transition(
        "send", N_("Направить в аттестационную комиссию"), ("approved",), _coordinator(c.appeal_over),
        _to("sent_to_commission"), asks=s.Send, tone=Tone.PRIMARY, past=N_("Направлено в аттестационную комиссию"),
    )  # fmt: skip
    yield Transition(
        "record", N_("Внести решение комиссии"), ("sent_to_commission",), _coordinator(), _to("decided"),
        asks=s.RecordDecision, tone=Tone.PRIMARY, past=N_("Внесено решение аттестационной комиссии"),
    )  # fmt: skip
    yield Transition(
        "correct_record", N_("Исправить запись о решении"), ("decided",), _coordinator(), asks=s.CorrectRecord,
        past=N_("Запись о решении исправлена"),
    )  # fmt: skip
    yield Transition(
        "recall", N_("Вернуть из комиссии"), ("sent_to_commission",), _coordinator(), _to("consolidation"),
        asks=s.Recall, past=N_("Комплект возвращён комиссией"),
    )  # fmt: skip
    yield Transition(
        "add_documents", N_("Добавить документы"), ("registered", "assigning", "in_review"), _author(c.additions_open),
        asks=s.AddDocuments, past=N_("Добавлены документы"),
    )  # fmt: skip


def _revision(shape: Shape) -> Iterable[Transition]:
    again = (c.verdict_revise, c.round_below(shape.rounds))
    yield Transition(
        "ask_revision", N_("Доработать материал"), ("approved",), _author(*again), _to("on_revision"),
        asks=s.AskRevision, tone=Tone.PRIMARY, past=N_("Автор взял материал на доработку"),
    )  # fmt: skip
    yield Transition(
        "resubmit", N_("Направить доработанный материал"), ("on_revision",), _author(c.complete), _to("assigning"),
        asks=shape.revision_form or shape.form, tone=Tone.PRIMARY, past=N_("Направлен доработанный материал"),
        subject_of="submit",
    )  # fmt: skip
    yield Transition(
        "lapse_revision", N_("Срок доработки истёк"), ("on_revision",), _system(c.lapsed), _to("closed"),
        Trigger.TIMER, asks=s.Lapse, past=N_("Срок доработки истёк"),
    )  # fmt: skip


def _appeal() -> Iterable[Transition]:
    yield Transition(
        "appeal", N_("Подать апелляцию"), ("approved", "declined"), _author(c.appeal_open, c.appeal_once),
        _to("appealed"), asks=s.Appeal, past=N_("Подана апелляция"),
    )  # fmt: skip
    yield Transition(
        "waive_appeal", N_("Отказаться от апелляции"), ("approved", "declined"), _author(c.appeal_open, c.appeal_once),
        asks=s.WaiveAppeal, past=N_("Заявитель отказался от апелляции"),
    )  # fmt: skip
    yield Transition(
        "appoint_panel", N_("Назначить апелляционную комиссию"), ("appealed",), _director(), asks=s.AppointPanel,
        tone=Tone.PRIMARY, past=N_("Назначена апелляционная комиссия"),
    )  # fmt: skip
    yield Transition(
        "vote", N_("Проголосовать по апелляции"), ("appealed",), _panel(c.panel_appointed), asks=s.Vote, signs=True,
        tone=Tone.PRIMARY, past=N_("Член комиссии проголосовал"),
    )  # fmt: skip
    back = (Target("declined", c.came_declined), Target("approved", c.came_approved))
    yield Transition(
        "dismiss_appeal", N_("Отклонить апелляцию, заключение оставить без изменения"), ("appealed",),
        _panel(c.votes_dismiss), back, asks=s.DismissAppeal, issues=("appeal_decision",), past=N_("Апелляция отклонена"),
    )  # fmt: skip
    yield Transition(
        "grant_appeal", N_("Удовлетворить апелляцию"), ("appealed",), _panel(c.votes_grant),
        (Target("registered", c.came_declined), Target("assigning", c.came_approved)), asks=s.GrantAppeal,
        issues=("appeal_decision",), past=N_("Апелляция удовлетворена"),
    )  # fmt: skip
    yield Transition(
        "withdraw_appeal", N_("Отозвать апелляцию"), ("appealed",), _author(), back, asks=s.WithdrawAppeal,
        past=N_("Апелляция отозвана"),
    )  # fmt: skip


def _ends(shape: Shape) -> Iterable[Transition]:
    if shape.attestation:
        closing, withdrawable = ("decided", "declined"), (*BEFORE_APPROVAL, "approved", "sent_to_commission")
        cancellable = (*BEFORE_APPROVAL[1:], "approved", "sent_to_commission", "decided")
        over: tuple[Condition, ...] = (c.appeal_over,)
    else:
        closing, withdrawable = ("approved", "declined"), (*BEFORE_APPROVAL, "on_revision")
        cancellable = (*BEFORE_APPROVAL[1:], "approved", "on_revision")
        over = (c.appeal_over, c.no_revision_pending)
    yield Transition("close", N_("Завершить"), closing, _coordinator(*over), _to("closed"), past=N_("Дело завершено"))
    yield Transition(
        "close_on_time", N_("Завершить по сроку"), closing, _system(*over), _to("closed"), Trigger.TIMER, past=N_("Дело завершено"),
    )  # fmt: skip
    yield Transition(
        "withdraw", N_("Отозвать"), withdrawable, _author(), _to("withdrawn"), asks=s.Withdraw, tone=Tone.DANGER,
        past=N_("Отозвано заявителем"),
    )  # fmt: skip
    yield Transition(
        "cancel", N_("Аннулировать"), cancellable, _director(), _to("cancelled"), asks=s.Cancel, tone=Tone.DANGER,
        past=N_("Дело аннулировано"),
    )  # fmt: skip
    yield Transition("amend", N_("Исправить карточку"), IN_WORK, _coordinator(), asks=s.Amend, past=N_("Карточка исправлена"))
    yield Transition("extend", N_("Продлить срок"), IN_WORK, _coordinator(), asks=s.Extend, past=N_("Срок продлён"))
    yield Transition(
        "archive", N_("Передать в архив"), ("closed", "withdrawn", "cancelled"), _system(c.lapsed), _to("archived"),
        Trigger.TIMER, asks=Nothing, past=N_("Передано в архив"),
    )  # fmt: skip
