"""ADR 26: a search finds what its words mean, the same on both databases, and nothing that the policy does not open."""

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, text, update

from tests.gate.test_standings import actors, other_rows, scatter
from tests.play import amend, at, open_stage
from tests.rows import rows_of
from workflow_app import clock, gate
from workflow_app.content_types.behaviors import Files
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case, CaseFile, Document, FileText, Organization, Person, SearchRow
from workflow_app.documents.kinds.registry import KINDS as DOCUMENT_KINDS
from workflow_app.facts import search, search_rows, standing_rows
from workflow_app.facts.actors import actor_of
from workflow_app.facts.search_texts import SEARCHED, date_of
from workflow_app.facts.subjects import KINDS, facts_of, workflow_of
from workflow_app.operations import integrity
from workflow_app.runtime import job_worker
from workflow_app.states import policy
from workflow_app.states.definitions.people import EditPerson
from workflow_app.states.vocabulary import Permission
from workflow_app.stemming import tokens_of

WORD = "слово"
EVERY = [one.kind for one in SEARCHED]


def who(session, stage, key):
    return actor_of(session, session.get_one(Person, stage.people[key]), stage.municipality_id)


def found(session, stage, key, words, kinds=EVERY):
    rows = search.page(session, who(session, stage, key), words, kinds, 1000).rows
    return [(one.subject_kind, one.subject_id, one.needs) for one in rows]


def cases(session, stage, key, words):
    return sorted({id_ for kind, id_, _ in found(session, stage, key, words) if kind == "case"})


MEANT = (
    "сборники", "заданием", "функциональн", "Соколовой", "соколова сборн", "MM-2026-1", "ММ–2026–1", "2026-1 сборник", "«Сборник» № 1",
)  # fmt: skip
NOT_MEANT = (
    "сборная", "борник", "сборник зайцев", "ММ-2026-2", "***", "", "%", "_case_view", '"', "' OR 1=1 --", "a NEAR b", "сборник NOT задание",
)  # fmt: skip


def test_a_case_is_found_by_forms_beginnings_names_and_numbers(stage):
    road = at(stage, "registered")
    with stage.database.transaction(keep=False) as session:
        for words in MEANT:
            assert cases(session, stage, "morozova", words) == [road.case_id], words
            assert session.scalars(select(Case.id).where(search.among(session, words, Case))).all() == [road.case_id], (
                words
            )


def test_other_words_and_signs_find_nothing_and_break_nothing(stage):
    at(stage, "registered")
    with stage.database.transaction(keep=False) as session:
        for words in NOT_MEANT:
            assert cases(session, stage, "morozova", words) == [], words
            assert session.scalars(select(Case.id).where(search.among(session, words, Case))).all() == [], words
        assert cases(session, stage, "morozova", "сборник:* (задания)") == [1]


READERS = ("morozova", "sokolova", "bondarenko", "kuzmin")


def _told(session, stage, words):
    """What each reader finds, and what every list does, which asks of no reader."""
    lists = [sorted(session.scalars(select(of.id).where(search.among(session, words, of)))) for of in SEARCHED]
    return [found(session, stage, key, words) for key in READERS], lists


def test_common_words_and_small_lots_find_the_same(stage, monkeypatch):
    """A list in which many rows have the words looks at its rows; a page asks for candidates until it is full."""
    at(stage, "approved")
    asked = ["сборник", "задан", "соколовой", "заключ", "учебный", "2026", "иванов"]
    with stage.database.transaction(keep=False) as session:
        told = []
        for most, lot in ((search._LOOKED_UP, 100), (-1, 3)):
            monkeypatch.setattr(search, "_LOOKED_UP", most)
            monkeypatch.setattr(search, "LOT", lot)
            told.append([_told(session, stage, words) for words in asked])
        assert told[0] == told[1]
        assert any(rows for readers, _ in told[0] for rows in readers)


def test_pages_partition_what_was_found_both_ways(stage):
    at(stage, "approved")
    with stage.database.transaction(keep=False) as session:
        me = who(session, stage, "morozova")
        whole = [one.id for one in search.page(session, me, "учебный", EVERY, 1000).rows]
        assert len(whole) > 12 and whole == sorted(whole, reverse=True)
        pages, page = [], search.page(session, me, "учебный", EVERY, 5)
        assert not page.earlier
        while True:
            pages.append([one.id for one in page.rows])
            if not page.later:
                break
            page = search.page(session, me, "учебный", EVERY, 5, after=page.rows[-1].id)
        assert [one for many in pages for one in many] == whole
        back = search.page(session, me, "учебный", EVERY, 5, before=pages[2][0])
        assert [one.id for one in back.rows] == pages[1] and back.earlier and back.later
        assert search.page(session, me, "учебный", EVERY, 5).total in (None, len(whole))


