"""Scenes of methodical materials: a case in every state. Numbers are working days ago."""

from __future__ import annotations

from collections.abc import Sequence

from workflow_app.demo import sample_files
from workflow_app.demo.cases_shared import (
    CHANGES,
    DEVIATION,
    DUPLICATE,
    FAIR,
    GOOD,
    HIGH,
    POOR,
    UPHELD,
    WEAK,
    Scene,
    appeal,
    panel,
    partly,
    vote,
)
from workflow_app.demo.timeline import Tale


def _registered(tale: Tale, submitted: int, registered: int) -> Tale:
    return tale.on(submitted).submit().on(registered).register()


def _begun(tale: Tale, experts: Sequence[str], accepted: int) -> Tale:
    """Register four days before the experts accept, start and invite a day before."""
    _registered(tale, accepted + 5, accepted + 4).on(accepted + 2).start().on(accepted + 1).invite(*experts)
    return tale.on(accepted).accept(*experts)


def _approved(tale: Tale, experts: Sequence[str], on: int, shares: Sequence[Sequence[float]] = (HIGH, GOOD)) -> Tale:
    """Take a case up to the approval."""
    _begun(tale, experts, on + 11)
    for number, (one, share) in enumerate(zip(experts, shares, strict=True)):
        tale.on(on + 6 - number).sign(one, share)
    return tale.concluded(experts, days=(on + 4, on + 2, on))


def _draft(tale: Tale) -> object:
    typed = partly(
        tale,
        "title",
        "organization_id",
        "position",
        "subject_area",
        "annotation",
        "keywords",
        "material_type",
        "audience",
    )
    return tale.attach(only=1).typed("sokolova", "submit", typed)


def _returned(tale: Tale) -> object:
    remarks = [
        {"field": "approbation_result", "text": "Не сказано, по какому листу проводились замеры: приложите его."},
        {"field": "attachment:material", "text": "На страницах 12–15 указаны имена детей, замените их обозначениями."},
    ]
    return (
        _registered(tale, 11, 10).on(8).office("return", {"remarks": remarks, "general": "В остальном комплект полон."})
    )


def _declined(tale: Tale) -> object:
    raw = {
        "ground": "not_the_author",
        "comment": "Половина источников взята из пособия, согласие его авторов не приложено.",
    }
    return _registered(tale, 13, 12).on(3).office("decline", raw)


def _in_review(tale: Tale) -> object:
    return _begun(tale, ("galkina", "bondarenko"), 2).on(1).begun("bondarenko", GOOD)


def _overdue(tale: Tale) -> object:
    return _begun(tale, ("koval", "lebedev"), 13).on(6).sign("lebedev", GOOD)


def _third(tale: Tale) -> object:
    _begun(tale, ("lebedev", "zorina"), 19).on(14).sign("lebedev", HIGH).on(7).sign("zorina", POOR)
    return tale.on(1).invite("bondarenko")


def _consolidation(tale: Tale) -> object:
    return _begun(tale, ("bondarenko", "koval"), 14).on(6).sign("bondarenko", GOOD).on(4).sign("koval", HIGH)


def _deviation(tale: Tale) -> object:
    experts = ("koval", "galkina")
    _begun(tale, experts, 19).on(12).sign("koval", HIGH).on(11).sign("galkina", GOOD).on(9).circulate().agree(*experts)
    return tale.on(7).propose("recommend_use", DEVIATION)


def _on_revision(tale: Tale) -> object:
    _approved(tale, ("bondarenko", "koval"), 12, (WEAK, WEAK))
    return tale.on(9).author("ask_revision", {"plan": "Добавлю исходные данные апробации и источники рисунков."})


def _second_round(tale: Tale) -> object:
    experts = ("lebedev", "koval")
    _approved(tale, experts, 30, (WEAK, WEAK)).on(28).author(
        "ask_revision", {"plan": "Переработаю раздел об оценивании."}
    )
    tale.on(11)
    one = sample_files.revised(tale.work, tale.stage.moment)
    tale.stage.attach(tale.road.applicant, tale.case_id, one.kind, one.name, one.content, one.media_type)
    return tale.submit("resubmit", changes=CHANGES).on(9).accept(*experts).on(3).sign("lebedev", GOOD)


