"""The letters that the pages promise: what each tells, to whom, and that none tells what its reader may not know."""

import re

import pytest
from sqlalchemy import select

from tests.gate import acts
from tests.gate.kit import value
from tests.play import EXPERTS, at
from tests.rows import rows_of
from workflow_app.db.models import Assignment, Outbox, Person
from workflow_app.operations import smtp

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
REVISE = dict.fromkeys(EXPERTS[MATERIAL], (0.5, 0.6))


def letters(road, key):
    """The letters to a person of the stage, the latest last."""
    return rows_of(road.stage, Outbox, person_id=road.stage.people[key])


def heads(road, key):
    return [one.subject.partition(",")[0] for one in letters(road, key)]


def names(road, *keys):
    with road.stage.database.transaction(keep=False) as session:
        people = [session.get_one(Person, road.stage.people[one]) for one in keys]
        return {word for one in people for word in (one.last_name, one.login)}


def test_who_submits_gets_a_receipt_with_the_list_of_the_files(stage):
    road = at(stage, "submitted", ATTESTATION)
    (receipt,) = letters(road, "sokolova")
    assert receipt.subject.startswith("Ваши материалы получены")
    assert "Список файлов (2):\n1. application.pdf\n2. evidence.pdf\n" in receipt.body
    assert "вам придёт письмо с регистрационным номером" in receipt.body
    road.register()
    assert heads(road, "sokolova")[1:] == ["Ваши материалы зарегистрированы"]


def test_an_invitation_names_subject_volume_and_term_and_one_way_to_answer(stage):
    road = at(stage, "in_review")
    letter = letters(road, "bondarenko")[0]
    for words in ("Предметная область: Математика", "Объём: файлов: 1, страниц: ", "Срок экспертизы: 10 раб. дн."):
        assert words in letter.body, letter.body
    assert re.findall(rf"{smtp.SITE}(\S+)", letter.body) == [f"/assignments/{assignment(road, 'bondarenko')}"]
    assert "самоотвод" not in letter.body


def assignment(road, key):
    with road.stage.database.transaction(keep=False) as session:
        wanted = Assignment.case_id == road.case_id, Assignment.expert_id == road.stage.people[key]
        return session.scalars(select(Assignment.id).where(*wanted)).one()


@pytest.mark.parametrize("kind", sorted(EXPERTS))
def test_all_are_told_the_day_the_work_begins(stage, kind):
    road = at(stage, "in_review", kind)
    assert heads(road, road.applicant)[-1] == "Экспертиза начата"
    for one in EXPERTS[kind]:
        assert heads(road, one) == ["Приглашение к экспертизе", "Материалы открыты: можно начинать экспертизу"]
        assert "Заполните и подпишите экспертный лист до" in letters(road, one)[-1].body


def test_a_sheet_that_came_back_has_one_letter_and_no_second_beginning(stage):
    road = at(stage, "consolidation")
    acts.send_back(road)
    assert heads(road, EXPERTS[MATERIAL][0]).count("Материалы открыты: можно начинать экспертизу") == 1


def test_the_experts_are_told_what_came_of_their_work(stage):
    road = at(stage, "approved")
    for one in EXPERTS[MATERIAL]:
        letter = letters(road, one)[-1]
        assert letter.subject.startswith("Заключение утверждено")
        assert "Вывод: Рекомендовать к публикации и включить в муниципальный банк." in letter.body


def test_specialists_are_told_that_a_common_result_waits(stage):
    road = at(stage, "in_review", ATTESTATION)
    for number, one in enumerate(EXPERTS[ATTESTATION]):
        road.sign(one, (0.9, 1.0) if number else (0.0, 0.1), "conforms" if number else "not_conforms")
    assert road.state() == "third_review"
    acts.draft_common(road)
    lead = EXPERTS[ATTESTATION][1]
    told = [one for one in EXPERTS[ATTESTATION] if "Общий вывод ждёт вашего ответа" in heads(road, one)]
    assert told == [one for one in EXPERTS[ATTESTATION] if one != lead]  # the lead has written it


def test_a_conclusion_that_sends_the_work_back_says_so_and_what_can_be_done_until_when(stage):
    road = at(stage, "approved", MATERIAL, REVISE)
    letter = letters(road, road.applicant)[-1]
    assert letter.subject.startswith("Заключение утверждено: материал нужно доработать")
    assert "Вывод: Направить на доработку." in letter.body
    assert "включительно вы можете взять материал на доработку: на неё даётся 20 раб. дн." in letter.body
    positive = at(stage, "approved", "innovation_product")
    assert "доработ" not in letters(positive, positive.applicant)[-1].body


@pytest.mark.parametrize(("decide", "told", "experts"), [
    (acts.dismiss_appeal, "Апелляция отклонена: заключение остаётся без изменения.", False),
    (acts.grant_appeal, "Апелляция удовлетворена: прежнее заключение недействительно", True),
])  # fmt: skip
def test_an_appeal_is_answered_by_letters_to_all_whom_it_concerns(stage, decide, told, experts):
    road = at(stage, "approved")
    acts.appeal(road)
    decide(road)
    assert heads(road, road.applicant)[-2:] == ["Апелляция принята к рассмотрению", "Решение по апелляции"]
    assert told in letters(road, road.applicant)[-1].body
    for one in acts.PANEL:
        assert heads(road, one) == ["Вы в апелляционной комиссии"]
    undone = "Заключение отменено по апелляции"
    assert [undone in heads(road, one) for one in EXPERTS[MATERIAL]] == [experts] * len(EXPERTS[MATERIAL])


def test_an_appeal_against_a_refusal_tells_that_it_was_lifted(stage):
    road = at(stage, "registered")
    acts.decline(road)
    acts.appeal(road)
    acts.grant_appeal(road)
    assert "отказ в приёме снят" in letters(road, road.applicant)[-1].body


@pytest.mark.parametrize("kind", sorted(EXPERTS))
def test_no_letter_of_the_whole_road_names_whom_its_reader_may_not_know(stage, kind):
    """The applicant reads no expert's and no panel member's name; an expert not the applicant's before the answer (71)."""
    road = at(stage, "approved", kind)
    acts.appeal(road)
    acts.grant_appeal(road)
    hidden = names(road, *EXPERTS[kind], *acts.PANEL)
    assert not [word for one in letters(road, road.applicant) for word in hidden if word in one.body + one.subject]
    invitations = [letters(road, one)[0] for one in EXPERTS[kind]]
    assert not [word for one in invitations for word in names(road, road.applicant) if word in one.body + one.subject]


@pytest.mark.parametrize("kind", sorted(EXPERTS))
def test_a_date_at_the_end_of_a_sentence_has_one_full_stop(stage, kind):
    road = at(stage, "approved", kind)
    bodies = [one.body + one.subject for one in rows_of(stage, Outbox)]
    assert [one for one in bodies if re.search(r"\d{4}\xa0?\s?г\.\s", one)]
    assert not [one for one in bodies if ".." in one]
    assert value(road, "state") == "approved"
