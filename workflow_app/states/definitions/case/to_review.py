"""The case workflow from the draft to the last signed sheet: domain.md 5."""

from __future__ import annotations

from collections.abc import Iterable

from workflow_app.errors import N_
from workflow_app.states.definitions.case import conditions as c
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.definitions.case.guards import (
    WITH_ASSIGNMENTS,
    Shape,
    coordinator,
    director,
    enterer,
    other_eyes,
    system,
    to,
)
from workflow_app.states.vocabulary import Bulk, Guard, Tone, Transition, Trigger, Who


def ways_in(shape: Shape) -> Iterable[Transition]:
    """Submit, register, return, start."""
    yield Transition(
        "submit", N_("Подать"), ("draft", "returned"), enterer(c.complete), to("submitted"), asks=shape.form,
        tone=Tone.PRIMARY, past=N_("Материалы поданы"), subject_of="submit",
    )  # fmt: skip
    yield Transition(
        "discard",
        N_("Удалить черновик"),
        ("draft",),
        enterer(),
        to("withdrawn"),
        tone=Tone.DANGER,
        past=N_("Черновик удалён"),
    )
    yield Transition(
        "register", N_("Зарегистрировать"), ("submitted",), coordinator(), to("registered"), asks=s.Register,
        numbers="case", tone=Tone.PRIMARY, past=N_("Зарегистрировано"), bulk=Bulk(apart=("outside_number",)),
    )  # fmt: skip
    yield Transition(
        "return", N_("Вернуть для устранения замечаний"), ("registered",),
        coordinator(c.returns_below(shape.returns), c.no_decline_pending), to("returned"), asks=s.ReturnRemarks,
        past=N_("Возвращено для устранения замечаний"), subject_of="return",
    )  # fmt: skip
    start = s.StartAttestation if shape.attestation else s.Start
    issues = ("term_notice",) if shape.attestation else ()
    yield Transition(
        "start", N_("Назначить дату и перейти к составу") if shape.attestation else N_("Перейти к назначению экспертов"),
        ("registered",), coordinator(c.no_decline_pending, *((c.led,) if shape.own_programme else ())), to("assigning"),
        asks=start, issues=issues, tone=Tone.PRIMARY, past=N_("Комплект проверен, начат подбор экспертов"), bulk=Bulk(),
    )  # fmt: skip


def refusals(shape: Shape) -> Iterable[Transition]:
    """Decline: in two steps for an attestation, in one for the others."""
    if shape.attestation:
        yield Transition(
            "propose_decline", N_("Предложить отказ в приёме"), ("registered", "returned"),
            coordinator(c.no_decline_pending, c.lapsed_or_registered), asks=s.ProposeDecline,
            tone=Tone.DANGER, past=N_("Предложен отказ в приёме документов"),
        )  # fmt: skip
        yield Transition(
            "decline", N_("Подтвердить отказ в приёме"), ("registered", "returned"),
            other_eyes(Who.DIRECTOR, c.decline_proposed, why=N_("Отказ предложили вы. Подтверждает его другой сотрудник.")),
            to("declined"), asks=s.ConfirmDecline, issues=("refusal_notice",), tone=Tone.DANGER, past=N_("Отказано в приёме документов"),
        )  # fmt: skip
        yield Transition(
            "refuse_decline", N_("Не соглашаться с отказом"), ("registered", "returned"), director(c.decline_proposed),
            asks=s.RefuseDecline, past=N_("Директор не согласился с отказом"), done=N_("Отказ не подтверждён"),
        )  # fmt: skip
        yield Transition(
            "lapse", N_("Срок устранения замечаний истёк"), ("returned",), system(c.lapsed, c.decline_not_proposed),
            trigger=Trigger.TIMER, asks=s.Lapse, past=N_("Срок истёк, предложен отказ в приёме"),
        )  # fmt: skip
        return
    yield Transition(
        "decline", N_("Отказать в приёме"), ("registered",), coordinator(), to("declined"), asks=s.Decline,
        issues=("refusal_notice",),
        tone=Tone.DANGER, past=N_("Отказано в приёме документов"),
    )  # fmt: skip
    yield Transition(
        "lapse", N_("Срок устранения замечаний истёк"), ("returned",), system(c.lapsed), to("withdrawn"),
        trigger=Trigger.TIMER, asks=s.Lapse, past=N_("Срок устранения замечаний истёк"),
    )  # fmt: skip


