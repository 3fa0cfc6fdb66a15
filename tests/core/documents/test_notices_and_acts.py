"""What the notices of refusal and appeal, the act of completion and the protocol say when something is unknown."""

import re
from dataclasses import replace

import pytest

from tests.core.documents import samples
from tests.core.documents.test_composition import said
from workflow_app.documents.content.snapshot import Expert, Material, Votes
from workflow_app.documents.docx import plain_text
from workflow_app.documents.kinds.protocol import AgendaItem, Speech
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.grammar import PersonName

NOBODY = PersonName("Ким", "Саша").settled()
MAN = PersonName("Черных", "Павел", "Ильич").settled()
NEW = (
    "refusal_notice",
    "refusal_notice_attestation",
    "appeal_notice",
    "completion_act",
    "appeal_protocol",
    "protocol_discussion",
)


def about(material: Material, **changes: object) -> Material:
    """The same material about a case with these changes."""
    return replace(material, case=replace(material.case, **changes))


@pytest.mark.parametrize(("kind", "material"), [(name, samples.DOCUMENTS[name][1]) for name in NEW[:3:2]])
def test_a_notice_greets_by_gender_or_not_at_all(kind, material):
    assert "Уважаемая Вероника Андреевна! Уведомляем" in said(kind, material())
    assert "Черных П.И." in said(kind, about(material(), applicant=MAN))
    assert "Уважаемый Павел Ильич! Уведомляем" in said(kind, about(material(), applicant=MAN))
    neutral = said(kind, about(material(), applicant=NOBODY))
    assert "Уважаем" not in neutral
    assert "Ким С. УВЕДОМЛЕНИЕ" in neutral
    assert "(ая)" not in neutral


@pytest.mark.parametrize("kind", ["refusal_notice", "appeal_notice"])
def test_a_notice_names_who_prepared_it_only_when_that_is_known(kind):
    material = samples.DOCUMENTS[kind][1]()
    words = said(kind, replace(material, card=replace(material.card, prepared_by=None)))
    assert "Морозова" in said(kind, material)
    assert "Морозова" not in words
    assert "8 (34346) 0-00-00 -----" not in words


def test_a_refusal_says_the_last_day_for_an_appeal_when_a_term_runs():
    material = samples.refusal_notice()
    assert "апелляцию на отказ в приёме документов по 16 ноября 2026 г. включительно." in said(
        "refusal_notice", material
    )
    endless = replace(material, card=replace(material.card, appeal_until=None))
    assert "апелляцию на отказ в приёме документов. После устранения" in said("refusal_notice", endless)


def test_a_refusal_without_an_explanation_goes_from_the_ground_to_the_rights():
    material = samples.refusal_notice()
    bare = replace(material, card=replace(material.card, ground="Нет приложения.", comment=" \n "))
    assert "Основание отказа: нет приложения. Вы вправе подать апелляцию" in said("refusal_notice", bare)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"examined": samples.MATERIAL}, "Ваше заявление о проведении экспертизы методического материала «Сборник"),
        ({"examined": samples.ACTIVITY}, "Ваше заявление о проведении экспертизы, поступившее 2 ноября 2026 г."),
        (
            {"attestation": True, "target_category": "first"},
            "рассмотрено. Цель аттестации: установление первой квалификационной категории по должности «учитель».",
        ),
        ({"attestation": True}, "рассмотрено. В приёме документов отказано."),
    ],
)
def test_a_refusal_says_what_was_submitted(changes, words):
    assert words in said("refusal_notice", about(samples.refusal_notice(), **changes))


def test_an_appeal_is_taken_up_without_naming_the_panel():
    """decisions.md 33: the applicant does not see who decides."""
    words = said("appeal_notice", samples.appeal_notice())
    assert "апелляционная комиссия в составе 3 человек." in words
    for person in (samples.KOVAL, samples.CHERNYKH, samples.BONDARENKO):
        assert person.last not in words


@pytest.mark.parametrize(("members", "words"), [(1, "1 человека."), (5, "5 человек."), (21, "21 человека.")])
def test_the_size_of_the_panel_agrees_with_its_noun(members, words):
    material = samples.appeal_notice()
    notice = replace(material.card, members=members)
    assert f"в составе {words}" in said("appeal_notice", replace(material, card=notice))


def test_an_appeal_against_a_refusal_names_no_examination():
    material = samples.appeal_notice()
    words = said("appeal_notice", replace(material, card=replace(material.card, against=None)))
    assert "на отказ в приёме документов (регистрационный № ММ-2026-7) принята к рассмотрению." in words
    assert "Члены комиссии в рассмотрении Ваших документов не участвовали." in words
    assert "экспертиз" not in words


