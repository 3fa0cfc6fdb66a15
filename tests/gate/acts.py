"""How each transition of a case is done: from a case in one of its sources to the act itself, through the gate.

A workflow's new transition without an entry here fails the test that performs them all.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from tests.gate.kit import REASON, form, people, signed_ids, tick
from tests.gate.month_orders import act, signed
from tests.play import EXPERTS, PDF, amend
from workflow_app import clock, gate
from workflow_app.content_types import month_order as o
from workflow_app.db.models import Case, CoAuthor
from workflow_app.demo.steps import DIRECTOR, TEXTS, Road
from workflow_app.states.definitions.case.forms import NamedByOrder
from workflow_app.states.vocabulary import system

PANEL = ("galkina", "rakhimova", "kravchuk")
ONE_MORE = "kravchuk"
AMENDED = {"title": "Исправленное название материала", "reason": REASON}
RETURN = {"remarks": [{"field": "annotation", "text": "Назовите, для кого материал."}], "general": ""}
DECIDED = {"decision": "establish", "protocol_number": "11", "order_number": "412-Д"}


def finish(road: Road, experts: Sequence[str]) -> None:
    """Everybody who counts answers, the added expert too; then the approval."""
    road.consolidate(experts)
    road.propose(road.rule())
    road.approve()


def propose_decline(road: Road) -> None:
    if road.state() == "returned":
        road.stage.wait(days=40)
    raw = {"ground": "duplicate", "comment": "Заявление с тем же содержанием уже рассматривается центром."}
    road.stage.act(road.office, road.case_id, "propose_decline", raw)


def decline(road: Road) -> None:
    if road.kind == "attestation_portfolio":
        propose_decline(road)
        road.stage.act(DIRECTOR, road.case_id, "decline")
        return
    raw = {"ground": "duplicate", "comment": "Материал с тем же содержанием уже находится на экспертизе."}
    road.stage.act(road.office, road.case_id, "decline", raw)


def refuse_decline(road: Road) -> None:
    propose_decline(road)
    road.stage.act(DIRECTOR, road.case_id, "refuse_decline", {"reason": REASON})


def invite(road: Road) -> None:
    state = road.state()
    if state == "assigning":
        road.invite(EXPERTS[road.kind], REASON)
        return
    if state == "in_review":
        road.stage.review(EXPERTS[road.kind][0], road.case_id, "recuse", {"reason": REASON})
    elif road.kind == "attestation_portfolio":
        void_sheet(road)
    road.invite([ONE_MORE], REASON)


def void_sheet(road: Road) -> None:
    road.stage.office(road.office, road.case_id, EXPERTS[road.kind][0], "void_sheet", {"reason": REASON})


def lead_of_commission(road: Road) -> None:
    first, *others = EXPERTS[road.kind]
    people = [{"expert_id": road.stage.people[one], "reason": REASON} for one in (first, *others)]
    told = {"experts": people, "lead_id": road.stage.people[first]}
    road.stage.act(road.office, road.case_id, "invite", told)
    road.accept([first])


def approve_by_order(road: Road) -> int:
    scope = o.ATTESTATION if road.kind == "attestation_portfolio" else o.EXPERTISE
    return signed(road.stage, road, scope=scope)


def cancel_by_order(road: Road) -> None:
    order = approve_by_order(road)
    act(road.stage, order, "cancel_order", o.CancelOrder(reason=REASON))


def named(name: str) -> Callable[[Road], None]:
    """What an order on the commissions states of a case: alone here, as the orders of the month state it of many."""

    def stated(road: Road) -> None:
        sheet = NamedByOrder(order_id=1, number="5", dated=road.stage.moment.date())
        with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
            case = session.get_one(Case, road.case_id)
            gate.perform(session, system(case.municipality_id), case, name, sheet, None)

    return stated


def name_lead(road: Road) -> None:
    if road.state() == "assigning":
        road.invite(EXPERTS[road.kind], REASON)
        road.accept(EXPERTS[road.kind][:1])
    road.lead(EXPERTS[road.kind][0])


def no_expert(road: Road) -> None:
    road.invite(EXPERTS[road.kind], REASON)
    for one in EXPERTS[road.kind]:
        road.stage.review(one, road.case_id, "refuse", {"cause": "busy", "comment": ""})
    road.stage.act(DIRECTOR, road.case_id, "no_expert", {"reason": REASON})


def begin(road: Road) -> None:
    road.invite(EXPERTS[road.kind], REASON)
    road.accept(EXPERTS[road.kind])
    if road.kind == "attestation_portfolio":
        road.lead(EXPERTS[road.kind][1])


def review_done(road: Road) -> None:
    if road.state() == "third_review":
        road.invite([ONE_MORE], REASON)
        road.accept([ONE_MORE])
        road.sign(ONE_MORE, (0.6,))
        return
    for one in EXPERTS[road.kind]:
        road.sign(one, (0.8, 1.0))


def diverge(road: Road) -> None:
    """Let the first expert be delighted and the others not at all."""
    for number, one in enumerate(EXPERTS[road.kind]):
        road.sign(one, (0.2,) if number else (1.0,), "not_conforms" if number else "conforms")


def draft_common(road: Road) -> None:
    raw = {
        "verdict": "conforms",
        "reasoning": "Специалисты обсудили расхождение и перечитали подтверждающие документы вместе.",
    }
    road.stage.act(EXPERTS[road.kind][1], road.case_id, "draft_common", raw)


def common_result(road: Road) -> None:
    draft_common(road)
    first, lead, other = EXPERTS[road.kind]
    road.stage.review(first, road.case_id, "join_common", {"how": "simple"})
    opinion = "Подтверждающих документов по первому критерию в материалах нет, поэтому вывод остаётся прежним."
    road.stage.review(other, road.case_id, "dissent_common", {"how": "simple", "opinion": opinion})
    road.stage.act(lead, road.case_id, "common_result", {"how": "simple"})


def propose(road: Road) -> None:
    road.consolidate(EXPERTS[road.kind])
    road.propose()


OUTSIDE = {"body": "council", "number": "7", "signatory": "председатель совета Кравчук Е. М."}


def approve_outside(road: Road) -> None:
    """Let the director be an author, as when a co-author is linked late, and another coordinator record who approved it."""
    with road.stage.database.transaction(keep=True) as session:
        session.add(CoAuthor(case_id=road.case_id, name="Градов", person_id=road.stage.people[DIRECTOR]))
    road.stage.act("ershov", road.case_id, "approve_outside", {**OUTSIDE, "dated": road.today()})


def send_back(road: Road) -> None:
    one = signed_ids(road)[EXPERTS[road.kind][0]]
    road.stage.act(road.office, road.case_id, "send_back", {"assignments": [one], "reason": REASON})


def reissue(road: Road) -> None:
    """The conclusion; before there is one, the notice of an attestation's date."""
    approved = road.state() in ("approved", "sent_to_commission", "decided", "closed")
    kind = "consolidated_conclusion" if approved else "term_notice"
    raw = {"kind": kind, "reason": REASON, "how": "simple"}
    road.stage.act(DIRECTOR, road.case_id, "reissue", raw)


