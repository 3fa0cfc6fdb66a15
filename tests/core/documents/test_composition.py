"""What each kind of document says."""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.core.documents import samples
from workflow_app.documents.checks.run import check
from workflow_app.documents.content.snapshot import (
    ByBody,
    ByDirector,
    ByOrder,
    CentreCard,
    Consolidated,
    Discrepancy,
    Issue,
    Material,
    Reference,
    Setting,
    ThirdReview,
)
from workflow_app.documents.docx import plain_text, write
from workflow_app.documents.docx.blocks import OrderStamp, PageBreak, PersonStamp
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.grammar import PersonName
from workflow_app.errors import Broken

GOLDEN = Path(__file__).parents[2] / "golden" / "documents"


def said(kind: str, material: Material) -> str:
    """The document as one line of words, so that a phrase is found wherever its lines end."""
    return " ".join(plain_text.text(KINDS[kind].compose(material)).split())


def consolidated(**changes: object) -> Material:
    material = samples.material_conclusion()
    return replace(material, card=replace(material.card, **changes))


def attestation(**changes: object) -> Material:
    material = samples.attestation_conclusion()
    return replace(material, card=replace(material.card, **changes))


@pytest.mark.parametrize("name", samples.DOCUMENTS)
def test_the_text_is_the_agreed_one(name):
    """The golden files are read by people; UPDATE_GOLDEN=1 writes them anew."""
    kind, material = samples.DOCUMENTS[name]
    now = plain_text.text(KINDS[kind].compose(material()))
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")

    assert now == golden.read_text(encoding="utf-8")