def test_a_corrected_card_and_a_renamed_person_are_found_by_the_new_words_alone(stage):
    road = at(stage, "registered")
    amend(road, title="Рабочая программа столярной мастерской")
    with stage.database.transaction(keep=True) as session:
        person = session.get_one(Person, stage.people["sokolova"])
        me = who(session, stage, "morozova")
        card = EditPerson(
            last_name="Журавлёва",
            first_name="Ольга",
            gender="f",
            email=person.email,
            organization_id=person.organization_id,
        )
        gate.perform(session, me, person, "edit_person", card, person.version)
    with stage.database.transaction(keep=False) as session:
        assert cases(session, stage, "morozova", "столярная журавлева") == [road.case_id]
        assert cases(session, stage, "morozova", "соколова") == []
        assert list(search_rows.differing(session)) == []


def test_a_conclusion_and_a_form_are_found_by_who_may_read_them(stage):
    """An expert of a running review reads the form, not what the office writes."""
    road = at(stage, "on_approval")
    with stage.database.transaction(keep=False) as session:
        conclusion = session.get_one(Case, road.case_id).conclusion["conclusions"].split()[:4]
        words = " ".join(conclusion)
        assert ("case", road.case_id, "see_conclusion") in found(session, stage, "morozova", words)
        assert not [one for one in found(session, stage, "sokolova", words) if one[2] == "see_conclusion"]
        assert list(search_rows.differing(session)) == []


def test_the_words_of_a_file_are_found_when_they_have_been_taken(stage):
    road = at(stage, "registered")
    with stage.database.transaction(keep=True) as session:
        sha256, kind = search_rows.waiting(session)
        assert kind == "pdf"
        assert not found(session, stage, "morozova", "квадратные уравнения")
        search_rows.told(session, sha256, "Решаем квадратное уравнение.\nОтвет: 2")
    with stage.database.transaction(keep=False) as session:
        assert [one[0] for one in found(session, stage, "morozova", "квадратные уравнения")] == ["file"]
        assert [one[0] for one in found(session, stage, "sokolova", "квадратные уравнения")] == ["file"]
        assert found(session, stage, "lebedev", "квадратные уравнения") == []
        assert session.scalars(select(FileText).where(FileText.waits)).all() == []
        assert list(search_rows.differing(session)) == [] and road.case_id


def _faults(session, stage):
    return [one.row for one in integrity.findings(session, stage.database.blobs) if one.kind == "search"]


def test_the_check_names_what_is_found_by_wrong_words_and_a_rebuild_mends_it(stage):
    at(stage, "registered")
    with stage.database.transaction(keep=True) as session:
        session.execute(text("UPDATE search_row SET tokens = 'заяц' WHERE needs = 'view' AND subject_kind = 'case'"))
        lost = "id = 1, subject_kind = 'publication', subject_id = 77 WHERE subject_kind = 'organization' AND subject_id = 1"
        session.execute(text(f"UPDATE search_row SET {lost}"))  # and of a kind of which there is nothing
    with stage.database.transaction(keep=False) as session:
        assert sorted(_faults(session, stage)) == ["case 1", "organization 1", "publication 77"]
    assert search_rows.rebuild(stage.database) > 2
    assert search_rows.rebuild(stage.database) == 0
    with stage.database.transaction(keep=False) as session:
        assert _faults(session, stage) == []
        assert cases(session, stage, "morozova", "сборник") == [1] and cases(session, stage, "morozova", "заяц") == []


def test_a_rebuild_fills_an_index_that_has_lost_its_rows(quick_stage):
    """On SQLite alone: it is kept by triggers, past which somebody may have written."""
    at(quick_stage, "registered")
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
        assert cases(session, quick_stage, "morozova", "сборник") == []
    assert search_rows.rebuild(quick_stage.database) == 0
    with quick_stage.database.transaction(keep=False) as session:
        assert cases(session, quick_stage, "morozova", "сборник") == [1]


def test_the_number_of_a_row_says_its_day(stage):
    at(stage, "registered")
    days = {one.subject_kind: date_of(one.id) for one in rows_of(stage, SearchRow)}
    assert days["case"] == date(2026, 9, 1) and days["person"] is None


def test_every_token_between_quotation_marks_is_one_token_to_sqlite(quick_stage):
    """Letters of any script, and our signs: the tokenizer of SQLite divides none of them."""
    with quick_stage.database.transaction(keep=False) as session:
        for words in ("ёжик", "日本語", "straße", "naïve", "ат-2026-17", "ⅷ", "ﬁn", "\U0001d400\U0001d401", "ಕನ್ನಡ"):
            here = (SearchRow.subject_kind == "organization", SearchRow.subject_id == 1)
            session.execute(update(SearchRow).where(*here).values(tokens=tokens_of(words)))
            assert session.scalars(select(Organization.id).where(search.among(session, words, Organization))).all() == [
                1
            ], words


