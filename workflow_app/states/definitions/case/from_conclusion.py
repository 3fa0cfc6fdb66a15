"""The case workflow from the conclusion to the archive: domain.md 5."""

from __future__ import annotations

from collections.abc import Iterable

from workflow_app.errors import N_
from workflow_app.states.definitions.case import conditions as c
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.definitions.case.guards import (
    BEFORE_APPROVAL,
    IN_WORK,
    WITH_ASSIGNMENTS,
    Shape,
    author,
    coordinator,
    director,
    other_eyes,
    panel,
    system,
    to,
)
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Bulk, Condition, Guard, Target, Tone, Transition, Trigger, Who

# By whether it is an attestation: where papers are out and the card may still be wrong.
_APPROVED_ON = {True: ("approved", "sent_to_commission", "decided", "closed"), False: ("approved", "closed")}

# Where a case still goes on that can be withdrawn no more.
_AFTER_ALL = {True: ("decided", "appealed", "declined"), False: ("approved", "appealed", "declined")}


def conclusion(shape: Shape) -> Iterable[Transition]:
    """Circulate the text, propose, send back, approve, issue anew."""
    yield Transition(
        "circulate", N_("Направить экспертам на подпись"), ("consolidation",), coordinator(), asks=s.ConclusionText,
        tone=Tone.PRIMARY, past=N_("Текст заключения направлен экспертам"), subject_of="consolidate",
    )  # fmt: skip
    yield Transition(
        "propose", N_("Передать на утверждение"), ("consolidation",),
        coordinator(c.circulated, c.all_answered, c.no_conflict, *((c.defended,) if shape.own_programme else ())),
        to("on_approval"), asks=s.Propose, tone=Tone.PRIMARY, past=N_("Передано на утверждение"),
    )  # fmt: skip
    by = {Who.COORDINATOR} if shape.attestation else {Who.COORDINATOR, Who.DIRECTOR}
    yield Transition(
        "send_back", N_("Вернуть экспертам"), ("consolidation", "on_approval"),
        Guard(frozenset(by), frozenset({Who.INVOLVED})), to("in_review"), asks=s.SendBack, past=N_("Возвращено экспертам"),
    )  # fmt: skip
    yield Transition(
        "return_text", N_("Вернуть текст координатору"), ("on_approval",), director(), to("consolidation"),
        asks=s.ReturnText, past=N_("Текст заключения возвращён координатору"),
    )  # fmt: skip
    yield Transition(
        "approve", N_("Утвердить комплект и подписать письмо") if shape.attestation else N_("Утвердить"),
        ("on_approval",), other_eyes(Who.DIRECTOR, c.not_own_work, c.not_in_order), to("approved"), asks=s.Approve,
        issues=shape.approval_issues, signs=True, tone=Tone.PRIMARY, past=N_("Утверждено"), subject_of="approve",
        bulk=Bulk(apart=("number", "dated")),
    )  # fmt: skip
    yield Transition(
        "approve_outside", N_("Внести утверждение, данное вне центра"), ("on_approval",),
        other_eyes(Who.COORDINATOR, c.own_work, unless=frozenset({Who.DIRECTOR})), to("approved"), asks=s.ApproveOutside,
        issues=("consolidated_conclusion",), tone=Tone.PRIMARY, past=N_("Утверждено вне центра: внесено основание"),
    )  # fmt: skip
    yield Transition(
        "reissue", N_("Выдать документ заново"),
        # an attestation's notice of the date may have to be issued again long before
        (*IN_WORK[1:], *_APPROVED_ON[True]) if shape.attestation else _APPROVED_ON[False],
        other_eyes(Who.DIRECTOR), asks=s.Reissue, signs=True, past=N_("Документ выдан заново"),
    )  # fmt: skip


def by_order(shape: Shape) -> Iterable[Transition]:
    """Follow the order of the month that names the case: when it is signed, when it is cancelled. One on commissions moves nothing."""
    named, unnamed = (
        (N_("Состав комиссии утверждён приказом"), N_("Отменён приказ о составе комиссии"))
        if shape.attestation
        else (N_("Состав экспертной группы утверждён приказом"), N_("Отменён приказ о составе экспертной группы"))
    )
    yield Transition(
        "name_by_order", N_("Назвать в приказе о составе"), WITH_ASSIGNMENTS[:2], system(), trigger=Trigger.CASCADE, asks=s.NamedByOrder,
        past=named, quiet=True,
    )  # fmt: skip
    yield Transition(
        "unname_by_order", N_("Отменить приказ о составе"), (*IN_WORK[1:], *_APPROVED_ON[shape.attestation], "appealed"), system(),
        trigger=Trigger.CASCADE, asks=s.NamedByOrder, past=unnamed, quiet=True,
    )  # fmt: skip
    yield Transition(
        "approve_by_order", N_("Утвердить приказом по делам месяца"), ("on_approval",), system(c.not_own_work), to("approved"),
        Trigger.CASCADE, asks=s.ApprovedByOrder, issues=("consolidated_conclusion",), past=N_("Утверждено приказом по делам месяца"),
    )  # fmt: skip
    yield Transition(
        "cancel_by_order", N_("Отменить утверждение вместе с приказом"), ("approved",), system(), to("on_approval"),
        Trigger.CASCADE, asks=s.OrderCancelled, past=N_("Приказ отменён, утверждение снято"),
    )  # fmt: skip