def test_an_appeal_in_attestation_is_about_the_centres_procedure_only():
    material = replace(samples.appeal_notice(), case=samples.ATTESTATION_CASE)
    words = said("appeal_notice", material)
    assert "№ 12-ЗК (регистрационный № АТ-2026-15) принята" in words
    assert "Члены комиссии в проведении всестороннего анализа не участвовали." in words
    assert "Решения аттестационной комиссии в этом порядке не пересматриваются." in words
    refused = replace(material, card=replace(material.card, against=None))
    assert "не пересматриваются" not in said("appeal_notice", refused)


def test_an_act_of_a_case_that_ended_early_leaves_out_what_there_was_not():
    material = samples.completion_act()
    done = replace(material.card, ended="Заявление отозвано", experts=0, sheets=0, verdict="", documents=())
    words = said("completion_act", replace(material, card=done))
    assert "Документы не выдавались. Итог: заявление отозвано." in words
    for absent in ("Количество экспертов", "Количество экспертных листов", "Вывод", "Версия | "):
        assert absent not in words


def test_an_act_about_an_attestation_speaks_of_specialists_and_of_no_category_given():
    """R2: the act does not say that a category was given."""
    material = replace(samples.completion_act(), case=replace(samples.ATTESTATION_CASE, round=2))
    words = said("completion_act", material)
    assert "О завершении всестороннего анализа профессиональной деятельности Соколовой Ольги Викторовны" in words
    assert "Количество специалистов: 3" in words
    assert "Количество рассмотрений: 2" in words
    assert "Акт о завершении всестороннего анализа от 7 декабря 2026 г." in words
    assert "установлена" not in words
    assert "присвоен" not in words


def test_who_is_heard_stands_in_the_accusative():
    """0a.12."""
    material = samples.protocol()
    assert "1. СЛУШАЛИ: Морозову Любовь Петровну, методиста МКУ ИМЦ, – о доводах" in said("protocol", material)
    unknown = Expert(NOBODY, samples.TEACHER, samples.SCHOOL)
    item = AgendaItem("О плане", ("Принять к сведению.",), heard=unknown)
    words = said("protocol", replace(material, card=replace(material.card, agenda=(item,))))
    assert "1. СЛУШАЛИ: Ким Саша, учителя МБОУ «Школа № 1», – о плане. РЕШИЛИ: 1.1. Принять к сведению." in words


def test_a_protocol_leaves_out_what_there_was_not():
    words = said("protocol", samples.protocol_discussion())
    for absent in ("Секретарь", "Приглашены", "ВЫСТУПИЛИ", "голосовани"):
        assert absent not in words
    alone = samples.protocol_discussion()
    assert "Присутствовали" not in said("protocol", replace(alone, card=replace(alone.card, present=())))


def test_a_protocol_names_the_invited_and_how_many_abstained():
    material = samples.protocol()
    first = replace(material.card.agenda[0], votes=Votes(1, 1, 1))
    card = replace(material.card, invited=samples.EXPERTS[:1], agenda=(first,))
    words = said("protocol", replace(material, card=card))
    assert "Приглашены: 1. Лебедев Никита Фомич, старший методист МКУ ИМЦ. ПОВЕСТКА ДНЯ:" in words
    assert "Результаты голосования: за – 1, против – 1, воздержались – 1." in words


def test_a_protocol_says_the_day_of_the_meeting_only_when_it_is_of_another_day():
    assert "Дата проведения: 19 ноября 2026 г." in said("protocol", samples.protocol_discussion())
    material = samples.protocol()
    assert "Дата проведения" not in said("protocol", material)
    assert "Дата проведения" not in said("protocol", replace(material, card=replace(material.card, held_on=None)))


def test_members_sign_a_protocol_under_the_word_of_their_body():
    material = samples.protocol()
    positions = [one.position for one in KINDS["protocol"].compose(material).blocks if one.name == "signature"]
    assert [one.split(",")[0] for one in positions] == [
        "Председатель",
        "Секретарь",
        *["Член апелляционной комиссии"] * 2,
    ]
    plainly = replace(material, card=replace(material.card, member=""))
    last = [one for one in KINDS["protocol"].compose(plainly).blocks if one.name == "signature"][-1]
    assert last.position.startswith("Учитель")


@pytest.mark.parametrize("name", NEW[:4])
def test_a_line_ends_neither_after_a_number_sign_nor_before_the_word_of_a_year(name):
    kind, material = samples.DOCUMENTS[name]
    for block in KINDS[kind].compose(material()).blocks:
        words = plain_text.flat(block.text) if block.name == "paragraph" else ""
        assert not re.search(r"№ |\d г\.|\d человек", words)


def test_typed_words_of_a_protocol_keep_a_number_with_its_sign():
    item = AgendaItem("О приказе № 4", ("Отменить приказ № 4",), spoke=(Speech(MAN, "Не согласен с приказом № 4"),))
    material = samples.protocol()
    document = KINDS["protocol"].compose(replace(material, card=replace(material.card, agenda=(item,))))
    assert "№ 4" not in repr(document.blocks)
    assert repr(document.blocks).count("приказ") == 4
