"""A centre's Word template from the upload to the issued document: rights, editions, switching, and what fails whole."""

import io
import zipfile

import pytest

from tests.gate import template_files as files
from tests.gate.kit import actor, documents, findings, looking, words
from workflow_app import clock, gate
from workflow_app.db.models import Event, WordTemplate
from workflow_app.documents.docx import qr_code, write
from workflow_app.documents.template_fields.starter import starter
from workflow_app.errors import Denied, WorkflowError
from workflow_app.features.documents.template_effects import next_edition
from workflow_app.states.definitions.template import SwitchOnTemplate, UploadTemplate
from workflow_app.states.forms import Nothing
from workflow_app.word_templates import render

MATERIAL = "methodical_material"
KEY = "consolidated_conclusion"
OURS = (
    "БЛАНК ЦЕНТРА",
    "Заключение {{ number_sign }} от {{ date }}",
    "{{ applicant_d }}",
    "{{ verdict }}",
    "{{ signature_person }}",
)


def uploaded(road, who="morozova", data=None, key=KEY) -> int:
    """Begin a template as a page does; return its id."""
    blob = road.stage.database.blobs.put_bytes(data or files.paper(*OURS))
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
        me = actor(session, road, who)
        sheet = UploadTemplate(note="", document_kind=key, name="бланк.docx", size=blob.size, sha256=blob.sha256)
        row = WordTemplate(
            municipality_id=me.municipality_id, document_kind=key, edition=next_edition(session, me.municipality_id, key),
            file_name="бланк.docx", sha256=blob.sha256, size=blob.size, uploaded_at=clock.now(), note="",
        )  # fmt: skip
        return gate.begin(session, me, row, sheet).id


def does(road, who, id_, name):
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
        row = session.get_one(WordTemplate, id_)
        sheet = SwitchOnTemplate() if name == "switch_on" else Nothing()
        gate.perform(session, actor(session, road, who), row, name, sheet, row.version)


def states(road) -> list[tuple[int, str]]:
    with looking(road) as (session, _case):
        return [(one.edition, one.state) for one in session.query(WordTemplate).order_by(WordTemplate.id)]


def told(road, id_) -> list[str]:
    with looking(road) as (session, _case):
        found = session.query(Event).filter_by(root_kind="word_template", root_id=id_).order_by(Event.seq)
        return [one.transition for one in found]


def test_a_template_that_is_on_makes_the_document_and_is_named_in_its_row(play):
    road = play("on_approval", MATERIAL)
    id_ = uploaded(road)
    does(road, "gradov", id_, "switch_on")
    road.approve()
    (conclusion,) = documents(road, KEY)
    said = words(road, conclusion.sha256)
    assert conclusion.template_id == id_
    assert said.splitlines()[:2] == ["БЛАНК ЦЕНТРА", f"Заключение № {conclusion.number} от {conclusion.dated:%d.%m.%Y}"]
    assert "СВОДНОЕ" not in said
    assert {one.template_id for one in documents(road) if one.document_kind != KEY} == {None}
    assert findings(road) == []


@pytest.mark.parametrize("key", [KEY, "order"])
def test_the_starter_carries_the_qr_code_and_signs_before_the_acquaintance(play, key):
    road = play("on_approval", MATERIAL)
    road.stage.database.site = "https://expertise.example.org"
    does(road, "gradov", uploaded(road, key=key, data=write.write(starter(key))), "switch_on")
    road.approve()
    (made,) = documents(road, key)
    data = road.stage.database.blobs.read(made.sha256)
    assert qr_code.shows(data)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert parts.read("word/media/qr.png") == qr_code.qr(f"https://expertise.example.org/check/{made.code}")
    said = words(road, made.sha256)
    assert "Градов" in said or "Бондаренко" in said
    if key == "order":
        assert said.index("И.А. Градов") < said.index("С приказом ознакомлены") < said.rindex("Л.П. Морозова")
        assert "«____»" in said


@pytest.mark.parametrize("state", ["off", "retired", "other kind"])
def test_a_template_that_is_not_on_makes_nothing(play, state):
    road = play("on_approval", MATERIAL)
    id_ = uploaded(road, key="order" if state == "other kind" else KEY, data=files.paper("БЛАНК"))
    if state == "retired":
        does(road, "morozova", id_, "retire_template")
    road.approve()
    (conclusion,) = documents(road, KEY)
    assert conclusion.template_id is None
    assert "СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in words(road, conclusion.sha256)


def test_an_upload_is_a_new_edition_and_switching_it_on_switches_the_other_off(play):
    road = play("on_approval", MATERIAL)
    first, second = uploaded(road), uploaded(road, who="kuzmin")
    does(road, "gradov", first, "switch_on")
    does(road, "kuzmin", second, "switch_on")
    assert states(road) == [(1, "off"), (2, "on")]
    assert told(road, first) == ["begin", "switch_on", "give_way"]
    assert findings(road) == []


def test_who_may_what(play):
    road = play("on_approval", MATERIAL)
    for stranger in ("sokolova", "bondarenko", "koroleva"):
        with pytest.raises(Denied):
            uploaded(road, who=stranger)
    id_ = uploaded(road)
    with pytest.raises(Denied):
        does(road, "morozova", id_, "switch_on")
    does(road, "gradov", id_, "switch_on")
    with looking(road) as (session, _case):
        row = session.get_one(WordTemplate, id_)
        assert gate.visible(session, actor(session, road, "morozova"), row)
        assert not gate.visible(session, actor(session, road, "bondarenko"), row)
        assert not gate.visible(session, actor(session, road, "sokolova"), row)
    does(road, "morozova", id_, "switch_off")
    assert states(road) == [(1, "off")]


def test_a_template_that_fails_refuses_the_act_and_leaves_nothing(play, monkeypatch):
    road = play("on_approval", MATERIAL)
    does(road, "gradov", uploaded(road), "switch_on")
    monkeypatch.setattr(render, "SECONDS", 0.01)
    with pytest.raises(WorkflowError, match=r"Шаблон «бланк\.docx» не сработал"):
        road.approve()
    assert road.state() == "on_approval"
    assert documents(road, KEY) == []
    monkeypatch.undo()
    road.approve()
    numbers = [one.number for one in documents(road) if one.register == "conclusions"]
    assert numbers == [str(at + 1) for at in range(len(numbers))], "no number was lost"
    assert findings(road) == []


def test_a_template_whose_file_was_changed_behind_our_back_issues_nothing(play):
    road = play("on_approval", MATERIAL)
    id_ = uploaded(road)
    does(road, "gradov", id_, "switch_on")
    with looking(road) as (session, _case):
        path = road.stage.database.blobs.path(session.get_one(WordTemplate, id_).sha256)
    path.write_bytes(files.paper("ПОДМЕНА"))
    with pytest.raises(WorkflowError, match="повреждён"):
        road.approve()
    assert road.state() == "on_approval"
