"""Through the pages and at the same moment, on both databases: one act is done once, the others are told, nobody gets a 5xx.

The gate's own races stand in ``tests/gate/test_concurrency.py``; here are the requests that people really send.
"""

import pytest
from sqlalchemy import select

from tests.play import EXPERTS, PASSWORD, at, draft, open_app
from tests.reviewing import declaration, filled, invited, place, signing
from tests.rows import count_of
from tests.web.at_once import all_at_once, statuses
from tests.web.drafts import events, fill_in, kept, state, token, typed
from tests.web.office import done, later, version
from workflow_app.db import working_copies
from workflow_app.db.models import Case, Document, Job, Organization, Outbox, Person, WorkingCopy
from workflow_app.demo.steps import DIRECTOR, TEXTS
from workflow_app.operations import integrity

KIND = "methodical_material"
MANY, FEW = 20, 6  # many: more than a pool gives connections (15)
TOLD = {303, 409}  # done, or done by another one before
SHEET = "strengths"


@pytest.fixture
def app(stage, centre_url, tmp_path):
    """The application over the database of ``stage``, whichever it is."""
    return open_app(centre_url, tmp_path, stage.database)


def sound(stage):
    with stage.database.snapshot() as session:
        return [str(one) for one in integrity.findings(session, stage.database.blobs)]


def copy_of(stage, key, kind, id_, name):
    with stage.database.transaction(keep=False) as session:
        row = working_copies.find(session, (stage.people[key], kind, id_, name))
        return dict(row.data) if row is not None else None


def client_of(app, key):
    with later():
        return app.test_client().log_in(key)


# -- The same act, many times


def test_many_presses_of_submit_are_one_submission(app, stage):
    road, form = draft(stage)
    with later():
        client = app.test_client().log_in(road.applicant)
        fill_in(client, road.case_id, form)
        press = {
            "version": token(client, road.case_id), "step": "check", "declaration_authorship": "y", "do": "submit",
        }  # fmt: skip
    found = all_at_once(app, [(road.applicant, f"/cases/{road.case_id}/edit", press)] * MANY)
    assert set(statuses(found)) <= TOLD
    assert (state(stage, road.case_id), events(stage, road.case_id).count("submit")) == ("submitted", 1)
    assert count_of(stage, WorkingCopy, WorkingCopy.subject_id == road.case_id) == 0
    assert sound(stage) == []


def test_many_presses_of_a_new_case_are_one_case(app, stage):
    sent = {"case_type": KIND, "title": "Сборник заданий по краеведению"}
    found = all_at_once(app, [("sokolova", "/cases/new", sent)] * MANY)
    assert set(statuses(found)) == {303}
    assert len({one.location for one in found}) == 1
    assert count_of(stage, Case) == 1