def test_there_is_a_golden_text_for_every_kind_and_no_idle_one():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(samples.DOCUMENTS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_its_part_of_the_material_is_refused(kind):
    with pytest.raises(Broken):
        KINDS[kind].compose(Material(samples.CENTRE, samples.MATERIAL_CASE))


def test_the_director_does_not_approve_the_specialists_conclusion():
    """0a.5: neither a stamp nor an order in attestation."""
    for approval in (ByDirector(samples.DIRECTOR_PAPER, date(2026, 11, 23)), ByOrder(samples.CONCLUSION)):
        assert KINDS["consolidated_conclusion"].compose(replace(attestation(), approval=approval)).stamp is None
    sheet = replace(samples.attestation_sheet(), approval=ByOrder(samples.CONCLUSION))
    assert KINDS["expert_conclusion"].compose(sheet).stamp is None
    with pytest.raises(Broken):
        KINDS["order"].compose(replace(samples.order(), case=samples.ATTESTATION_CASE))


def test_a_conclusion_is_approved_by_a_person_or_by_an_order():
    """0a.11: never both."""
    compose = KINDS["consolidated_conclusion"].compose
    blank = ByDirector(samples.DIRECTOR_PAPER, None)
    stamp = compose(replace(samples.material_conclusion(), approval=blank)).stamp
    assert isinstance(stamp, PersonStamp)
    assert stamp.date.startswith("«____»")
    assert stamp.signature.position == "Директор МКУ ИМЦ"
    ordered = replace(samples.material_conclusion(), approval=ByOrder(Reference("45-од", date(2026, 11, 24))))
    assert isinstance(compose(ordered).stamp, OrderStamp)
    assert compose(replace(ordered, approval=None)).stamp is None


@pytest.mark.parametrize(
    ("protocol", "act", "reference"),
    [
        (True, "решением экспертного совета", "(протокол от 24\xa0ноября 2026\xa0г. №\xa07)"),
        (False, "письмом управления образования", "от 24\xa0ноября 2026\xa0г. №\xa07"),
    ],
)
def test_the_centres_own_work_is_approved_by_another_body_and_the_paper_says_why(protocol, act, reference):
    """Four eyes: the council's protocol or the department's letter stands in the stamp, its signatory in the text."""
    approval = ByBody(Reference("7", date(2026, 11, 24)), protocol, "председатель совета Кравчук Е. М.")
    paper = KINDS["consolidated_conclusion"].compose(replace(samples.material_conclusion(), approval=approval))
    assert paper.stamp == OrderStamp("УТВЕРЖДЕНО", act, reference)
    assert check(write.write(paper)) == ()
    words = said("consolidated_conclusion", replace(samples.material_conclusion(), approval=approval))
    assert "работа самого центра или его руководителя, поэтому заключение утверждено не им" in words
    assert "подписано: председатель совета Кравчук Е. М." in words
    assert "приказ" not in words.casefold()


def test_specialists_recommend_and_never_set_a_category():
    """0a.4, R2."""
    words = said("consolidated_conclusion", attestation())
    assert (
        "Специалисты, осуществлявшие всесторонний анализ, рекомендуют аттестационной комиссии Министерства образования "
        "Свердловской области установить Соколовой Ольге Викторовне высшую квалификационную категорию по должности "
        "«учитель»." in words
    )
    assert "установлена" not in words


def test_specialists_may_recommend_to_refuse():
    """0a.4."""
    words = said("consolidated_conclusion", attestation(favourable=False))
    assert "не соответствуют требованиям, предъявляемым к высшей квалификационной категории." in words
    assert (
        "отказать Соколовой Ольге Викторовне в установлении высшей квалификационной категории по должности «учитель»."
        in words
    )


@pytest.mark.parametrize(("key", "title"), [("methodist", "педагог-методист"), ("mentor", "педагог-наставник")])
def test_the_new_categories_are_not_tied_to_a_position(key, title):
    """0a.4: «квалификационную категорию „педагог-методист“»."""
    material = attestation()
    words = said("consolidated_conclusion", replace(material, case=replace(material.case, target_category=key)))
    assert f"установить Соколовой Ольге Викторовне квалификационную категорию «{title}»." in words
    assert "по должности" not in words


def test_the_position_of_the_case_stands_in_for_an_unnamed_attested_one():
    material = attestation()
    words = said("consolidated_conclusion", replace(material, case=replace(material.case, attested_position=None)))
    assert "по должности «учитель»" in words


def test_a_single_specialist_recommends_in_the_singular():
    words = said("expert_conclusion", replace(samples.attestation_sheet(), issue=samples.ISSUE))
    assert "Специалист, осуществлявший всесторонний анализ, рекомендует" in words
    assert "Всесторонний анализ проведён специалистом: Лебедевым Никитой Фомичом" in words


def test_bodies_are_named_as_on_the_day_of_the_document():
    """0a.6: names of bodies are dated settings."""
    centre = replace(
        samples.CENTRE,
        requisites=(
            Setting("commission_d", "прежней комиссии", date(2020, 1, 1)),
            Setting("commission_d", "нынешней комиссии", date(2026, 11, 1)),
            Setting("commission_d", "будущей комиссии", date(2027, 1, 1)),
        ),
    )
    assert "рекомендуют нынешней комиссии" in said("consolidated_conclusion", replace(attestation(), centre=centre))
    earlier = replace(attestation(), centre=centre, issue=samples.numbered_issue("1", date(2026, 10, 1)))
    assert "рекомендуют прежней комиссии" in said("consolidated_conclusion", earlier)
    assert centre.requisite("commission_d", None) == "будущей комиссии"


def test_documents_do_without_requisites_that_nobody_entered():
    bare = replace(samples.CENTRE, requisites=(), short=samples.CENTRE.full)
    words = said("covering_letter", replace(samples.covering_letter(), centre=bare))
    assert words.startswith(f"{samples.CENTRE.full} {samples.CENTRE.address} Аттестационная комиссия")
    assert "Уведомляем, что Ваше заявление" in said("term_notice", replace(samples.term_notice(), centre=bare))
    assert "По результатам экспертизы" in said("order", replace(samples.order(), centre=bare))
    assert "обжаловано" not in said("appeal_decision", replace(samples.appeal_decision(), centre=bare))
    assert "рекомендуют аттестационной комиссии установить" in said(
        "consolidated_conclusion", replace(attestation(), centre=bare)
    )


def test_sheets_without_points_are_compared_in_words():
    """0a.3."""
    words = said("consolidated_conclusion", attestation())
    assert "подтверждено частично" in words
    assert "Среднее" not in words
    assert "балл" not in words


def test_an_attestation_with_points_by_setting_shows_means():
    """0a.3: the point sheets are a setting."""
    rows = samples.MATERIAL_COMMON.rows
    words = said("consolidated_conclusion", attestation(rows=rows, percents=samples.MATERIAL_COMMON.percents))
    assert "Лебедев Н.Ф. | Бондаренко И.Л. | Черных П.И. | Среднее" in words


@pytest.mark.parametrize(
    ("discrepancy", "phrase"),
    [
        (None, "Существенных расхождений в оценках экспертов не выявлено."),
        (Discrepancy(Decimal(31)), "расходятся на 31 балл из 100 (допустимое расхождение – 20 баллов)."),
        (Discrepancy(Decimal(5), opposite=True), "Выводы экспертов противоположны."),
        (Discrepancy(Decimal(5), criteria=(2, 5)), "По критериям 2, 5 оценки экспертов расходятся более чем на 40 %"),
    ],
)
def test_a_discrepancy_is_said_in_words(discrepancy, phrase):
    assert phrase in said("consolidated_conclusion", consolidated(discrepancy=discrepancy))


@pytest.mark.parametrize(
    ("settled", "phrase"),
    [
        (ThirdReview("expert", samples.KOVAL, policy="last"), "Итоговой признана оценка дополнительной экспертизы."),
        (ThirdReview("expert", policy="all"), "привлечён эксперт 3. Итоговая оценка определена как среднее"),
        (ThirdReview("without", reason="нет свободных"), "экспертиза не проводилась. Нет свободных."),
        (ThirdReview("meeting", agreed=False), "обсудили расхождения и к общему выводу не пришли"),
    ],
)
def test_the_way_out_of_a_discrepancy_is_said_in_words(settled, phrase):
    assert phrase in said("consolidated_conclusion", consolidated(third_review=settled))


def test_r29_a_verdict_other_than_the_rules_is_said_with_its_reason():
    """R29."""
    words = said(
        "consolidated_conclusion",
        consolidated(verdict_by_rule="Направить на доработку", deviation="Замечания устранены"),
    )
    assert "По правилу подсчёта оценок предусмотрен вывод «Направить на доработку». Принят иной вывод." in words
    assert "Обоснование: замечания устранены." in words


def test_a_conclusion_without_dissent_does_not_mention_one():
    assert "собое мнение" not in said("consolidated_conclusion", consolidated(dissents=()))


def test_several_dissents_are_named_together():
    notes = samples.MATERIAL_COMMON.dissents
    words = said(
        "consolidated_conclusion", consolidated(dissents=(*notes, replace(notes[0], expert=samples.EXPERTS[0])))
    )
    assert "Особые мнения Бондаренко И.Л., Лебедева Н.Ф. прилагаются." in words


def test_a_conclusion_whose_sum_is_not_ready_still_reads_well():
    words = said("consolidated_conclusion", consolidated(percent=None))
    assert "Итоговая оценка составляет" not in words


def test_a_document_without_a_number_is_marked_as_a_draft():
    document = KINDS["consolidated_conclusion"].compose(replace(samples.material_conclusion(), issue=Issue()))
    assert document.foot == ("Сводное экспертное заключение. Проект, документ не зарегистрирован.",)
    assert document.number is not None
    assert document.number.endswith("______")
    assert document.date.startswith("«____»")
    unsigned = replace(samples.MATERIAL_SHEET, signed_at=None)
    draft = KINDS["expert_sheet"].compose(Material(samples.CENTRE, samples.MATERIAL_CASE, card=unsigned))
    assert draft.foot == ("Экспертный лист. Проект, документ не зарегистрирован.",)
    assert draft.number is None


def test_a_second_version_names_what_it_replaces():
    """0a.11, R33."""
    document = KINDS["expert_conclusion"].compose(samples.single_conclusion())
    assert document.replaces.replace("\N{NO-BREAK SPACE}", " ") == (
        "Взамен документа от 9 ноября 2026 г. № 9-ЗК (версия 1)"
    )
    assert document.version == 2
    later = replace(samples.ISSUE, version=3, replaces=Reference("12-ЗК", date(2026, 11, 23), version=2))
    words = said("expert_conclusion", replace(samples.single_conclusion(), issue=later))
    assert "Взамен документа от 23 ноября 2026 г. № 12-ЗК (версия 2)" in words


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (PersonName("Черных", "Павел", "Ильич"), "Уважаемый Павел Ильич! В соответствии"),
        (PersonName("Ким", "Саша"), "О сроке и форме проведения аттестации В соответствии"),
    ],
)
def test_without_a_known_gender_the_wording_is_neutral(person, words):
    material = samples.term_notice()
    notice = said("term_notice", replace(material, case=replace(material.case, applicant=person)))
    assert words in notice
    assert "(ая)" not in notice


