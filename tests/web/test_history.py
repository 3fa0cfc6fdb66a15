"""The history of a case: every act in words, identities left out where they must be, and the proof that nothing was changed."""

import pytest
from sqlalchemy import select, text

from tests.play import CASES, at
from tests.statements import count_statements
from tests.web.pages import links_of, table_of, text_of
from workflow_app import gate
from workflow_app.db.models import Event, Municipality
from workflow_app.features.cases import history
from workflow_app.states.definitions.centre import DestroyRecords
from workflow_app.states.vocabulary import Via, system
from workflow_app.wiring import workflows


def page_of(client, road, query=""):
    return client.get(f"/cases/{road.case_id}/history{query}")


def test_every_transition_and_every_way_has_russian_words():
    for workflow in workflows():
        for one in workflow.transitions.values():
            assert any("а" <= letter.lower() <= "я" for letter in str(one.told)), one.name
    assert {*history.VIA} == {*Via}


@pytest.mark.parametrize("kind", CASES)
def test_a_whole_road_is_told_without_a_code_word(quick_stage, app, client_as, kind):
    road = at(quick_stage, "approved", kind)
    with count_statements(app.extensions["workflow_database"].engine) as told:
        page = text_of(page_of(client_as("morozova"), road))
    for table in ("rendition", "attached_signature"):
        assert sum(f"FROM {table}" in one for one in told) == 1, "however many papers the case has"
    for words in ("Создан черновик", "Материалы поданы", "Зарегистрировано", "Все оценки получены", "Утверждено"):
        assert words in page, words
    for code in ("submit", "register", "review_done", "begin_work", "approve", "circulate"):
        assert code not in page


def test_what_followed_by_itself_stands_under_what_caused_it(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    page = page_of(client_as("morozova"), road).get_data(as_text=True)
    under = page[page.index("timeline-caused") :]
    assert "автоматически" in under
    assert "Экспертиза начата" in under


def test_the_office_reads_names_and_others_read_numbers(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    office, author, expert = (text_of(page_of(client_as(one), road)) for one in ("morozova", "sokolova", "lebedev"))
    assert "Приглашён эксперт: Бондаренко" in office.replace("\xa0", " ")
    assert "Приглашён эксперт: эксперт № 1" in author
    assert "Приглашён эксперт: эксперт № 1" in expert
    assert "Приглашён эксперт: вы" in expert
    for page in (author, expert):
        assert "Бондаренко" not in page


def test_who_refused_stays_unnamed_even_after_the_approval(quick_stage, client_as):
    road = at(quick_stage, "assigning")
    road.invite(["nesterov"], "Специалист по предмету заявителя")
    quick_stage.review(
        "nesterov", road.case_id, "refuse", {"cause": "busy", "comment": "Заявитель мне знаком по жюри."}
    )
    road.invite(["bondarenko", "lebedev"], "Специалисты по предмету заявителя")
    road.accept(("bondarenko", "lebedev"))
    for one in ("bondarenko", "lebedev"):
        road.sign(one, (1.0, 0.8))
    road.consolidate(("bondarenko", "lebedev"))
    road.propose()
    road.approve()
    author, office = text_of(page_of(client_as("sokolova"), road)), text_of(page_of(client_as("morozova"), road))
    assert "Бондаренко" in author
    assert "Нестеров" not in author
    assert "знаком по жюри" not in author
    assert "Нестеров" in office
    assert "знаком по жюри" in office


def test_the_words_of_a_return_are_read_by_the_author(quick_stage, client_as):
    road = at(quick_stage, "registered")
    remarks = {"general": "Исправьте одно место.", "remarks": [{"field": "annotation", "text": "Назовите класс."}]}
    quick_stage.act("morozova", road.case_id, "return", remarks)
    page = text_of(page_of(client_as("sokolova"), road))
    assert "Исправьте одно место." in page
    assert "Аннотация: Назовите класс." in page


def test_what_the_office_says_among_itself_stays_there(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    quick_stage.act("gradov", road.case_id, "return_text", {"reason": "Бондаренко завысила второй критерий, смягчите."})
    assert "смягчите" in text_of(page_of(client_as("morozova"), road))
    for who in ("sokolova", "lebedev"):
        assert "смягчите" not in text_of(page_of(client_as(who), road))
        assert "смягчите" not in client_as(who).get(f"/cases/{road.case_id}/history.csv").get_data(as_text=True)


def test_the_filter_shows_one_kind_of_record(quick_stage, client_as):
    road = at(quick_stage, "approved")
    client = client_as("morozova")
    files = text_of(page_of(client, road, "?part=file"))
    assert "Приложен файл" in files
    assert "Утверждено" not in files.split("Документы")[-1]
    issued = page_of(client, road, "?part=document")
    assert "Приказ об утверждении" in text_of(issued)
    assert any(one.endswith(".docx") for one in links_of(issued))
    assert page_of(client, road, "?part=nonsense").status_code == 200


def test_a_changed_record_breaks_the_seal_for_every_reader(quick_stage, client_as):
    road = at(quick_stage, "registered")
    assert "цепочка проверена" in text_of(page_of(client_as("sokolova"), road))
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(
            text(
                "update event_payload set data = '{}' where event_id = (select max(id) from event where root_kind = 'case')"
            )
        )
    for who in ("sokolova", "morozova"):
        assert "Журнал расходится с тем, что хранится" in text_of(page_of(client_as(who), road))


def test_an_erased_sheet_leaves_the_record_and_the_seal(quick_stage, client_as):
    """ADR 4: the chain covers the hash, so destruction of personal data leaves it valid."""
    road = at(quick_stage, "registered")
    with quick_stage.database.transaction(keep=True) as session:
        mine = select(Event.id).where(Event.root_kind == "case", Event.root_id == road.case_id)
        centre = session.get_one(Municipality, quick_stage.municipality_id)
        act = DestroyRecords(act="№ 4 от 01.09.2026", events=tuple(session.scalars(mine)))
        gate.perform(session, system(centre.id), centre, "destroy_records", act, None)
    page = text_of(page_of(client_as("morozova"), road))
    assert "цепочка проверена" in page
    assert "уничтожено по сроку хранения" in page


def test_the_table_has_the_same_lines_as_the_page(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client = client_as("morozova")
    table = table_of(client.get(f"/cases/{road.case_id}/history.csv?part=case"))
    assert [row[2] for row in table[1:]] == ["Создан черновик", "Материалы поданы", "Зарегистрировано"]
    assert all(len(row[6]) == 64 for row in table[1:])
    assert client.get(f"/cases/{road.case_id}/history.xlsx").status_code == 200
    assert client.get(f"/cases/{road.case_id}/history.txt").status_code == 404
    assert client_as("bondarenko").get(f"/cases/{road.case_id}/history.csv").status_code == 404


def test_an_act_of_a_deputy_is_told_as_one(quick_stage, client_as):
    """R30: a deputy acts by a recorded order, and the record says so."""
    road = at(quick_stage, "on_approval")
    quick_stage.act("subbotina", road.case_id, "approve", {"how": "simple"})
    page = text_of(page_of(client_as("morozova"), road))
    assert "в порядке замещения директора" in page
    assert "Подписано простой электронной подписью" in page