def assignment(shape: Shape) -> Iterable[Transition]:
    """Invite, name the lead, begin."""
    yield Transition(
        "invite", N_("Пригласить экспертов"), WITH_ASSIGNMENTS, coordinator(c.places_left), asks=s.Invite,
        tone=Tone.PRIMARY, past=N_("Приглашены эксперты"), subject_of="invite", bulk=Bulk(
            ("experts", "lead_id"), N_("Каждому делу пригласят лучших из тех, против кого ничего не говорит. Кого именно, скажет итог."),
        ),
    )  # fmt: skip
    if shape.attestation:
        yield Transition(
            "name_lead", N_("Назначить ведущего специалиста"), WITH_ASSIGNMENTS, coordinator(c.someone_accepted),
            asks=s.NameLead, past=N_("Назначен ведущий специалист"),
        )  # fmt: skip
        yield Transition(
            "lead_of_commission", N_("Назначить ведущего по составу комиссии"), ("assigning",),
            system(c.lead_not_named, c.meant_lead_accepted), trigger=Trigger.CASCADE, asks=s.LeadOfCommission,
            past=N_("Назначен ведущий специалист по составу комиссии"),
        )  # fmt: skip
    else:
        yield Transition(
            "no_expert", N_("Отказать: экспертов нет"), ("assigning",), director(c.all_refused), to("declined"),
            asks=s.NoExpert, issues=("refusal_notice",), tone=Tone.DANGER, past=N_("Отказано: экспертов нет"),
        )  # fmt: skip
    when = (c.enough_accepted, c.lead_named) if shape.attestation else (c.enough_accepted,)
    yield Transition(
        "begin", N_("Начать экспертизу"), ("assigning",), system(*when), to("in_review"), Trigger.AUTOMATIC,
        past=N_("Экспертиза начата"),
    )  # fmt: skip


def review(shape: Shape) -> Iterable[Transition]:
    """All sheets in, a discrepancy, its ways out."""
    sources = ("in_review",) if shape.attestation else ("in_review", "third_review")
    yield Transition(
        "review_done", N_("Все оценки получены"), sources, system(c.all_signed, c.settled), to("consolidation"),
        Trigger.AUTOMATIC, past=N_("Все оценки получены"),
    )  # fmt: skip
    yield Transition(
        "diverge", N_("Выявлено расхождение оценок"), ("in_review",), system(c.all_signed, c.unsettled),
        to("third_review"), Trigger.AUTOMATIC, asks=s.Diverge, past=N_("Выявлено расхождение оценок"),
    )  # fmt: skip
    if shape.attestation:
        lead = Guard(frozenset({Who.LEAD}), when=())
        yield Transition(
            "draft_common", N_("Предложить общий вывод"), ("third_review",), lead, asks=s.DraftCommonResult,
            tone=Tone.PRIMARY, past=N_("Предложен общий вывод специалистов"),
        )  # fmt: skip
        yield Transition(
            "common_result", N_("Утвердить общий вывод"), ("third_review",),
            Guard(frozenset({Who.LEAD}), when=(c.all_signed, c.all_decided)), to("consolidation"), asks=s.CommonResult, signs=True,
            issues=("protocol",), tone=Tone.PRIMARY, past=N_("Специалисты пришли к общему выводу"),
        )  # fmt: skip
    yield Transition(  # dispenses with the added review alone: sheets that became void meanwhile are written anew
        "settle_without", N_("Решить без дополнительной экспертизы"), ("third_review",),
        director(c.nobody_open, c.sheets_besides(0 if shape.attestation else 1)), to("consolidation"), asks=s.SettleWithout,
        past=N_("Расхождение оставлено без дополнительной экспертизы"),
    )  # fmt: skip