def commission() -> Iterable[Transition]:
    """Hand over to the attestation commission, record what it decided."""
    yield Transition(
        "send", N_("Направить в аттестационную комиссию"), ("approved",), coordinator(c.appeal_over),
        to("sent_to_commission"), asks=s.Send, tone=Tone.PRIMARY, past=N_("Направлено в аттестационную комиссию"), bulk=Bulk(),
    )  # fmt: skip
    yield Transition(
        "record", N_("Внести решение комиссии"), ("sent_to_commission",), coordinator(), to("decided"),
        asks=s.RecordDecision, tone=Tone.PRIMARY, past=N_("Внесено решение аттестационной комиссии"), bulk=Bulk(),
    )  # fmt: skip
    yield Transition(
        "correct_record", N_("Исправить запись о решении"), ("decided",), coordinator(), asks=s.CorrectRecord,
        past=N_("Запись о решении исправлена"),
    )  # fmt: skip
    yield Transition(
        "recall", N_("Вернуть из комиссии"), ("sent_to_commission",), coordinator(), to("consolidation"),
        asks=s.Recall, past=N_("Комплект возвращён комиссией"),
    )  # fmt: skip
    yield Transition(
        "add_documents", N_("Добавить документы"), ("registered", "assigning", "in_review"), author(c.additions_open),
        asks=s.AddDocuments, past=N_("Добавлены документы"),
    )  # fmt: skip


def decision() -> Iterable[Transition]:
    """Record the act of the body that decides on what the conclusion advised; the case goes its way whether there is one or not."""
    yield Transition(
        "record_act", N_("Внести решение по рекомендации"), _APPROVED_ON[False], coordinator(c.act_awaited), asks=s.RecordAct,
        past=N_("Внесено решение по рекомендации экспертов"), bulk=Bulk(),
    )  # fmt: skip
    yield Transition(
        "correct_act", N_("Исправить запись о решении"), _APPROVED_ON[False], coordinator(c.act_recorded), asks=s.CorrectAct,
        past=N_("Запись о решении исправлена"),
    )  # fmt: skip


def revision(shape: Shape) -> Iterable[Transition]:
    """Rounds of revision by the author."""
    again = (c.verdict_revise, c.round_below(shape.rounds))
    yield Transition(
        "ask_revision", N_("Доработать материал"), ("approved",), author(*again), to("on_revision"),
        asks=s.AskRevision, tone=Tone.PRIMARY, past=N_("Автор взял материал на доработку"),
        done=N_("Доработка начата: внесите изменения и направьте материал снова"),
    )  # fmt: skip
    yield Transition(
        "resubmit", N_("Направить доработанный материал"), ("on_revision",), author(c.complete), to("assigning"),
        asks=shape.revision_form or shape.form, tone=Tone.PRIMARY, past=N_("Направлен доработанный материал"),
        subject_of="submit",
    )  # fmt: skip
    yield Transition(
        "lapse_revision", N_("Срок доработки истёк"), ("on_revision",), system(c.lapsed), to("closed"),
        Trigger.TIMER, asks=s.Lapse, issues=("completion_act",), past=N_("Срок доработки истёк"),
    )  # fmt: skip


def appeal() -> Iterable[Transition]:
    """Appeal, panel, votes, decision."""
    yield Transition(
        "appeal", N_("Подать апелляцию"), ("approved", "declined"), author(c.appeal_open, c.appeal_once),
        to("appealed"), asks=s.Appeal, past=N_("Подана апелляция"),
    )  # fmt: skip
    yield Transition(
        "waive_appeal", N_("Отказаться от апелляции"), ("approved", "declined"), author(c.appeal_open, c.appeal_once),
        asks=s.WaiveAppeal, past=N_("Заявитель отказался от апелляции"),
        done=N_("Отказ от апелляции принят"),
        means=N_("Подать апелляцию потом будет нельзя, даже если срок ещё не истёк. Центр сможет сразу продолжить работу с делом."),
    )  # fmt: skip
    yield Transition(
        "appoint_panel", N_("Назначить апелляционную комиссию"), ("appealed",), director(), asks=s.AppointPanel, issues=("appeal_notice",),
        tone=Tone.PRIMARY, past=N_("Назначена апелляционная комиссия"),
    )  # fmt: skip
    yield Transition(
        "vote", N_("Проголосовать по апелляции"), ("appealed",), panel(c.panel_appointed, c.panel_meets), asks=s.Vote, signs=True,
        tone=Tone.PRIMARY, past=N_("Член комиссии проголосовал"), done=N_("Ваш голос учтён"),
    )  # fmt: skip
    back = (Target("declined", c.came_declined), Target("approved", c.came_approved))
    yield Transition(
        "dismiss_appeal", N_("Отклонить апелляцию, заключение оставить без изменения"), ("appealed",),
        panel(c.votes_dismiss), back, asks=s.DismissAppeal, issues=("appeal_decision", "appeal_protocol"), past=N_("Апелляция отклонена"),
    )  # fmt: skip
    yield Transition(
        "grant_appeal", N_("Удовлетворить апелляцию"), ("appealed",), panel(c.votes_grant),
        (Target("registered", c.came_declined), Target("assigning", c.came_approved)), asks=s.GrantAppeal,
        issues=("appeal_decision", "appeal_protocol"), past=N_("Апелляция удовлетворена"),
    )  # fmt: skip
    yield Transition(
        "withdraw_appeal", N_("Отозвать апелляцию"), ("appealed",), author(), back, asks=s.WithdrawAppeal,
        past=N_("Апелляция отозвана"),
    )  # fmt: skip


