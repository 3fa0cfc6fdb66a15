"""The coordinator's pages: registration, completeness, return, refusal, the choice of experts, the consolidation."""

import re

import pytest

from tests.play import amend, assign, at, draft
from tests.rows import row_of, rows_of
from tests.web.office import assigned, done, fields, offered, row, ticked, value, version
from tests.web.pages import links_of, text_of
from workflow_app import clock, data
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, ExpertCard, Person, WorkingCopy
from workflow_app.demo.steps import TEXTS
from workflow_app.facts import standing_rows
from workflow_app.facts.actors import actor_of
from workflow_app.facts.candidates import Ranked
from workflow_app.features.cases.drafts.duplicates import twins
from workflow_app.matching.affinity import Expert, Work, affinity
from workflow_app.matching.conflicts import Candidate, Conflicts
from workflow_app.matching.subject_distance import Nearness

PRODUCT, ATTESTATION = "innovation_product", "attestation_portfolio"
REASON = "Единственный эксперт по этой предметной области."


pytestmark = pytest.mark.usefixtures("held_later")


# -- The way in


def test_registration_begins_with_the_day_on_which_the_case_was_submitted(quick_stage, client_as):
    road = at(quick_stage, "submitted")
    page = client_as("morozova").get(f"/cases/{road.case_id}/do/register")
    assert value(page, "received_at") == "2026-09-01"
    assert "Соколова Ольга Викторовна" in text_of(page)


def test_a_future_date_of_receipt_is_refused_and_stays_in_the_field(quick_stage, client_as):
    road = at(quick_stage, "submitted")
    typed = {"received_at": "2027-01-01", "outside_number": "ГУ-17", "version": version(quick_stage, road)}
    answer = client_as("morozova").post(f"/cases/{road.case_id}/do/register", data=typed)
    assert answer.status_code == 422
    assert (value(answer, "received_at"), value(answer, "outside_number")) == ("2027-01-01", "ГУ-17")


def test_the_terms_beside_the_date_of_receipt_run_from_the_day_that_the_field_shows(quick_stage, client_as):
    """R8: a day that an import or an earlier sitting left in the form counts, not the one the program would suggest."""
    road = at(quick_stage, "submitted", ATTESTATION)
    with quick_stage.database.transaction(keep=True) as session:
        session.add(
            WorkingCopy(
                person_id=quick_stage.people["morozova"], subject_kind="case", subject_id=road.case_id, transition="register",
                data={"received_at": "2026-08-24"}, saved_at=clock.now(),
            )
        )  # fmt: skip
    client = client_as("morozova")
    page = client.get(f"/cases/{road.case_id}/do/register")
    assert value(page, "received_at") == "2026-08-24"
    assert "23 сентября 2026" in text_of(page)
    followed = client.get(f"/cases/{road.case_id}/do/register?received_at=2026-08-25")
    assert "24 сентября 2026" in text_of(followed)


def test_the_suggested_day_leaves_time_to_add_documents_even_when_the_thirty_days_are_nearly_over(
    quick_stage, client_as
):
    """R13 before R8: on 29 September two days of the thirty are left, and the applicant may still add until 30 September."""
    road = at(quick_stage, "registered", ATTESTATION)
    with clock.at(quick_stage.moment.replace(month=9, day=29)):
        page = client_as("morozova").get(f"/cases/{road.case_id}/do/start")
    assert value(page, "attestation_on") == "2026-10-07"
    assert "Заявитель не успеет добавить документы" not in text_of(page)
    assert "Дата позже 30 дней" in text_of(page)