def send(road: Road) -> None:
    road.stage.wait(days=10)
    road.stage.act(road.office, road.case_id, "send", {"sent_on": road.today(), "note": "по реестру"})


def record(road: Road, name: str = "record") -> None:
    road.stage.wait(days=20)
    days = {"protocol_date": road.today() - timedelta(days=2), "order_date": road.today() - timedelta(days=1)}
    road.stage.act(
        road.office, road.case_id, name, {**DECIDED, **days, **({"reason": REASON} if name != "record" else {})}
    )


def record_act(road: Road) -> None:
    raw = {
        "body": "Управление образования",
        "number": "174",
        "decision": "Сохранить статус площадки на год.",
        "followed": "yes",
    }
    road.stage.act(road.office, road.case_id, "record_act", raw | {"dated": road.today()})


def correct_act(road: Road) -> None:
    record_act(road)
    raw = {
        "body": "Управление образования",
        "number": "175",
        "decision": "Сохранить статус площадки на год.",
        "followed": "no",
    }
    road.stage.act(road.office, road.case_id, "correct_act", raw | {"dated": road.today(), "reason": REASON})


def add_documents(road: Road) -> None:
    road.stage.attach(road.applicant, road.case_id, "evidence", "Ещё.pdf", PDF)
    road.stage.act(road.applicant, road.case_id, "add_documents", {"note": "Грамота за прошлый год"})


def ask_revision(road: Road) -> None:
    road.stage.act(road.applicant, road.case_id, "ask_revision", {"plan": "Доработаем оценочные материалы"})