def _closing(shape: Shape) -> Iterable[Transition]:
    """Close: by the coordinator, by the term, without the revision that was not taken up."""
    if shape.attestation:
        sources: tuple[str, ...] = ("decided", "declined")
        over: tuple[Condition, ...] = (c.appeal_over,)
    elif not shape.revised:
        sources, over = ("approved", "declined"), (c.appeal_over,)
    else:
        sources, over = ("approved", "declined"), (c.appeal_over, c.no_revision_pending(shape.rounds))
        yield Transition(
            "close_without_revision", N_("Завершить без доработки"), ("approved",),
            system(c.appeal_over, c.verdict_revise, c.lapsed), to("closed"), Trigger.TIMER,
            issues=("completion_act",), past=N_("Дело завершено без доработки"),
        )  # fmt: skip
    yield Transition(
        "close", N_("Завершить"), sources, coordinator(*over), to("closed"), issues=("completion_act",),
        tone=Tone.PRIMARY, past=N_("Дело завершено"), bulk=Bulk(),
    )  # fmt: skip
    yield Transition(
        "close_on_time", N_("Завершить по сроку"), sources,
        system(c.appeal_over, c.verdict_not_revise, c.closing_over), to("closed"), Trigger.TIMER,
        issues=("completion_act",), past=N_("Дело завершено"),
    )  # fmt: skip


def _awaited(shape: Shape) -> tuple[str, ...]:
    """Return the states in which a case waits for people."""
    more = ("sent_to_commission", "decided") if shape.attestation else ("on_revision",) if shape.revised else ()
    return (*BEFORE_APPROVAL, "appealed", *more)


def ends(shape: Shape) -> Iterable[Transition]:
    """Close, withdraw, cancel, archive; corrections of the card."""
    if shape.attestation:
        withdrawable: tuple[str, ...] = (*BEFORE_APPROVAL, "approved", "sent_to_commission")
        cancellable: tuple[str, ...] = (*BEFORE_APPROVAL[1:], "approved", "sent_to_commission", "decided")
    else:
        revision = ("on_revision",) if shape.revised else ()
        withdrawable = (*BEFORE_APPROVAL, *revision)
        cancellable = (*BEFORE_APPROVAL[1:], "approved", *revision)
    yield from _closing(shape)
    yield Transition(
        "withdraw", N_("Отозвать"), withdrawable, author(), to("withdrawn"), asks=s.Withdraw, tone=Tone.DANGER,
        past=N_("Отозвано заявителем"),
    )  # fmt: skip
    yield Transition(
        "cancel", N_("Аннулировать"), cancellable, director(), to("cancelled"), asks=s.Cancel, tone=Tone.DANGER,
        past=N_("Дело аннулировано"),
    )  # fmt: skip
    yield Transition(
        "amend", N_("Исправить карточку"), ("submitted", *IN_WORK, *_APPROVED_ON[shape.attestation], "appealed"), coordinator(),
        asks=s.amend_of(shape.form), past=N_("Карточка исправлена"),
    )  # fmt: skip
    yield Transition("extend", N_("Продлить срок"), IN_WORK, coordinator(), asks=s.Extend,
                     past=N_("Срок продлён"), bulk=Bulk())  # fmt: skip
    yield Transition(
        "remind", N_("Напомнить"), _awaited(shape), Guard(frozenset({Who.COORDINATOR, Who.DIRECTOR}), frozenset({Who.INVOLVED})),
        asks=s.Remind, past=N_("Отправлено напоминание"), quiet=True, bulk=Bulk(),
        means=N_("Каждому, кого ждёт дело, уйдёт письмо; об одном деле – не чаще раза в день."),
    )  # fmt: skip
    yield Transition(
        "hand_over", N_("Передать дело другому координатору"), (*withdrawable, *_AFTER_ALL[shape.attestation]),
        Guard(frozenset({Who.COORDINATOR, Who.DIRECTOR}), frozenset({Who.INVOLVED})), asks=s.HandOver,
        past=N_("Дело передано"), means=N_("Дело перейдёт в список другого координатора. Права на него не изменятся."),
        bulk=Bulk(),
    )  # fmt: skip
    yield Transition(
        "archive", N_("Передать в архив"), ("closed", "withdrawn", "cancelled"), system(c.lapsed), to("archived"),
        Trigger.TIMER, asks=Nothing, past=N_("Передано в архив"),
    )  # fmt: skip