def test_prolonging_shows_the_new_date_before_it_is_done_and_says_it_after(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client, address = client_as("morozova"), f"/cases/{road.case_id}/do/extend"
    until = row(quick_stage, road).due_on
    page = client.get(address)
    assert value(page, "days") == "5"
    assert (until.isoformat(), "15 сентября 2026" in text_of(page)) == ("2026-09-08", True)
    assert "22 сентября 2026" in text_of(client.get(f"{address}?days=10"))
    assert "здесь появится новый срок" in text_of(client.get(f"{address}?days=999"))
    sent = {"days": "10", "reason": REASON, "version": version(quick_stage, road)}
    assert "Срок продлён до 22 сентября 2026" in text_of(client.post(address, data=sent, follow_redirects=True))
    assert row(quick_stage, road).due_on.isoformat() == "2026-09-22"


def test_the_attestation_day_is_suggested_inside_the_thirty_days_and_its_terms_stand_beside_it(quick_stage, client_as):
    """R8, R9, R13: received on 1 September, so considered by 1 October; ten days are left of the thirty on 21 September."""
    road = at(quick_stage, "registered", ATTESTATION)
    late = client_as("morozova").get(f"/cases/{road.case_id}/do/start")
    assert "30 дней на рассмотрение уже прошли" in text_of(late)
    assert "Не приложено: Копия акта об имеющейся категории" in text_of(late)  # 0a.2: a warning, not a bar
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        page = client.get(f"/cases/{road.case_id}/do/start")
        other = client.get(f"/cases/{road.case_id}/do/start?attestation_on=2026-09-27")
    assert value(page, "attestation_on") == "2026-09-28"
    assert "1 октября 2026" in text_of(page)  # R8
    assert "21 сентября 2026" in text_of(page)  # R13: five working days before
    assert "27 ноября 2026" in text_of(page)  # R9
    assert "Это нерабочий день" in text_of(other)
    assert "26 ноября 2026" in text_of(other)


def test_the_set_of_an_attestation_goes_on_to_the_choice_of_specialists(quick_stage, client_as):
    road = at(quick_stage, "registered", ATTESTATION)
    sent = {
        "attestation_on": "2026-11-10",
        "place": "МКУ ИМЦ",
        "names_checked": "y",
        "version": version(quick_stage, road),
    }
    answer = client_as("morozova").post(f"/cases/{road.case_id}/do/start", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/cases/{road.case_id}/assign")
    assert road.state() == "assigning"


# -- Return with remarks


def test_a_remark_stands_beside_what_was_submitted_and_reaches_the_applicant(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client = client_as("morozova")
    page = client.get(f"/cases/{road.case_id}/return")
    assert "Результат апробации" in text_of(page)
    assert "дидактические материалы" in text_of(page)
    assert "Файл не открывается или нечитаем" in text_of(page)  # a ready reason of data/return_reasons.yaml
    assert "Не приложено ходатайство работодателя" not in text_of(page)  # one of another type
    sent = {
        "version": version(quick_stage, road), "general": "",
        "remarks-0-field": "attachment:material", "remarks-0-text": "Файл не открывается: пересохраните его в PDF.",
        "remarks-1-field": "annotation", "remarks-1-text": "",
    }  # fmt: skip
    assert client.post(f"/cases/{road.case_id}/return", data=sent).status_code == 303
    assert road.state() == "returned"
    assert row(quick_stage, road).remarks["remarks"] == [
        {"field": "attachment:material", "text": "Файл не открывается: пересохраните его в PDF."}
    ]


def test_a_case_that_comes_again_is_registered_beside_the_remarks_and_the_changes(quick_stage, client_as):
    road = at(quick_stage, "registered")
    told = {"general": "", "remarks": [{"field": "annotation", "text": "Назовите классы, в которых шла апробация."}]}
    quick_stage.act("morozova", road.case_id, "return", told)
    road.submit({**dict(row(quick_stage, road).form), "annotation": "Сборник для 5 и 6 классов. " * 12})
    page = text_of(client_as("morozova").get(f"/cases/{road.case_id}/do/register"))
    assert "Подано снова после замечаний" in page
    assert "Назовите классы, в которых шла апробация." in page
    assert "Изменено поле «Аннотация»" in page


def test_the_choice_says_that_all_places_are_taken_instead_of_an_error(quick_stage, client_as):
    road = at(quick_stage, "assigning")
    road.invite(["bondarenko", "lebedev"], REASON)
    page = text_of(client_as("morozova").get(f"/cases/{road.case_id}/assign"))
    assert "Все места заняты" in page
    assert "Сейчас это сделать нельзя" not in page


def test_a_return_without_a_remark_or_with_too_short_a_one_keeps_what_was_typed(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client = client_as("morozova")
    nothing = client.post(f"/cases/{road.case_id}/return", data={"version": version(quick_stage, road)})
    assert nothing.status_code == 422
    assert "Напишите хотя бы одно замечание" in text_of(nothing)
    short = {
        "version": version(quick_stage, road),
        "remarks-7-field": "annotation",
        "remarks-7-text": "Нет",
        "general": "Прочее в порядке.",
    }
    answer = client.post(f"/cases/{road.case_id}/return", data=short)
    assert answer.status_code == 422
    assert "Аннотация: Слишком коротко" in text_of(answer)
    shown = [(one.text or "").strip() for one in fields(answer, "general")]
    assert shown == ["Прочее в порядке."]
    assert "Нет" in {(one.text or "").strip() for n in range(40) for one in fields(answer, f"remarks-{n}-text")}
    assert road.state() == "registered"


def test_a_stale_page_of_remarks_keeps_the_text_and_says_what_has_changed(quick_stage, client_as):
    road = at(quick_stage, "registered")
    seen = version(quick_stage, road)
    amend(road, title="Сборник заданий, исправленное название")
    sent = {"version": seen, "general": "Приложите сведения об апробации в параллельном классе."}
    answer = client_as("morozova").post(f"/cases/{road.case_id}/return", data=sent)
    assert answer.status_code == 409
    assert value(answer, "general") == "Приложите сведения об апробации в параллельном классе."
    assert "Карточка исправлена" in text_of(answer)
    assert value(answer, "version").partition(".")[0] == version(quick_stage, road)


def test_a_second_press_is_told_and_nothing_is_done_twice(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client, sent = (
        client_as("morozova"),
        {"version": version(quick_stage, road), "general": "Приложите файл материала."},
    )
    assert client.post(f"/cases/{road.case_id}/return", data=sent).status_code == 303
    again = client.post(f"/cases/{road.case_id}/return", data=sent, follow_redirects=True)
    assert "Это уже сделано раньше" in text_of(again)
    assert done(quick_stage, road, "return") == 1


# -- Refusal


def test_the_grounds_are_a_closed_list_without_the_forbidden_ones(quick_stage, client_as):
    """R7."""
    road = at(quick_stage, "registered", ATTESTATION)
    client = client_as("morozova")
    page = client.get(f"/cases/{road.case_id}/do/propose_decline")
    never = data.load("decline_grounds")["never"]
    assert all(one["text"] in text_of(page) for one in never)
    assert offered(page, "ground") == {one.value for one in case_type(ATTESTATION).grounds}
    forged = {
        "version": version(quick_stage, road),
        "ground": never[0]["key"],
        "comment": "Профиль образования не совпадает с предметом.",
    }
    answer = client.post(f"/cases/{road.case_id}/do/propose_decline", data=forged)
    assert answer.status_code == 422
    assert value(answer, "comment") == forged["comment"]
    sent = forged | {"ground": "duplicate"}
    assert client.post(f"/cases/{road.case_id}/do/propose_decline", data=sent).status_code == 303
    confirming = client_as("gradov").get(f"/cases/{road.case_id}/do/decline")
    assert "Такое же заявление уже рассматривается" in text_of(confirming)
    assert f"/cases/{road.case_id}/do/refuse_decline" in links_of(confirming)


# -- The choice of experts


def test_experts_are_ranked_and_the_barred_ones_cannot_be_ticked(quick_stage, client_as):
    road = at(quick_stage, "assigning", PRODUCT)
    with quick_stage.database.transaction(keep=True) as session:  # who is as near as the one who is looked for
        session.get_one(Person, quick_stage.people["vershinina"]).state = "blocked"
    page = client_as("morozova").get(f"/cases/{road.case_id}/assign")
    free = offered(page, "expert")
    people = quick_stage.people
    assert str(people["koval"]) in free
    assert not {str(people["pak"]), str(people["belykh"])} & free  # of the applicant's school
    assert "Работает в той же организации" in text_of(page)
    assert "нужен эксперт не из нашего муниципалитета" in text_of(page)
    first = next(iter(one.get("value") for one in fields(page, "expert")))
    assert first == str(people["nesterov"])  # direction and subject area are the case's


def test_a_hard_bar_holds_on_the_server_though_the_form_is_forged(quick_stage, client_as):
    """R15."""
    road = at(quick_stage, "assigning", PRODUCT)
    barred = str(quick_stage.people["pak"])
    sent = {
        "expert": [barred, str(quick_stage.people["koval"])],
        f"why-{barred}": REASON,
        "version": version(quick_stage, road),
    }
    answer = client_as("morozova").post(f"/cases/{road.case_id}/assign", data=sent)
    assert answer.status_code == 422
    assert "Пак Д. Е.: Работает в той же организации" in text_of(answer).replace("\xa0", " ")
    assert ticked(answer, "expert") == {str(quick_stage.people["koval"])}
    assert not assigned(quick_stage, road)


def test_a_warning_needs_a_reason_and_is_recorded(quick_stage, client_as):
    """R16: the load is over the limit."""
    road = at(quick_stage, "assigning")
    koval, lebedev = quick_stage.people["koval"], quick_stage.people["lebedev"]
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(ExpertCard, koval).load_limit = 0
    client = client_as("morozova")
    sent = {"expert": [str(koval), str(lebedev)], f"why-{koval}": "надо", "version": version(quick_stage, road)}
    refused = client.post(f"/cases/{road.case_id}/assign", data=sent)
    assert refused.status_code == 422
    assert "Коваль Н. К.: Открытых экспертиз: 0 при пределе 0" in text_of(refused).replace("\xa0", " ")
    assert ticked(refused, "expert") == {str(koval), str(lebedev)}
    assert value(refused, f"why-{koval}") == "надо"
    answer = client.post(f"/cases/{road.case_id}/assign", data=sent | {f"why-{koval}": REASON})
    assert (answer.status_code, answer.location) == (303, f"/cases/{road.case_id}/assign")
    found = assigned(quick_stage, road)
    assert (found[koval].reason, found[koval].warnings) == (REASON, ["Открытых экспертиз: 0 при пределе 0."])
    assert found[lebedev].reason == ""
    after = text_of(client.get(f"/cases/{road.case_id}/assign"))
    assert "Приглашение направлено" in after
    assert REASON in after


def test_the_same_organisation_is_lifted_only_by_the_directors_decision(quick_stage, client_as):
    """0a.13: for a methodical material."""
    road = at(quick_stage, "assigning")
    pak = quick_stage.people["pak"]
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, pak).organization_id = session.get_one(
            Person, quick_stage.people["sokolova"]
        ).organization_id
    client = client_as("morozova")
    sent = {"expert": str(pak), "version": version(quick_stage, road)}
    refused = client.post(f"/cases/{road.case_id}/assign", data=sent)
    assert "Укажите решение директора" in text_of(refused)
    lifted = sent | {f"lifted-{pak}": "решение № 3 от 14.10.2026"}
    assert client.post(f"/cases/{road.case_id}/assign", data=lifted).status_code == 303
    assert "решение № 3 от 14.10.2026" in assigned(quick_stage, road)[pak].warnings[-1]


def test_the_search_keeps_the_ticks_and_the_best_set_is_ticked_but_not_invited(quick_stage, client_as):
    road = at(quick_stage, "assigning", PRODUCT)
    client, koval = client_as("morozova"), str(quick_stage.people["koval"])
    found = client.post(f"/cases/{road.case_id}/assign", data={"expert": koval, "q": "лицей", "add": "find"})
    assert found.status_code == 200
    assert "Лебедев" in text_of(found)
    assert "Кравчук" not in text_of(found)
    assert ticked(found, "expert") == {koval}  # though the search is for others
    best = client.post(f"/cases/{road.case_id}/assign", data={"add": "best"})
    chosen = ticked(best, "expert")
    assert len(chosen) == 3
    assert str(quick_stage.people["nesterov"]) in chosen  # one from outside is demanded
    assert not assigned(quick_stage, road)


def test_the_lead_specialist_is_named_on_the_same_page_and_that_begins_the_analysis(quick_stage, client_as):
    road = at(quick_stage, "assigning", ATTESTATION)
    experts = ("bondarenko", "lebedev", "dyachkova")
    road.invite(experts, REASON)
    road.accept(experts)
    client, lebedev = client_as("morozova"), str(quick_stage.people["lebedev"])
    page = client.get(f"/cases/{road.case_id}/assign")
    assert offered(page, "expert_id") == {str(quick_stage.people[one]) for one in experts}
    assert f"/assignments/{assigned(quick_stage, road)[int(lebedev)].id}/do/cancel_invitation" in links_of(page)
    answer = client.post(
        f"/cases/{road.case_id}/do/name_lead", data={"expert_id": lebedev, "version": version(quick_stage, road)}
    )
    assert answer.location == f"/cases/{road.case_id}"
    assert road.state() == "in_review"


def test_who_may_not_choose_is_refused_and_a_foreign_case_is_not_there(quick_stage, client_as):
    """R30: a coordinator who is an expert of the case neither assigns nor consolidates it (0a.8)."""
    road = at(quick_stage, "assigning")
    assert client_as("sokolova").get(f"/cases/{road.case_id}/assign").status_code == 403
    assert client_as("zhuravlyova").get(f"/cases/{road.case_id}/assign").status_code == 404
    assert client_as("ershov").get(f"/cases/{road.case_id}/assign").status_code == 200
    road.invite(("ershov",), REASON)
    involved = client_as("ershov")
    assert involved.get(f"/cases/{road.case_id}/do/invite", follow_redirects=True).status_code == 403
    assert involved.get(f"/cases/{road.case_id}/assign").status_code == 403
    assert (
        involved.post(f"/cases/{road.case_id}/assign", data={"version": version(quick_stage, road)}).status_code == 403
    )
    assert client_as("morozova").get(f"/cases/{road.case_id}/do/name_lead").status_code == 404  # no lead in this kind


def test_r30_no_number_beside_an_expert_grows_for_who_takes_part_in_the_case(quick_stage, client_as):
    """R30, security.md 72: the choice of experts for another case tells nobody whom the own case has."""
    road, other = at(quick_stage, "assigning", "innovation_product"), at(quick_stage, "assigning")

    def told(who):
        page = text_of(client_as(who).get(f"/cases/{other.case_id}/assign"))
        return sorted(re.findall(r"открыто \d+ из \d+|за год \d+", page))

    before = told("ershov")
    assert told("morozova") == before != []
    road.invite(("nesterov", "koval"), REASON)
    assert told("ershov") == told("morozova") != before
    road.invite(("ershov",), REASON)
    grown = [one for one in told("morozova") if one not in before]
    assert grown
    assert not {*grown} & {*told("ershov")}


def test_r30_the_act_and_what_an_invitation_keeps_tell_no_more_of_the_load_than_the_page(quick_stage, client_as):
    """R16, R30: at the limit a reason is asked for, unless the own case fills it; whoever's case it is sees neither mark of it."""
    road, other = at(quick_stage, "assigning", PRODUCT), at(quick_stage, "assigning")
    nesterov, koval = (quick_stage.people[one] for one in ("nesterov", "koval"))
    road.invite(("nesterov", "koval", "ershov"), REASON)
    with quick_stage.database.transaction(keep=True) as session:
        for one in (nesterov, koval):
            session.get_one(ExpertCard, one).load_limit = 1
    address, limit = f"/cases/{other.case_id}/assign", "Открытых экспертиз: 1 при пределе 1."
    marked = {
        who: ticked(client_as(who).post(address, data={"add": "best"}), "expert") for who in ("morozova", "ershov")
    }
    assert str(nesterov) not in marked["morozova"]

    def invited(who, expert, **more):
        return client_as(who).post(
            address, data={"expert": str(expert), "version": version(quick_stage, other), **more}
        )

    assert limit in text_of(client_as("morozova").get(address))
    assert limit not in text_of(client_as("ershov").get(address))
    assert limit in text_of(invited("morozova", nesterov))
    assert invited("morozova", nesterov, **{f"why-{nesterov}": REASON}).status_code == 303
    assert invited("ershov", koval).status_code == 303
    assert assigned(quick_stage, other)[nesterov].warnings == [limit]
    for path in ("assign", "review"):
        seen = {who: text_of(client_as(who).get(f"/cases/{other.case_id}/{path}")) for who in ("morozova", "ershov")}
        assert limit in seen["morozova"]
        assert REASON in seen["morozova"]
        assert limit not in seen["ershov"]
        assert REASON not in seen["ershov"]


# -- Consolidation


def test_the_coordinator_sees_no_marks_before_the_last_signature(quick_stage, client_as):
    """R26."""
    road = at(quick_stage, "assigning")
    assign(road, ("bondarenko", "lebedev"))
    road.sign("bondarenko", (0.8, 1.0))
    client = client_as("morozova")
    assert client.get(f"/cases/{road.case_id}/consolidate").status_code == 403
    assert client.get(f"/cases/{road.case_id}/preview/consolidated_conclusion").status_code == 403
    for path in ("", "/review", "/documents", "/history", "/assign"):
        page = text_of(client.get(f"/cases/{road.case_id}{path}"))
        assert "89,5" not in page
        assert "Показатель «" not in page
    road.sign("lebedev", (0.8, 1.0))
    assert "89,5" in text_of(client.get(f"/cases/{road.case_id}/consolidate"))


def test_the_text_is_put_together_kept_previewed_and_circulated(quick_stage, client_as):
    road = at(quick_stage, "consolidation")
    client = client_as("morozova")
    page = client.get(f"/cases/{road.case_id}/consolidate")
    assert "Бондаренко И. Л." in text_of(page).replace("\xa0", " ")
    assert value(page, "strengths").count("Материал прошёл апробацию") == 1  # both experts wrote it
    kept = TEXTS | {"conclusions": "Набранный, но ещё не направленный вывод о материале."}
    kept["version"] = version(quick_stage, road)
    assert client.post(f"/cases/{road.case_id}/do/circulate/keep", data=kept).status_code == 200
    preview = client.get(f"/cases/{road.case_id}/preview/consolidated_conclusion")
    assert "Набранный, но ещё не направленный вывод" in text_of(preview)
    assert client.get(f"/cases/{road.case_id}/preview/expert_sheet").status_code == 404
    assert [one.transition for one in rows_of(quick_stage, WorkingCopy)] == ["circulate"]
    assert not row(quick_stage, road).conclusion  # a preview writes nothing
    assert client.get(f"/cases/{road.case_id}/do/propose").status_code == 200
    sent = client.post(f"/cases/{road.case_id}/consolidate", data=kept)
    assert sent.location == f"/cases/{road.case_id}/consolidate"
    assert row(quick_stage, road).conclusion["conclusions"] == kept["conclusions"]
    assert "Ждём подписи" in text_of(client.get(f"/cases/{road.case_id}/consolidate"))


def test_an_empty_text_is_refused_and_what_was_typed_stays(quick_stage, client_as):
    road = at(quick_stage, "consolidation")
    sent = TEXTS | {
        "conclusions": "",
        "strengths": "Набрано на странице и не должно пропасть.",
        "version": version(quick_stage, road),
    }
    answer = client_as("morozova").post(f"/cases/{road.case_id}/consolidate", data=sent)
    assert answer.status_code == 422
    assert value(answer, "strengths") == "Набрано на странице и не должно пропасть."
    assert "Набрано на странице и не должно пропасть." in text_of(answer)
    assert not row(quick_stage, road).circulated


def test_a_verdict_other_than_the_rules_needs_a_reason_that_the_director_reads(quick_stage, client_as):
    """R29. No verdict is chosen beforehand; the one by the rule is marked."""
    road = at(quick_stage, "consolidation")
    road.consolidate(
        ("bondarenko", "lebedev"),
        {"lebedev": "Полагаю, что материал можно издать после правки без повторной экспертизы."},
    )
    client = client_as("morozova")
    page = client.get(f"/cases/{road.case_id}/consolidate")
    assert ticked(page, "verdict") == set()
    assert "Рекомендовать к публикации и включить в муниципальный банк по правилу" in text_of(page)
    assert "Полагаю, что материал можно издать" in text_of(page)
    sent = {"verdict": "recommend_use", "deviation": "Так лучше", "version": version(quick_stage, road)}
    refused = client.post(f"/cases/{road.case_id}/do/propose", data=sent)
    assert refused.status_code == 422
    assert (value(refused, "deviation"), ticked(refused, "verdict")) == ("Так лучше", {"recommend_use"})
    why = "До публикации нужна правка раздела об условиях применения."
    assert client.post(f"/cases/{road.case_id}/do/propose", data=sent | {"deviation": why}).status_code == 303
    page = text_of(client_as("gradov").get(f"/cases/{road.case_id}/approve"))
    assert "Вывод отличается от правила" in page
    assert why in page
    assert "Особое мнение: Лебедев" in page


def test_a_second_application_for_the_same_is_told_with_the_number_of_the_first(quick_stage, client_as):
    at(quick_stage, "registered", ATTESTATION)
    road = at(quick_stage, "submitted", ATTESTATION)
    client = client_as("morozova")
    assert "Уже рассматривается АТ-2026-1: " in text_of(client.get(f"/cases/{road.case_id}/do/register"))
    road.register()
    assert "Уже рассматривается АТ-2026-1: " in text_of(client.get(f"/cases/{road.case_id}/do/start"))
    with quick_stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        stranger = actor_of(session, session.get_one(Person, quick_stage.people["zhuravlyova"]), case.municipality_id)
        assert not twins(session, stranger, case, case.form), "who may not see a case is not told of it"


def phrases_at(page):
    """The ready remarks beside each field, by its label."""
    found = {}
    for part in re.split(r'<div class="remark-row[ "]', page.get_data(as_text=True))[1:]:
        row = part.partition('<div class="form-actions')[0].partition('id="general"')[0]
        found[re.search("<h3>(.*?)</h3>", row)[1]] = set(re.findall("<span data-phrase>(.*?)</span>", row))
    return found


def open_sections(page):
    """The titles of the sections that stand open."""
    return re.findall(
        r'<details class="fold fold-wide" open>.*?aria-level="2">(.*?)</span>', page.get_data(as_text=True), re.DOTALL
    )


def test_a_ready_remark_is_offered_only_where_it_makes_sense(quick_stage, client_as):
    road = at(quick_stage, "registered", ATTESTATION)
    found = phrases_at(client_as("morozova").get(f"/cases/{road.case_id}/return"))
    assert found["Название"] == set()
    assert found["Копия акта об имеющейся категории"] == {
        "Файл не открывается или нечитаем",
        "Не приложена копия приказа об установлении имеющейся категории",
    }
    assert "Раздел отчёта не заполнен или заполнен формально" in found["Аналитический отчёт по критериям"]
    assert "Файл не открывается или нечитаем" not in found["Аналитический отчёт по критериям"]
    assert found["Общий стаж, лет"] == {"Сведения расходятся с приложенными документами"}


def test_the_sections_of_a_return_are_folded_but_those_that_lack_something_or_have_remarks(quick_stage, client_as):
    road = at(quick_stage, "registered", ATTESTATION)
    client, address = client_as("morozova"), f"/cases/{road.case_id}/return"
    assert open_sections(client.get(address)) == ["Приложения"]  # the copy of the order is not there
    short = {
        "version": version(quick_stage, road),
        "remarks-0-field": "education",
        "remarks-0-text": "Нет",
        "general": "",
    }
    answer = client.post(address, data=short)
    assert answer.status_code == 422
    assert open_sections(answer) == ["Опыт"]
    place = next(one.get("id") for one in all_areas(answer) if (one.text or "").strip() == "Нет")
    assert f"#{place}" in links_of(answer)  # the error leads to its very field


def all_areas(answer):
    return [one for n in range(60) for one in fields(answer, f"remarks-{n}-text")]


def test_experts_near_the_subject_of_the_case_stand_first_and_their_cards_say_why(quick_stage, client_as):
    road, form = draft(quick_stage, ATTESTATION)
    about = {"subject_area": "speech", "education_level": "preschool"}
    road.submit(form | about | {"position": "speech_therapist", "attested_position": "speech_therapist"})
    road.register()
    road.start()
    client, people = client_as("morozova"), quick_stage.people
    page = client.get(f"/cases/{road.case_id}/assign")
    order = [int(one.get("value")) for one in fields(page, "expert")]
    near = [people[one] for one in ("koval", "galkina", "rakhimova")]
    assert max(map(order.index, near)) < min(order.index(people[one]) for one in ("ershov", "lebedev"))
    assert "Смежный предмет: дошкольное воспитание и развитие" in text_of(page)
    assert "Предмет не совпадает" in text_of(page)
    best = ticked(client.post(f"/cases/{road.case_id}/assign", data={"add": "best"}), "expert")
    assert str(people["ershov"]) not in best


def test_the_best_set_never_holds_who_turned_the_case_down_and_says_what_it_lacks(quick_stage, client_as):
    """Who refused or let the invitation lapse is not ticked; a place for an expert from outside is left, and said."""
    road = at(quick_stage, "assigning", PRODUCT)
    client, address = client_as("morozova"), f"/cases/{road.case_id}/assign"
    road.invite(["nesterov", "koval"], REASON)
    quick_stage.review("nesterov", road.case_id, "refuse", {"cause": "busy", "comment": ""})
    quick_stage.review("koval", road.case_id, "refuse", {"cause": "busy", "comment": ""})
    with quick_stage.database.transaction(keep=True) as session:
        for key in ("ustyuzhanina", "vershinina"):
            session.get_one(Person, quick_stage.people[key]).state = "blocked"
    page = client.post(address, data={"add": "best", "q": "нет такого"})
    people = quick_stage.people
    chosen = ticked(page, "expert")
    assert len(chosen) == 2
    assert not chosen & {str(people[one]) for one in ("nesterov", "koval")}
    assert "Без замечаний нашлось экспертов: 2 из 3" in text_of(page)
    assert "Свободного эксперта не из нашего муниципалитета нет" in text_of(page)


def test_what_the_best_set_ticked_is_in_sight(quick_stage, client_as):
    """Named above the list, first in it, whatever the search was for."""
    road = at(quick_stage, "assigning", PRODUCT)
    page = client_as("morozova").post(f"/cases/{road.case_id}/assign", data={"add": "best", "q": "лицей"})
    chosen = ticked(page, "expert")
    order = [one.get("value") for one in fields(page, "expert")]
    assert set(order[:3]) == chosen
    assert {f"#candidate-{one}" for one in chosen} <= set(links_of(page))
    assert "Отмечены:" in text_of(page)


def test_the_same_candidates_stand_in_a_table_which_every_button_keeps(quick_stage, client_as):
    road = at(quick_stage, "assigning", PRODUCT)
    client, address = client_as("morozova"), f"/cases/{road.case_id}/assign"
    cards, table = client.get(address), client.get(f"{address}?view=table")
    order = [[one.get("value") for one in fields(page, "expert")] for page in (cards, table)]
    assert order[0] == order[1]
    assert "подходит на" in text_of(cards)
    assert re.search(r"предмет (тот же|смежный|другой) · .*0 из 5 дел · ещё не оценивал", text_of(cards))
    assert f"{address}?view=table#candidates" in links_of(cards)
    best = client.post(f"{address}?view=table", data={"add": "best"})
    assert len(ticked(best, "expert")) == 3
    assert f'formaction="{address}?view=table#candidates"' in best.get_data(as_text=True)


def test_of_equal_candidates_the_nearer_subject_counts_before_the_same_post():
    """Only where direction and subject weigh the same does the post decide."""
    person = Person(id=1, last_name="А", first_name="Б")
    known = Candidate(
        1, None, outside=False, load=0, load_limit=5, recent=0, reviewed_before=False, declared=False, trained=True
    )

    def of(*, serves: bool, near: Nearness, peer: bool, turned_down: bool = False) -> Ranked:
        profile = {Nearness.SAME: "mathematics", Nearness.KINDRED: "physics", Nearness.OTHER: "music"}[near]
        expert = Expert(frozenset({PRODUCT} if serves else ()), profile, "teacher" if peer else "")
        found = affinity(expert, Work(1, PRODUCT, "mathematics", posts=frozenset({"teacher"})))
        return Ranked(person, None, known, Conflicts(), "", turned_down=turned_down, affinity=found)

    same_subject = of(serves=False, near=Nearness.SAME, peer=False)
    same_post = of(serves=True, near=Nearness.OTHER, peer=True)
    kindred = of(serves=True, near=Nearness.KINDRED, peer=False)
    assert sorted([same_post, same_subject, kindred], key=lambda one: one.order) == [kindred, same_subject, same_post]
    refused = of(serves=True, near=Nearness.SAME, peer=True, turned_down=True)
    assert sorted([refused, same_post], key=lambda one: one.order) == [same_post, refused]


def test_an_experts_conflict_is_a_task_a_warning_of_the_case_and_the_directors_to_lift(quick_stage, client_as):
    """An expert who moves to the applicant's school after accepting: the work list, the case page, the way out."""
    road = at(quick_stage, "in_review")
    with quick_stage.database.transaction(keep=True) as session:
        expert = session.get_one(Person, quick_stage.people["lebedev"])
        expert.organization_id = session.get_one(Person, quick_stage.people[road.applicant]).organization_id
        assignment_id = next(
            one.id for one in session.get_one(Case, road.case_id).assignments if one.expert_id == expert.id
        )
        standing_rows.rebuild_in(session)  # the gate does so where a card is corrected by it
    client = client_as("morozova")
    assert "Разобрать конфликт интересов эксперта" in text_of(client.get("/"))
    assert f"/cases/{road.case_id}/review" in links_of(client.get("/"))
    assert "Лебедев Никита Фомич: конфликт интересов" in text_of(client.get(f"/cases/{road.case_id}"))
    assert "конфликт интересов" not in text_of(client_as(road.applicant).get(f"/cases/{road.case_id}"))
    lift = f"/assignments/{assignment_id}/do/lift_conflict"
    assert lift not in links_of(client.get(f"/cases/{road.case_id}/review"))
    director = client_as("gradov")
    assert lift in links_of(director.get(f"/cases/{road.case_id}/review"))
    seen = row_of(quick_stage, Assignment, assignment_id).version
    short = director.post(lift, data={"reason": "можно", "version": seen})
    assert (short.status_code, "можно" in short.get_data(as_text=True)) == (422, True)
    assert (
        director.post(lift, data={"reason": "Других специалистов по предмету нет", "version": seen}).status_code == 303
    )
    assert "Разобрать конфликт" not in text_of(client.get("/"))
