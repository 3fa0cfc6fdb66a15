"""Text that waits for its person: by page and person, few and for a short time."""

from datetime import timedelta

from tests.rows import count_of
from workflow_app import clock
from workflow_app.db import interrupted_forms
from workflow_app.db.models import WorkingCopy
from workflow_app.runtime.timers import tick

SENT = {"sent_to": "/x", "sent": [["a", "Текст"]]}


def keep(stage, key, address):
    with stage.database.transaction(keep=True) as session:
        return interrupted_forms.keep(session, stage.people[key], address, SENT)


def found(stage, key, name):
    with stage.database.transaction(keep=False) as session:
        return interrupted_forms.find(session, stage.people[key], name)


def test_a_text_waits_for_its_person_at_its_page(stage):
    with clock.at(stage.moment):
        name = keep(stage, "sokolova", "/cases/1/edit?step=title")
        assert keep(stage, "sokolova", "/cases/1/edit?step=title") == name, "what is sent twice waits once"
        assert found(stage, "sokolova", name) == {"address": "/cases/1/edit?step=title", **SENT}
        assert found(stage, "morozova", name) is None
        with stage.database.transaction(keep=True) as session:
            interrupted_forms.drop(session, stage.people["morozova"], name)
        assert count_of(stage, WorkingCopy, subject_kind=interrupted_forms.PLACE) == 1
        with stage.database.transaction(keep=True) as session:
            interrupted_forms.drop(session, stage.people["sokolova"], name)
    assert count_of(stage, WorkingCopy, subject_kind=interrupted_forms.PLACE) == 0


def test_few_texts_wait_and_not_for_long(stage):
    with clock.at(stage.moment):
        names = [keep(stage, "sokolova", f"/cases/{number}/edit") for number in range(interrupted_forms.PAGES_MOST + 3)]
        keep(stage, "morozova", "/cases/1/edit")
    assert count_of(stage, WorkingCopy, subject_kind=interrupted_forms.PLACE) == interrupted_forms.PAGES_MOST + 1
    for hours, there in ((11, True), (13, False)):
        with clock.at(stage.moment + timedelta(hours=hours)):
            assert (found(stage, "sokolova", names[-1]) is not None) is there
    with clock.at(stage.moment + timedelta(hours=11)):
        tick(stage.database)
    assert count_of(stage, WorkingCopy, subject_kind=interrupted_forms.PLACE) == interrupted_forms.PAGES_MOST + 1
    with clock.at(stage.moment + timedelta(hours=13)):
        tick(stage.database)
    assert count_of(stage, WorkingCopy, subject_kind=interrupted_forms.PLACE) == 0