def test_a_registration_pressed_at_once_takes_one_number(app, stage):
    road = at(stage, "submitted")
    sent = {"received_at": "2026-09-01", "version": version(stage, road)}
    address = f"/cases/{road.case_id}/do/register"
    found = all_at_once(app, [(key, address, sent) for key in ("morozova", "subbotina") * (FEW // 2)])
    assert set(statuses(found)) <= TOLD
    assert done(stage, road, "register") == 1
    assert sound(stage) == []


def test_an_act_with_many_pressed_at_once_is_ordered_once(app, stage):
    roads = [at(stage, "submitted"), at(stage, "submitted", "innovation_product")]
    rows = " ".join(f"{one.case_id}.{version(stage, one)}" for one in roads)
    act = "register.Register"
    press = {"rows": rows, "act": act, "go": act, "once": "a1b2c3d4", "received_at": ""}
    found = all_at_once(app, [("morozova", "/bulk/case/numbers", press)] * FEW)
    assert statuses(found) == {303: FEW}
    assert len({one.location for one in found}) == count_of(stage, Job) == 1


def test_an_approval_pressed_at_once_issues_one_conclusion_and_one_order(app, stage):
    road = at(stage, "on_approval")
    sent = {"how": "simple", "password": PASSWORD, "version": version(stage, road)}
    keys = (DIRECTOR, "subbotina") * (FEW // 2)
    found = all_at_once(app, [(key, f"/cases/{road.case_id}/approve", sent) for key in keys])
    assert set(statuses(found)) <= {*TOLD, 403}  # 403: coordinator and deputy in one person
    assert done(stage, road, "approve") == 1
    own = (Document.case_id == road.case_id, Document.assignment_id.is_(None))
    assert sorted(kinds(stage, *own)) == ["consolidated_conclusion", "order"]
    assert sound(stage) == []


def kinds(stage, *where):
    with stage.database.transaction(keep=False) as session:
        return session.scalars(select(Document.document_kind).where(*where)).all()


def test_one_new_person_typed_twice_at_once_is_asked_about(app, stage):
    card = {"last_name": "Крылова", "first_name": "Вера", "middle_name": "Ильинична", "role": "teacher"}
    found = all_at_once(app, [("morozova", "/people/new", card)] * FEW)
    assert statuses(found) == {303: 1, 409: FEW - 1}
    assert count_of(stage, Person, Person.last_name == "Крылова") == 1


def test_one_table_confirmed_at_once_is_entered_once(app, stage):
    rows = "ФИО\nКрылова Вера Ильинична\n"
    client = client_of(app, "morozova")
    with later():
        answer = client.post("/imports/people", data={"rows": rows})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    grid = answer.location
    found = all_at_once(app, [("morozova", grid, {"seen": "1", "act": "record"})] * FEW)
    assert set(statuses(found)) == {303}  # the others are told what the first has recorded
    assert {one.location for one in found} == {f"{grid}/result"}
    assert count_of(stage, Person, Person.last_name == "Крылова") == 1


# -- The last of its kind


def test_the_last_acceptances_at_once_begin_the_review_once(app, stage):
    road = invited(stage)
    sent = []
    for key in EXPERTS[KIND]:
        id_ = place(stage, road, key)
        sent += [(key, f"/assignments/{id_}/do/accept", declaration(stage, id_))] * 3
    found = all_at_once(app, sent)
    assert set(statuses(found)) <= TOLD
    assert (road.state(), done(stage, road, "accept")) == ("in_review", 2)
    assert sound(stage) == []


def test_the_last_signatures_at_once_lead_to_the_consolidation_once(app, stage):
    road = at(stage, "in_review")
    sent = []
    for key in EXPERTS[KIND]:
        id_ = place(stage, road, key)
        sent += [(key, f"/assignments/{id_}/sign", signing(stage, id_, road.sheet()))] * 3
    found = all_at_once(app, sent)
    assert set(statuses(found)) <= TOLD
    assert (road.state(), done(stage, road, "sign"), done(stage, road, "review_done")) == ("consolidation", 2, 1)
    assert sound(stage) == []


def test_the_last_answers_to_the_conclusion_at_once_are_counted_once_each(app, stage):
    road = at(stage, "consolidation")
    stage.act("morozova", road.case_id, "circulate", TEXTS)
    sent = []
    for key in EXPERTS[KIND]:
        id_ = place(stage, road, key)
        fields = {"how": "simple", "password": PASSWORD, "version": version_of(stage, id_)}
        sent += [(key, f"/assignments/{id_}/do/agree", fields)] * 3
    found = all_at_once(app, sent)
    assert set(statuses(found)) <= TOLD
    assert done(stage, road, "agree") == 2
    assert sound(stage) == []


def version_of(stage, id_):
    from tests.reviewing import row

    return str(row(stage, id_).version)


# -- Three windows


def test_of_three_windows_of_a_draft_one_text_is_kept_and_two_are_told(app, stage):
    road, _ = draft(stage)
    client = client_of(app, road.applicant)
    with later():
        seen = token(client, road.case_id, "title")
    texts = [f"Сборник заданий, окно {number}" for number in range(3)]
    address = f"/cases/{road.case_id}/autosave/submit"
    sent = [(road.applicant, address, {"step": "title", "title": one, "version": seen}) for one in texts]
    found = all_at_once(app, sent)
    assert statuses(found) == {200: 1, 409: 2}
    winner = next(text for text, one in zip(texts, found, strict=True) if one.status_code == 200)
    assert kept(stage, road.case_id)["title"] == winner
    assert all("окне" in one.json["error"] for one in found if one.status_code == 409)


def test_of_three_windows_of_a_sheet_one_text_is_kept_and_two_are_told(app, stage):
    road = at(stage, "in_review")
    key = EXPERTS[KIND][0]
    id_ = place(stage, road, key)
    fields = filled(road.sheet())
    client = client_of(app, key)
    with later():
        first = client.post(f"/assignments/{id_}/autosave", data=fields | {"version": ""})
    texts = [f"Сильные стороны из окна {number}" for number in range(3)]
    sent = [
        (key, f"/assignments/{id_}/autosave", fields | {SHEET: one, "version": first.json["version"]}) for one in texts
    ]
    found = all_at_once(app, sent)
    assert statuses(found) == {200: 1, 409: 2}
    winner = next(text for text, one in zip(texts, found, strict=True) if one.status_code == 200)
    assert copy_of(stage, key, "assignment", id_, "sign")[SHEET] == winner


def test_of_three_windows_of_an_act_one_text_is_kept_and_two_are_told(app, stage):
    """The form of an act, and the very first save: there is no row yet that could be locked."""
    road = at(stage, "consolidation")
    seen = f"{version(stage, road)}."
    texts = [f"{TEXTS[SHEET]} Окно {number}." for number in range(3)]
    address = f"/cases/{road.case_id}/do/circulate/keep"
    found = all_at_once(app, [("morozova", address, TEXTS | {SHEET: one, "version": seen}) for one in texts])
    assert statuses(found) == {200: 1, 409: 2}
    winner = next(text for text, one in zip(texts, found, strict=True) if one.status_code == 200)
    assert copy_of(stage, "morozova", "case", road.case_id, "circulate")[SHEET] == winner


def test_the_same_text_sent_twice_is_no_other_window(app, stage):
    """The answer to a save got lost on the way, and the page sends it again."""
    road = at(stage, "consolidation")
    sent = TEXTS | {"version": f"{version(stage, road)}."}
    address = f"/cases/{road.case_id}/do/circulate/keep"
    found = all_at_once(app, [("morozova", address, sent)] * 3)
    assert statuses(found) == {200: 3}
    assert len({one.json["version"] for one in found}) == 1


def test_whole_drafts_sent_from_three_windows_at_once_lose_no_text(app, stage):
    """«Сохранить»: who was second gets their text back in the fields, beside what is kept."""
    road, form = draft(stage)
    client = client_of(app, road.applicant)
    with later():
        seen = token(client, road.case_id)
    texts = [f"Сборник заданий, окно {number}" for number in range(3)]
    fields = [typed(form) | {"title": one, "version": seen, "do": "save"} for one in texts]
    found = all_at_once(app, [(road.applicant, f"/cases/{road.case_id}/edit", one) for one in fields])
    assert statuses(found) == {303: 1, 409: 2}
    for text, one in zip(texts, found, strict=True):
        assert one.status_code == 303 or text in one.get_data(as_text=True)


def test_letters_of_an_act_done_at_once_are_written_once(app, stage):
    road = at(stage, "submitted")
    before = count_of(stage, Outbox)
    sent = {"received_at": "2026-09-01", "version": version(stage, road)}
    all_at_once(app, [("morozova", f"/cases/{road.case_id}/do/register", sent)] * FEW)
    with stage.database.transaction(keep=False) as session:
        rows = session.scalars(select(Outbox).where(Outbox.id > before)).all()
        letters = [(one.to_address, one.subject) for one in rows]
    assert len(letters) == len(set(letters))


def test_two_organisations_never_get_one_name_at_once(app, stage):
    with stage.database.transaction(keep=False) as session:
        rows = session.execute(select(Organization.id, Organization.version).order_by(Organization.id).limit(FEW)).all()
    card = {"name": "МАОУ «Школа № 200»", "genitive": "МАОУ «Школы № 200»"}
    presses = [(f"/records/organization/{id_}/do/edit", card | {"version": str(seen)}) for id_, seen in rows]
    found = all_at_once(app, [("morozova", address, data) for address, data in presses])
    assert statuses(found) == {303: 1, 422: FEW - 1}
    assert count_of(stage, Organization, Organization.name == card["name"]) == 1
    assert sound(stage) == []