def test_a_notice_says_only_what_is_known():
    material = samples.term_notice()
    words = said("term_notice", replace(material, card=replace(material.card, commission_on=None, prepared_by=None)))
    assert "Заседание аттестационной комиссии:" not in words
    assert "Морозова" not in words


def test_an_order_keeps_the_control_with_the_director():
    """0a.11."""
    order = samples.order()
    assert "Контроль исполнения приказа оставляю за собой." in said("order", order)
    words = said("order", replace(order, card=replace(order.card, by=None, acquainted=())))
    assert "2. Методисту Морозовой Л.П. ознакомить Ткач В.А. с экспертным заключением. 3." in words
    assert "ознакомлены" not in words


@pytest.mark.parametrize(
    ("granted", "against", "phrase"),
    [
        (True, samples.CONCLUSION, "Признать недействительным экспертное заключение от 23 ноября 2026 г. № 12-ЗК."),
        (True, None, "Отказ отменить, документы принять к рассмотрению."),
        (False, samples.CONCLUSION, "Экспертное заключение от 23 ноября 2026 г. № 12-ЗК оставить без изменения."),
        (False, None, "Отказ в приёме документов оставить в силе."),
    ],
)
def test_an_appeal_is_granted_or_dismissed_against_a_conclusion_or_a_refusal(granted, against, phrase):
    material = samples.appeal_decision()
    appeal = replace(material.card, granted=granted, against=against, sitting=None)
    words = said("appeal_decision", replace(material, card=appeal))
    assert phrase in words
    assert ("Апелляцию удовлетворить." if granted else "Апелляцию отклонить.") in words


