"""Orders of a month whose annex is cases: who stands in one, what the signature does, what is left when it is cancelled."""

import docx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.gate.kit import REASON, documents, looking, offered
from tests.gate.month_orders import act, papers, signed, with_cases
from tests.gate.test_record_files import attach
from tests.gate.test_records import me
from tests.play import EXPERTS, at
from tests.rows import findings, row_of
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.content_types import month_order as o
from workflow_app.db.models import RECORDS, Case, CaseFile, Document, Event, EventPayload, Municipality, Waiting
from workflow_app.documents.docx import plain_text
from workflow_app.documents.kinds.month_orders import CHAIR
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts import registers
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.gate.issuing import records
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"


def words_of(stage, id_):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        row = session.get_one(RECORDS["month_order"], id_)
        return plain_text.text(records.preview(session, row, o.DOCUMENTS[row.order_kind])).replace("\u00a0", " ")


def waiting(stage, road):
    with stage.database.transaction(keep=False) as session:
        return set(
            session.scalars(select(Waiting.todo).where(Waiting.root_kind == "case", Waiting.root_id == road.case_id))
        )


def test_r53_an_order_approves_its_cases_and_none_of_them_issues_an_order_of_its_own(stage):
    """R53."""
    road = at(stage, "on_approval", MATERIAL)
    assert "approve" in waiting(stage, road)
    id_ = with_cases(stage, road)
    assert "approve" not in waiting(stage, road)  # the order waits, not the case
    with pytest.raises(NotYet, match="стоит в приказе"):
        stage.act("gradov", road.case_id, "approve", {"how": "simple"})
    act(stage, id_, "offer")
    act(stage, id_, "sign_approval", o.SignApproval())
    assert road.state() == "approved"
    assert papers(stage, id_) == [("conclusions_order", "1", 1, "issued")]
    kinds = {one.document_kind for one in documents(road)}
    assert "consolidated_conclusion" in kinds
    assert "order" not in kinds
    assert row_of(stage, Case, road.case_id).turn != "director"
    assert findings(stage) == []


def test_the_conclusion_names_the_order_of_the_month(quick_stage):
    road = at(quick_stage, "on_approval", MATERIAL)
    id_ = with_cases(quick_stage, road)
    act(quick_stage, id_, "offer")
    act(quick_stage, id_, "enter_approval", o.EnterApproval(number="45-од", dated=quick_stage.moment.date()))
    assert papers(quick_stage, id_) == [("conclusions_order", "45-од", 1, "issued")]
    paper = next(one for one in documents(road) if one.document_kind == "consolidated_conclusion")
    file = docx.Document(str(quick_stage.database.blobs.path(paper.sha256)))
    said = " ".join(one.text for one in file.element.body.iter() if one.tag.endswith("}t") and one.text)
    assert "УТВЕРЖДЕНО приказом МКУ ИМЦ" in said.replace("\u00a0", " ")
    assert "№ 45 од" in said.replace("\u00a0", " ")  # the hyphen that holds is no letter of the text


def test_r53_a_case_stands_in_one_order_of_a_kind(stage):
    """R53."""
    road = at(stage, "on_approval", MATERIAL)
    with_cases(stage, road)
    with pytest.raises(Invalid, match="Уже стоит в приказе"):
        with_cases(stage, road, title="Второй приказ месяца")
    with pytest.raises(IntegrityError), stage.database.transaction(keep=True) as session:  # whoever came by another way
        row = RECORDS["ordered_case"](municipality_id=stage.municipality_id)
        first = session.scalars(select(RECORDS["ordered_case"])).first()
        row.within_id, row.case_id, row.once, row.state, row.version = (
            first.within_id,
            first.case_id,
            first.once,
            "active",
            1,
        )
        session.add(row)
        session.flush()


def test_a_case_that_is_not_ready_is_told_why(quick_stage):
    road = at(quick_stage, "assigning", ATTESTATION)
    with pytest.raises(Invalid, match="Приглашены не все: 0 из 3"):
        with_cases(quick_stage, road, kind=o.COMPOSITION, scope=o.ATTESTATION)
    with pytest.raises(Invalid, match="Ещё не передано на утверждение"):
        with_cases(quick_stage, road, scope=o.ATTESTATION)
    with pytest.raises(Invalid, match="Дело другого вида"):
        with_cases(quick_stage, road, kind=o.COMPOSITION)