def resubmit(road: Road) -> None:
    road.submit({**form(road), "changes": "Добавлены оценочные материалы и условия применения."}, "resubmit")


def appeal(road: Road) -> None:
    text = "Не согласен с порядком рассмотрения: не учтены приложения, поданные вместе с материалом."
    road.stage.act(road.applicant, road.case_id, "appeal", {"text": text})


def appoint_panel(road: Road) -> None:
    road.stage.act(
        DIRECTOR, road.case_id, "appoint_panel", {"members": people(road, *PANEL), "chair": people(road, *PANEL)[0]}
    )


def vote(road: Road, grant: str = "grant", voters: tuple[str, ...] = PANEL) -> None:
    if voters is PANEL:
        appoint_panel(road)
    raw = {"grant": grant, "opinion": "Изучены материалы дела и доводы апелляции.", "how": "simple"}
    for one in voters:
        road.stage.act(one, road.case_id, "vote", raw)


def dismiss_appeal(road: Road) -> None:
    vote(road, "dismiss")
    road.stage.act(PANEL[0], road.case_id, "dismiss_appeal", {"reason": "Порядок соблюдён, приложения рассмотрены."})


def grant_appeal(road: Road) -> None:
    vote(road)
    road.stage.act(PANEL[0], road.case_id, "grant_appeal", {"reason": "Приложения не были переданы экспертам."})


def close(road: Road) -> None:
    road.stage.wait(days=30)
    road.stage.act(road.office, road.case_id, "close")


def simply(name: str, key: str = "", **raw: object) -> Callable[[Road], None]:
    """An act that needs nothing before it; ``key`` empty: the applicant does it."""
    return lambda road: road.stage.act(key or road.applicant, road.case_id, name, raw)


def remind(road: Road) -> None:
    who = OFFICE if road.state() in ("on_approval", "appealed") else DIRECTOR  # not who is waited for
    road.stage.act(who, road.case_id, "remind")


def waited(road: Road) -> None:
    """Let every term run out; the timer does the rest."""
    tick(road, days=400)


OFFICE = "morozova"
ACTS: dict[str, Callable[[Road], None]] = {
    "submit": lambda road: road.submit(form(road)),
    "discard": simply("discard"),
    "register": lambda road: road.register(),
    "return": simply("return", OFFICE, **RETURN),
    "start": lambda road: road.start(),
    "propose_decline": propose_decline, "decline": decline, "refuse_decline": refuse_decline, "lapse": waited,
    "lead_of_commission": lead_of_commission, "approve_by_order": approve_by_order, "cancel_by_order": cancel_by_order,
    "name_by_order": named("name_by_order"), "unname_by_order": named("unname_by_order"),
    "invite": invite, "name_lead": name_lead, "no_expert": no_expert, "begin": begin,
    "review_done": review_done, "diverge": diverge, "draft_common": draft_common, "common_result": common_result,
    "settle_without": simply("settle_without", DIRECTOR, reason=REASON),
    "circulate": simply("circulate", OFFICE, **TEXTS),
    "propose": propose, "send_back": send_back,
    "return_text": simply("return_text", DIRECTOR, reason=REASON),
    "approve": lambda road: road.approve(), "approve_outside": approve_outside,
    "reissue": reissue, "send": send, "record": record, "correct_record": lambda road: record(road, "correct_record"),
    "record_act": record_act, "correct_act": correct_act,
    "recall": simply("recall", OFFICE, reason=REASON),
    "add_documents": add_documents, "ask_revision": ask_revision, "resubmit": resubmit, "lapse_revision": waited,
    "appeal": appeal, "waive_appeal": simply("waive_appeal"), "appoint_panel": appoint_panel, "vote": vote,
    "dismiss_appeal": dismiss_appeal, "grant_appeal": grant_appeal, "withdraw_appeal": simply("withdraw_appeal"),
    "close": close, "close_without_revision": waited, "close_on_time": waited,
    "withdraw": simply("withdraw", reason=""),
    "cancel": simply("cancel", DIRECTOR, reason=REASON),
    "amend": lambda road: amend(road, **AMENDED),
    "extend": simply("extend", OFFICE, days=5, reason=REASON),
    "remind": remind, "hand_over": simply("hand_over", DIRECTOR, coordinator_id=None, reason=REASON),
    "archive": waited,
}  # fmt: skip