def test_an_appeal_in_attestation_does_not_touch_the_commissions_decision():
    words = said("appeal_decision", replace(samples.appeal_decision(), case=samples.ATTESTATION_CASE))
    assert "Решения аттестационной комиссии в этом порядке не пересматриваются." in words


@pytest.mark.parametrize(
    ("examined", "words"),
    [
        (samples.MATERIAL, "О результатах экспертизы методического материала «Сборник"),
        (samples.ACTIVITY, "О результатах экспертизы профессиональной деятельности Ткач Вероники Андреевны, учителя"),
    ],
)
def test_the_object_is_named_by_the_kind_of_the_case(examined, words):
    material = samples.single_conclusion()
    text = said(
        "expert_conclusion",
        replace(material, case=replace(material.case, examined=examined, methods=(), criteria_sheet="")),
    )
    assert words in text
    assert "Методы:" not in text


def test_co_authors_and_repeated_rounds_are_named():
    material = samples.material_sheet()
    case = replace(material.case, co_authors=(samples.KOVAL,), round=2, criteria_sheet="")
    words = said("expert_sheet", replace(material, case=case))
    assert "(авторы – Ткач Вероника Андреевна, учитель МБОУ «Школа № 1»; Коваль Наталья Кузьминична)" in words
    assert "Рассмотрение: повторное (2-е)" in words


def test_a_sheet_without_weights_and_sums_has_a_simpler_table():
    rows = tuple(replace(row, weight=Decimal(1)) for row in samples.MATERIAL_SHEET.rows[:3])
    sheet = replace(samples.MATERIAL_SHEET, rows=rows, total=Decimal(11), maximum=Decimal(15))
    words = said("expert_sheet", replace(samples.material_sheet(), card=sheet))
    assert "№ | Критерий, показатели | Макс. балл | Балл | Обоснование" in words
    assert "| Итого | 15 | 11 |" in words
    blank = tuple(replace(row, points=None) for row in rows)
    draft = replace(sheet, rows=blank, total=None, maximum=None, percent=None, strengths="", remarks="")
    words = said("expert_sheet", replace(samples.material_sheet(), card=draft))
    assert "Итого" not in words
    assert "Сильные стороны" not in words
    assert "Замечаний нет." in words


def test_many_experts_still_fit_on_the_page():
    experts = samples.EXPERTS * 3
    rows = tuple(replace(row, marks=row.marks * 3, mean=None) for row in samples.MATERIAL_COMMON.rows)
    found = Consolidated(
        experts=experts, rows=rows, verdict="Рекомендовать", favourable=True, signatures=(),
        percents=samples.MATERIAL_COMMON.percents * 3,
    )  # fmt: skip
    document = KINDS["consolidated_conclusion"].compose(replace(samples.material_conclusion(), card=found))
    table = next(block for block in document.blocks if block.name == "table")
    assert sum(table.widths) == 170


def test_a_deputy_signs_with_the_deputys_own_position_and_place():
    deputy = replace(samples.DIRECTOR_PAPER, person=samples.MOROZOVA, organisation=samples.HOUSE)
    material = samples.covering_letter()
    words = said("covering_letter", replace(material, card=replace(material.card, signature=deputy)))
    assert "Директор МБУ ДО «Дом творчества» _______________ Л.П. Морозова" in words


def test_the_plain_text_shows_where_a_page_ends():
    document = replace(KINDS["order"].compose(samples.order()), blocks=(PageBreak(),), foot=())
    assert plain_text.text(document).endswith("\n\n-----\n")


def test_a_centre_is_what_its_settings_say():
    assert isinstance(samples.CENTRE, CentreCard)
    assert samples.CENTRE.requisite("unknown", date(2026, 1, 1)) == ""