def test_the_order_on_commissions_names_the_experts_of_each_case(quick_stage):
    road = at(quick_stage, "assigning", ATTESTATION)
    road.invite(EXPERTS[ATTESTATION], REASON)
    id_ = with_cases(
        quick_stage, road, kind=o.COMPOSITION, scope=o.ATTESTATION, title="О составе комиссий, август 2026 г."
    )
    words = words_of(quick_stage, id_)
    assert "Утвердить составы комиссий специалистов согласно приложению (всего 1 комиссия)" in words
    assert words.count("Бондаренко") == 1
    act(quick_stage, id_, "offer")
    act(quick_stage, id_, "sign_composition", o.SignComposition())
    assert road.state() == "assigning"
    assert papers(quick_stage, id_) == [("commissions_order", "1", 1, "issued")]
    act(quick_stage, id_, "reissue_composition", o.ReissueComposition())
    assert papers(quick_stage, id_) == [
        ("commissions_order", "1", 1, "replaced"),
        ("commissions_order", "1", 2, "issued"),
    ]


def test_each_case_of_an_order_on_commissions_has_an_event_in_as_many_statements(stage):
    """The number and the day of the paper stand in the history of every case; a case of it more asks no statement more."""
    several = {"kind": o.COMPOSITION, "scope": o.ATTESTATION}
    counted, known = [], []
    for many in (1, 3):
        roads = [at(stage, "assigning", ATTESTATION) for _ in range(many)]
        for road in roads:
            road.invite(EXPERTS[ATTESTATION], REASON)
        id_ = with_cases(stage, *roads, **several, title=f"О составе комиссий, дел: {many}")
        act(stage, id_, "offer")
        with count_statements(stage.database.engine) as told:
            act(stage, id_, "sign_composition", o.SignComposition())
        counted.append(len(told))
        known.append((id_, roads))
    assert counted[0] == counted[1], counted
    (id_, roads) = known[1]
    act(stage, id_, "cancel_order", o.CancelOrder(reason="Приказ подписан не тем лицом, отменяется."))
    with stage.database.transaction(keep=False) as session:
        for road in roads:
            mine = select(Event, EventPayload.data).join(EventPayload, EventPayload.event_id == Event.id)
            rows = session.execute(
                mine.where(Event.root_kind == "case", Event.root_id == road.case_id).order_by(Event.seq)
            ).all()
            assert [one.transition for one, _ in rows[-2:]] == ["name_by_order", "unname_by_order"]
            assert all(one.caused_by and one.before == one.after == road.state() for one, _ in rows[-2:])
            day = f"{stage.moment.date().isoformat()}"
            assert [(data["number"], data["dated"], data["order_id"]) for _, data in rows[-2:]] == [("2", day, id_)] * 2
    assert findings(stage) == []


def test_a_cancelled_order_gives_its_cases_back(quick_stage):
    road = at(quick_stage, "on_approval", MATERIAL)
    id_ = signed(quick_stage, road)
    act(quick_stage, id_, "cancel_order", o.CancelOrder(reason="Приказ подписан не тем лицом, отменяется."))
    assert road.state() == "on_approval"
    assert papers(quick_stage, id_) == [("conclusions_order", "1", 1, "void")]
    assert {one.state for one in documents(road) if one.document_kind == "consolidated_conclusion"} == {"void"}
    assert "approve" in waiting(quick_stage, road)
    signed(quick_stage, road, title="Об утверждении заключений, ещё раз")
    assert road.state() == "approved"
    assert findings(quick_stage) == []


def test_an_order_whose_case_has_gone_on_is_not_cancelled_and_one_sent_back_is_not_signed(quick_stage):
    road = at(quick_stage, "on_approval", MATERIAL)
    id_ = with_cases(quick_stage, road)
    act(quick_stage, id_, "offer")
    quick_stage.act("gradov", road.case_id, "return_text", {"reason": REASON})
    with pytest.raises(NotYet, match="Ещё не передано на утверждение"):
        act(quick_stage, id_, "sign_approval", o.SignApproval())
    assert papers(quick_stage, id_) == []


def test_an_excluded_case_is_approved_alone(quick_stage):
    road = at(quick_stage, "on_approval", MATERIAL)
    id_ = with_cases(quick_stage, road)
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=True) as session:
        part = session.scalars(select(RECORDS["ordered_case"])).one()
        gate.perform(session, me(session, quick_stage, "morozova"), part, "exclude", o.LeaveOrder(), part.version)
    with pytest.raises(NotYet, match="нет ни одного дела"):
        act(quick_stage, id_, "offer")
    quick_stage.act("gradov", road.case_id, "approve", {"how": "simple"})
    assert "order" in {one.document_kind for one in documents(road)}


