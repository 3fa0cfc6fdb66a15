"""Scenes of attestations: a case in every state. Numbers are working days ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from workflow_app.demo.cases_shared import COMMON, DISSENT, DUPLICATE, POOR, WEAK, Scene, appeal, partly
from workflow_app.demo.timeline import Tale

_GOOD = (1.0, 1.0, 0.5)
_FULL = (1.0,)


def _registered(tale: Tale, submitted: int, registered: int) -> Tale:
    return tale.on(submitted).submit().on(registered).register()


def _begun(tale: Tale, experts: Sequence[str], *, lead: str, start: int) -> Tale:
    """Register three days before ``start``, start, invite a day later, all accept the next day."""
    _registered(tale, start + 4, start + 3).on(start).start().on(start - 1).invite(*experts)
    return tale.on(start - 2).accept(*experts, lead=lead)


def _signed(tale: Tale, experts: Sequence[str], last: int, verdict: str = "conforms") -> Tale:
    """Let the experts sign on the days up to ``last``."""
    for number, one in enumerate(experts):
        tale.on(last + len(experts) - 1 - number).sign(one, _GOOD if verdict == "conforms" else WEAK, verdict)
    return tale


def _sent(
    tale: Tale, experts: Sequence[str], *, lead: str, start: int, approved: int, verdict: str = "conforms"
) -> Tale:
    """Take a case up to the commission: approved, the term of appeal over, sent."""
    _signed(_begun(tale, experts, lead=lead, start=start), experts, approved + 5, verdict)
    tale.concluded(experts, days=(approved + 4, approved + 2, approved))
    return tale.on(approved - 7).office(
        "send", {"sent_on": tale.stage.world.present.ago(approved - 7), "note": "по реестру, нарочным"}
    )


def _decided(tale: Tale, decision: str, on: int, number: int) -> Tale:
    day = tale.stage.world.present.ago(on)
    raw = {"decision": decision, "protocol_number": f"{number}", "protocol_date": day - timedelta(days=6)}
    raw |= {"order_number": f"{300 + 7 * number}-Д", "order_date": day - timedelta(days=3)}
    return tale.on(on).office("record", raw)


def _draft(tale: Tale) -> object:
    typed = partly(
        tale,
        "title",
        "organization_id",
        "position",
        "subject_area",
        "education_level",
        "target_category",
        "attested_position",
    )
    return tale.attach(only=1).typed("chernykh", "submit", typed)


def _returned(tale: Tale) -> object:
    remarks = [
        {
            "field": "attachment:evidence",
            "text": "Приложите карту наблюдения за второй год: в отчёте есть выводы, а данных нет.",
        },
        {"field": "interattestation_from", "text": "Начало периода не совпадает с трудовой книжкой, проверьте дату."},
    ]
    return _registered(tale, 8, 7).on(2).office("return", {"remarks": remarks, "general": ""})


def _decline_proposed(tale: Tale) -> Tale:
    raw = {
        "ground": "duplicate",
        "comment": "Такое же заявление принято ранее через организацию, оно уже рассматривается.",
    }
    return _registered(tale, 6, 6).on(1).office("propose_decline", raw)


def _declined(tale: Tale) -> object:
    raw = {
        "ground": "wrong_body",
        "comment": "Заявление адресовано аттестационной комиссии организации, а не министерству.",
    }
    return _registered(tale, 9, 8).on(5).office("propose_decline", raw).on(2).director("decline")


def _assigning(tale: Tale) -> object:
    _registered(tale, 11, 10).on(8).start().on(6).invite("belykh", "pak", "galkina")
    tale.on(5).review("belykh", "refuse", {"cause": "busy", "comment": "До конца месяца веду другую экспертизу."})
    return tale.accept("pak").on(3).timer("galkina").on(1).invite("lebedev")


def _in_review(tale: Tale) -> object:
    experts = ("bondarenko", "lebedev", "dyachkova")
    return (
        _begun(tale, experts, lead="lebedev", start=13)
        .on(4)
        .sign("dyachkova", _GOOD)
        .on(2)
        .begun("bondarenko", _GOOD, upto=2)
    )


def _meeting(tale: Tale) -> object:
    _begun(tale, ("koval", "rakhimova", "belykh"), lead="koval", start=23)
    tale.on(11).sign("koval", _FULL).on(10).sign("rakhimova", _GOOD).on(9).sign("belykh", POOR, "not_conforms")
    tale.on(5).act("koval", "draft_common", {"verdict": "conforms", "reasoning": COMMON})
    return tale.on(4).review("rakhimova", "join_common", {"how": "simple"})


def _consolidation(tale: Tale) -> object:
    experts = ("lebedev", "bondarenko", "galkina")
    _signed(_begun(tale, experts, lead="lebedev", start=25), experts, 8)
    return tale.on(4).circulate().agree("lebedev").on(3).dissent("galkina", DISSENT)


def _on_approval(tale: Tale) -> object:
    experts = ("bondarenko", "koval", "pak")
    _signed(_begun(tale, experts, lead="koval", start=29), experts, 9)
    return tale.on(6).circulate().agree(*experts).on(2).propose()


def _approved(tale: Tale) -> object:
    experts = ("lebedev", "dyachkova", "kravchuk")
    return _signed(_begun(tale, experts, lead="dyachkova", start=31), experts, 9).concluded(experts, days=(7, 5, 3))


def _sent_away(tale: Tale) -> object:
    return _sent(tale, ("koval", "galkina", "belykh"), lead="galkina", start=40, approved=18)


def _established(tale: Tale) -> object:
    return _decided(_sent(tale, ("pak", "lebedev", "koval"), lead="pak", start=56, approved=32), "establish", 3, 9)


def _refused(tale: Tale) -> object:
    experts = ("dyachkova", "rakhimova", "belykh")
    return _decided(
        _sent(tale, experts, lead="dyachkova", start=60, approved=36, verdict="not_conforms"), "refuse", 2, 8
    )


def _appealed(tale: Tale) -> object:
    experts = ("koval", "galkina", "bondarenko")
    _signed(_begun(tale, experts, lead="koval", start=35), experts, 14, "not_conforms").concluded(
        experts, days=(12, 10, 8)
    )
    return appeal(tale.on(5))


def _closed(tale: Tale) -> object:
    _decided(
        _sent(tale, ("bondarenko", "koval", "kravchuk"), lead="bondarenko", start=89, approved=66), "establish", 40, 6
    )
    return tale.on(38).office("close")


def _withdrawn(tale: Tale) -> object:
    _registered(tale, 49, 48).on(46).start().on(45).invite("bondarenko", "koval", "belykh").on(44).accept("koval")
    return tale.on(43).author("withdraw", {"reason": "Подам заявление после окончания учебного года."})


def _cancelled(tale: Tale) -> object:
    return _registered(tale, 52, 52).on(51).director("cancel", {"reason": DUPLICATE})


def _archived(tale: Tale) -> object:
    _decided(
        _sent(tale, ("koval", "bondarenko", "galkina"), lead="koval", start=324, approved=300), "establish", 280, 5
    )
    return tale.on(278).office("close").on(12).timer()


SCENES = (
    Scene("a_chernykh_first", 2, "draft", _draft),
    Scene("a_polevaya_highest", 4, "submitted", lambda tale: tale.on(3).submit()),
    Scene("a_melnik_highest", 5, "registered", lambda tale: _registered(tale, 4, 3)),
    Scene("a_tkach_first", 9, "returned", _returned),
    Scene("a_zorina_first", 6, "registered", _decline_proposed, by="morozova", channel="gosuslugi"),
    Scene("a_yurchenko_first", 10, "declined", _declined),
    Scene("a_guseinov_highest", 12, "assigning", _assigning, by="morozova", channel="paper"),
    Scene("a_sokolova_highest", 18, "in_review", _in_review),
    Scene("a_savina_highest", 28, "third_review", _meeting),
    Scene("a_zhuravlyova_methodist", 30, "consolidation", _consolidation),
    Scene("a_orlova_mentor", 34, "on_approval", _on_approval),
    Scene("a_pak_highest", 36, "approved", _approved),
    Scene("a_rakhimova_highest", 45, "sent_to_commission", _sent_away),
    Scene("a_kravchuk_highest", 61, "decided", _established),
    Scene("a_zorina_highest", 65, "decided", _refused, by="morozova", channel="kais"),
    Scene("a_belykh_highest", 40, "appealed", _appealed),
    Scene("a_dyachkova_highest", 94, "closed", _closed),
    Scene("a_galkina_highest", 50, "withdrawn", _withdrawn),
    Scene("a_bondarenko_highest", 53, "cancelled", _cancelled),
    Scene("a_lebedev_highest", 330, "archived", _archived),
)