def _files_of_records(session, chance):
    """A file of each record that may have one."""
    for key in (key for key, kind in CONTENT_TYPES.items() if kind.behavior(Files)):
        for one in session.scalars(select(RECORDS[key])):
            file = CaseFile(
                municipality_id=one.municipality_id, record_kind=key, record_id=one.id, attachment="scan", size=1
            )
            file.name = file.media_type = file.sha256 = "x"
            file.uploaded_at, file.state = clock.now(), chance.choice(["attached", "removed"])
            session.add(file)
    session.flush()


def _say_one_word(session, chance):
    """Let every text of every kind have one word in it."""
    for case in session.scalars(select(Case)):
        case.title, case.form, case.conclusion = WORD, {"annotation": WORD}, {"conclusions": WORD}
        if case.state == "in_review":
            case.criteria_id = 1
    for number, one in enumerate(session.scalars(select(CaseFile))):
        one.name, one.sha256 = f"{WORD}.pdf", f"{number}"
    for one in session.scalars(select(Organization)):
        one.genitive = WORD
    for one in session.scalars(select(Person)).unique():
        one.email = f"{WORD}@example.ru"
    for one in session.scalars(select(Document)):
        one.document_kind, one.number = chance.choice(list(DOCUMENT_KINDS)), f"{WORD}-{one.id}"
    for key, kind in CONTENT_TYPES.items():
        texts = [name for name in kind.listing.search if name in kind.fields and kind.kind_of(name) is str]
        for row in session.scalars(select(RECORDS[key])):
            for name in texts:
                setattr(row, name, WORD)


def _open(me, subject, facts, needs):
    """Whether the policy opens a text; whoever reads what is in a case sees its card, too."""
    flow = workflow_of(subject)
    wanted = {Permission(needs), *([Permission.VIEW] if isinstance(subject, Case) else [])}
    return all(policy.may(flow, me, facts, one) for one in wanted)


def leaks(session, stage, seed, readers=25):
    """Where a search finds another thing than the policy opens to some who read."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    other_rows(session, stage, chance)
    _files_of_records(session, chance)
    _say_one_word(session, chance)
    standing_rows.rebuild_in(session)
    search_rows.rebuild_in(session)
    session.expire_all()
    rows = [one for one in session.scalars(select(SearchRow)) if f" {WORD}" in f" {one.tokens}"]
    subjects = {one.id: session.get_one(KINDS[one.subject_kind], one.subject_id) for one in rows}
    facts = {id_: facts_of(one, session) for id_, one in subjects.items()}
    differ, told = [], Counter()
    for me in chance.sample(actors(session, stage), readers):
        judged = {one.id for one in rows if _open(me, subjects[one.id], facts[one.id], one.needs)}
        listed = [one.id for one in search.page(session, me, WORD, EVERY, 10**5).rows]
        assert len(listed) == len(set(listed))
        told.update(subjects[one].kind for one in listed)
        differ += [f"not found: {subjects[one].kind} {one}, {me}" for one in judged - set(listed)]
        differ += [f"found: {subjects[one].kind} {one}, {me}" for one in set(listed) - judged]
        assert all(gate.visible(session, me, subjects[one], facts[one]) for one in judged)
    assert told.keys() >= {"case", "file", "document", "person", "organization", "publication", "registration"}
    return differ


def test_nothing_is_found_that_the_policy_does_not_open_and_nothing_less(quick_stage, monkeypatch):
    """What is counted, sorted or shown is counted out of this."""
    monkeypatch.setattr(search, "_LOTS", 10**4)
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        assert leaks(session, quick_stage, 0) == []


@pytest.mark.postgres
def test_nothing_is_found_that_the_policy_does_not_open_on_postgresql(centre_postgres_url, tmp_path, monkeypatch):
    monkeypatch.setattr(search, "_LOTS", 10**4)
    with (
        open_stage(centre_postgres_url, tmp_path) as stage,
        clock.at(stage.moment),
        stage.database.transaction(keep=False) as session,
    ):
        assert leaks(session, stage, 99, readers=12) == []


def test_the_worker_takes_the_words_of_new_files_once(quick_stage):
    road = at(quick_stage, "approved")
    waiting = len(rows_of(quick_stage, FileText, FileText.waits))
    assert waiting > 1
    assert job_worker.take_texts(quick_stage.database) == waiting
    assert job_worker.take_texts(quick_stage.database) == 0
    with quick_stage.database.transaction(keep=False) as session:
        number = session.get_one(Case, road.case_id).number
        papers = [one for one in found(session, quick_stage, "morozova", f"{number} соколовой") if one[0] == "document"]
        assert papers, "the conclusion names its case"
        assert list(search_rows.differing(session)) == []
