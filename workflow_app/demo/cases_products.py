"""Scenes of innovation products: a case in every state. Numbers are working days ago."""

from __future__ import annotations

from collections.abc import Sequence

from workflow_app.demo.cases_shared import DUPLICATE, GOOD, HIGH, POOR, WEAK, Scene, appeal, panel, partly, vote
from workflow_app.demo.timeline import Tale


def _registered(tale: Tale, submitted: int, registered: int) -> Tale:
    return tale.on(submitted).submit().on(registered).register()


def _begun(tale: Tale, experts: Sequence[str], accepted: int) -> Tale:
    """Register four days before the experts accept, start and invite a day before."""
    _registered(tale, accepted + 5, accepted + 4).on(accepted + 2).start().on(accepted + 1).invite(*experts)
    return tale.on(accepted).accept(*experts)


def _approved(tale: Tale, experts: Sequence[str], on: int, share: Sequence[float] = GOOD, by: str = "gradov") -> Tale:
    """Take a case up to the approval."""
    _begun(tale, experts, on + 15)
    for number, one in enumerate(experts):
        tale.on(on + 8 - number).sign(one, share)
    return tale.concluded(experts, days=(on + 4, on + 2, on), by=by)


def _draft(tale: Tale) -> object:
    typed = partly(tale, "title", "organization_id", "position", "annotation", "product_type", "problem", "novelty")
    return tale.typed("orlova", "submit", typed)


def _returned(tale: Tale) -> object:
    remarks = [
        {"field": "attachment:effects_data", "text": "Приложите таблицу с исходными данными, а не только выводы."}
    ]
    return _registered(tale, 12, 11).on(8).office("return", {"remarks": remarks, "general": ""})


def _declined(tale: Tale) -> object:
    raw = {
        "ground": "not_a_product",
        "comment": "Приложено описание замысла; сценарии и листы наблюдений, названные в нём, не представлены.",
    }
    return _registered(tale, 12, 11).on(4).office("decline", raw)


def _assigning(tale: Tale) -> object:
    return (
        _registered(tale, 6, 5).on(3).start().on(2).invite("koval", "pak", "ustyuzhanina").on(1).accept("koval", "pak")
    )


def _real(tale: Tale) -> object:
    return _begun(tale, ("bondarenko", "lebedev", "nesterov"), 11).on(3).sign("nesterov", HIGH)


def _third(tale: Tale) -> object:
    _begun(tale, ("bondarenko", "belykh", "ustyuzhanina"), 16)
    return tale.on(9).sign("bondarenko", HIGH).on(6).sign("ustyuzhanina", GOOD).on(3).sign("belykh", POOR)


def _circulated(tale: Tale) -> object:
    _begun(tale, ("koval", "bondarenko", "nesterov"), 18)
    tale.on(8).sign("koval", GOOD).on(6).sign("bondarenko", HIGH).on(4).sign("nesterov", GOOD)
    return tale.on(2).circulate().on(1).agree("koval")


def _on_approval(tale: Tale) -> object:
    experts = ("koval", "bondarenko", "ustyuzhanina")
    _begun(tale, experts, 22).on(12).sign("koval", GOOD).on(11).sign("bondarenko", GOOD)
    tale.on(9).sign("ustyuzhanina", HIGH, on_paper=True)
    return tale.on(5).circulate().agree(*experts).on(1).propose()


def _on_revision(tale: Tale) -> object:
    _approved(tale, ("lebedev", "koval", "nesterov"), 16, WEAK)
    return tale.on(12).author("ask_revision", {"plan": "Дополню банк историей правок и опишу взаимную проверку."})


def _declined_appealed(tale: Tale) -> object:
    raw = {
        "ground": "no_consent_of_owner",
        "comment": "Нет согласия музея, предметы которого описаны в восьми выставках.",
    }
    appeal(_registered(tale, 16, 15).on(12).office("decline", raw).on(9), "refusal")
    return vote(panel(tale.on(6), "koval", "bondarenko", "nesterov").on(3), "koval", "grant", "refusal")


def _withdrawn(tale: Tale) -> object:
    return (
        _registered(tale, 29, 28)
        .on(26)
        .author("withdraw", {"reason": "Продукт передан в региональный конкурс, подадим позже."})
    )


def _cancelled(tale: Tale) -> object:
    return _registered(tale, 47, 47).on(46).director("cancel", {"reason": DUPLICATE})


def _archived(tale: Tale) -> object:
    return _approved(tale, ("bondarenko", "koval", "ustyuzhanina"), 296).on(289).timer().on(16).timer()


SCENES = (
    Scene("c_orlova_route", 1, "draft", _draft),
    Scene("c_guseinov_weekends", 1, "submitted", lambda tale: tale.on(0).submit()),
    Scene("c_melnik_network", 4, "registered", lambda tale: _registered(tale, 3, 2)),
    Scene("c_yurchenko_service", 13, "returned", _returned),
    Scene("c_rakhimova_garden", 13, "declined", _declined),
    Scene("c_galkina_family", 7, "assigning", _assigning),
    Scene("c_koval_programme", 17, "in_review", _real),
    Scene("c_kravchuk_repair", 22, "third_review", _third),
    Scene("c_belykh_support", 24, "consolidation", _circulated),
    Scene("c_dyachkova_lesson", 28, "on_approval", _on_approval, by="morozova", channel="post"),
    Scene(
        "c_lebedev_olympiad",
        25,
        "approved",
        lambda tale: _approved(tale, ("bondarenko", "koval", "nesterov"), 3, HIGH, "subbotina"),
    ),
    Scene("c_sokolova_lab", 37, "on_revision", _on_revision),
    Scene("c_chernykh_museum", 17, "appealed", _declined_appealed),
    Scene(
        "c_zhuravlyova_bureau",
        82,
        "closed",
        lambda tale: _approved(tale, ("lebedev", "koval", "nesterov"), 60).on(53).timer(),
    ),
    Scene("c_polevaya_library", 30, "withdrawn", _withdrawn),
    Scene("c_bondarenko_school", 48, "cancelled", _cancelled),
    Scene("c_pak_it", 318, "archived", _archived),
)