def _appealed(tale: Tale, experts: Sequence[str], approved: int, members: Sequence[str]) -> Tale:
    appeal(_approved(tale, experts, approved, (POOR, POOR)).on(approved - 3))
    return panel(tale.on(approved - 5), *members)


def _voting(tale: Tale) -> object:
    return vote(_appealed(tale, ("galkina", "pak"), 14, ("koval", "nesterov", "lebedev")).on(5), "koval", "grant")


def _dismissed(tale: Tale) -> object:
    members = ("koval", "nesterov", "galkina")
    _appealed(tale, ("lebedev", "pak"), 36, members)
    for day, (member, answer) in zip(
        (28, 27, 26), zip(members, ("dismiss", "grant", "dismiss"), strict=True), strict=True
    ):
        vote(tale.on(day), member, answer)
    tale.on(25).act(
        "koval",
        "dismiss_appeal",
        {"reason": UPHELD},
    )
    return tale.on(24).timer()


def _granted(tale: Tale) -> object:
    members = ("koval", "nesterov", "galkina")
    _appealed(tale, ("lebedev", "bondarenko"), 24, members)
    for day, member in zip((16, 15, 14), members, strict=True):
        vote(tale.on(day), member, "grant")
    tale.on(13).act(
        "nesterov", "grant_appeal", {"reason": "Приложения не рассмотрены, нужна новая экспертиза другими экспертами."}
    )
    return tale.on(2).invite("dyachkova", "pak").on(1).accept("dyachkova")


def _withdrawn(tale: Tale) -> object:
    return _registered(tale, 21, 21).on(20).author("withdraw", {"reason": ""})


def _cancelled(tale: Tale) -> object:
    return _registered(tale, 34, 34).on(33).director("cancel", {"reason": DUPLICATE})


def _assigning(tale: Tale) -> object:
    return _registered(tale, 11, 10).on(8).start()


SCENES = (
    Scene("b_sokolova_tasks", 3, "draft", _draft),
    Scene("b_melnik_laboratory", 4, "submitted", lambda tale: tale.on(4).submit()),
    Scene("b_polevaya_diary", 8, "registered", lambda tale: _registered(tale, 7, 7)),
    Scene("b_sokolova_mistakes", 12, "returned", _returned),
    Scene("b_chernykh_sources", 14, "declined", _declined),
    Scene("b_orlova_dialogue", 12, "assigning", _assigning),
    Scene("b_tkach_trail", 8, "in_review", _in_review),
    Scene("b_savina_paths", 19, "in_review", _overdue),
    Scene("b_pak_algorithms", 25, "third_review", _third),
    Scene("b_dyachkova_reading", 20, "consolidation", _consolidation),
    Scene("b_rakhimova_theatre", 25, "on_approval", _deviation, by="morozova", channel="school"),
    Scene("b_kravchuk_workshop", 20, "approved", lambda tale: _approved(tale, ("bondarenko", "pak"), 2)),
    Scene("b_guseinov_robotics", 22, "approved", lambda tale: _approved(tale, ("koval", "lebedev"), 4, (FAIR, FAIR))),
    Scene(
        "b_yurchenko_generations", 19, "approved", lambda tale: _approved(tale, ("lebedev", "koval"), 1, (WEAK, WEAK))
    ),
    Scene("b_lebedev_geometry", 30, "on_revision", _on_revision),
    Scene("b_bondarenko_essay", 48, "in_review", _second_round),
    Scene("b_zorina_morning", 32, "appealed", _voting),
    Scene("b_melnik_measure", 54, "closed", _dismissed),
    Scene("b_polevaya_debate", 42, "assigning", _granted),
    Scene(
        "b_guseinov_drones", 62, "closed", lambda tale: _approved(tale, ("bondarenko", "lebedev"), 44).on(37).timer()
    ),
    Scene("b_galkina_mathematics", 22, "withdrawn", _withdrawn),
    Scene("b_tkach_weather", 35, "cancelled", _cancelled),
    Scene(
        "b_belykh_calm",
        320,
        "archived",
        lambda tale: _approved(tale, ("koval", "dyachkova"), 300).on(292).timer().on(20).timer(),
    ),
)