def test_r30_who_prepared_a_conclusion_signs_no_order_about_it(quick_stage):
    road = at(quick_stage, "on_approval", MATERIAL)
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Case, road.case_id).proposed_by = quick_stage.people["gradov"]
    with pytest.raises(Invalid, match="Вы готовили это заключение"):
        with_cases(quick_stage, road)


def test_r30_who_takes_part_in_a_case_is_told_by_no_office_and_no_order_who_judges_it(stage):
    """R30: neither on the case nor by an order that names its commission, its scan or a list, until the conclusion is issued."""
    road = at(stage, "assigning", "innovation_product")
    three = ("ershov", "nesterov", "koval")
    road.invite(three, REASON)
    order = signed(stage, road, kind=o.COMPOSITION)
    scan = attach(stage, "month_order", order, "scan")

    def seen(who):
        """What somebody may see: of the case, of the order's papers by the policy and by the lists, of its scan likewise."""
        with looking(road) as (session, case):
            reader, order_of = me(session, stage, who), RECORDS["month_order"]
            mine = session.scalars(select(Document).where(Document.record_id == order)).all()
            opened = session.scalars(select(Document.id).outerjoin(Case).where(registers.opens(reader))).all()
            files = session.scalars(visible(reader, Permission.SEE_MATERIALS, order_of).column(order_of.id)).all()
            return (
                policy.may(workflow_of(case), reader, facts_of(case, session), Permission.SEE_EXPERTS),
                [gate.visible(session, reader, one) for one in mine], [one.id in opened for one in mine],
                gate.visible(session, reader, session.get_one(CaseFile, scan)), order in files,
            )  # fmt: skip

    everything, nothing = (True, [True], [True], True, True), (False, [False], [False], False, False)
    assert (seen("morozova"), seen("ershov")) == (everything, nothing)
    road.accept(three)
    for one in three:
        road.sign(one, (0.8,))
    assert seen("ershov") == (True, *nothing[1:]), "who has signed knows the others of the case, as every expert does"
    road.consolidate(three)
    road.propose()
    assert seen("ershov")[1:] == nothing[1:]
    road.approve()
    assert seen("ershov") == everything, "the conclusion is issued"


def test_the_chair_of_the_working_group_signs_where_the_centre_says_so(quick_stage):
    road = at(quick_stage, "assigning", ATTESTATION)
    road.invite(EXPERTS[ATTESTATION], REASON)
    with quick_stage.database.transaction(keep=True) as session:
        centre = session.get_one(Municipality, quick_stage.municipality_id)
        centre.switches = {**centre.switches, "orders_chair_id": quick_stage.people["koval"]}
    id_ = with_cases(quick_stage, road, kind=o.COMPOSITION, scope=o.ATTESTATION)
    act(quick_stage, id_, "offer")
    with pytest.raises((Denied, NotYet)):
        act(quick_stage, id_, "sign_composition", o.SignComposition(), who="gradov")
    assert CHAIR.n.capitalize() in words_of(quick_stage, id_)
    act(quick_stage, id_, "sign_composition", o.SignComposition(), who="koval")
    assert papers(quick_stage, id_)[0][3] == "issued"


def test_a_number_of_the_paper_journal_is_taken_once(quick_stage):
    road = at(quick_stage, "on_approval", MATERIAL)
    id_ = signed(quick_stage, road)
    act(quick_stage, id_, "cancel_order", o.CancelOrder(reason="Приказ подписан не тем лицом, отменяется."))
    again = with_cases(quick_stage, road, title="Об утверждении заключений, ещё раз")
    act(quick_stage, again, "offer")
    with pytest.raises(Invalid, match="в этом году уже есть"):
        act(quick_stage, again, "enter_approval", o.EnterApproval(number="1-од"))
    assert offered(road, "gradov") is not None


def test_a_case_that_the_commission_returns_leaves_its_order_for_another(quick_stage):
    road = at(quick_stage, "on_approval", ATTESTATION)
    signed(quick_stage, road, scope=o.ATTESTATION)
    assert {"covering_letter", "order"}.isdisjoint(one.document_kind for one in documents(road))
    quick_stage.wait(days=10)
    quick_stage.act("morozova", road.case_id, "send", {"sent_on": f"{quick_stage.moment:%d.%m.%Y}"})
    quick_stage.act("morozova", road.case_id, "recall", {"reason": REASON})
    road.consolidate(EXPERTS[ATTESTATION])
    road.propose()
    assert "approve" in waiting(quick_stage, road)
    signed(quick_stage, road, scope=o.ATTESTATION, title="Об утверждении заключений, повторно")
    assert road.state() == "approved"
    assert findings(quick_stage) == []
