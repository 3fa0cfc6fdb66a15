"""The expert's pages up to the signature: the invitation, the review, and what nobody else sees of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.play import EXPERTS, PASSWORD, Stage, at
from tests.reviewing import (
    WHY,
    ClientAs,
    declaration,
    documents_of,
    events,
    files_of,
    filled,
    invited,
    place,
    row,
    words_of,
)
from workflow_app.db.models import Assignment, Consent
from workflow_app.demo.steps import Road
from workflow_app.web import file_previews, file_viewer


@pytest.fixture
def road(quick_stage: Stage) -> Road:
    """A methodical material under review by bondarenko and lebedev."""
    return at(quick_stage, "in_review")


@pytest.fixture
def id(quick_stage: Stage, road: Road) -> int:
    """Bondarenko's assignment."""
    return place(quick_stage, road, "bondarenko")


# The invitation


def test_an_invitation_shows_what_is_needed_to_decide_and_none_of_the_material(quick_stage: Stage, client_as: ClientAs):
    """R17: no access to material before the declaration."""
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    shown = words_of(client.get(f"/assignments/{id}"))
    with quick_stage.database.transaction(keep=False) as session:
        case = session.get_one(Assignment, id).case
        applicant, annotation, organization = case.applicant.full_name, str(case.form["annotation"]), case.organization
        assert organization is not None
        assert all(text in shown for text in (case.title, applicant, organization.name, "файлов: 1", "10 раб. дн."))
    assert annotation[:60] not in shown
    assert "material.pdf" not in shown
    for file in files_of(quick_stage, road):
        assert client.get(f"/files/{file}").status_code == 404
        assert client.get(f"/files/{file}/inline").status_code == 404
        assert client.get(f"/files/{file}/view").status_code == 404
    assert client.get(f"/assignments/{id}/material").status_code == 404
    assert client.post(f"/assignments/{id}/autosave", data={"strengths": "рано"}).status_code in (403, 409)


def test_no_question_of_the_declaration_is_answered_beforehand(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    shown = client_as("bondarenko").get(f"/assignments/{place(quick_stage, road, 'bondarenko')}").get_data(as_text=True)
    assert 'name="kinship"' in shown
    assert "checked" not in shown


def test_a_get_never_accepts(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    for address in (
        f"/assignments/{id}/do/accept?kinship=no&confirmed=y",
        f"/assignments/{id}/do/refuse?cause=busy",
        f"/assignments/{id}",
    ):
        assert client.get(address).status_code == 200
    assert row(quick_stage, id).state == "invited"


def test_accepting_with_the_declaration_opens_the_road(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    answer = client.post(f"/assignments/{id}/do/accept", data=declaration(quick_stage, id))
    assert answer.status_code == 303
    assert answer.location == f"/assignments/{id}"
    assert row(quick_stage, id).state == "accepted"
    shown = words_of(client.get(f"/assignments/{id}"))
    assert "приглашение принято" in shown
    assert "Взять самоотвод" in shown


def test_an_unanswered_question_stands_at_its_field_and_keeps_the_answers(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    data = declaration(quick_stage, id)
    del data["mentoring"]
    answer = client.post(f"/assignments/{id}/do/accept", data=data)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert 'href="#mentoring-0"' in shown
    assert 'checked id="kinship-0"' in shown or 'id="kinship-0" checked' in shown or shown.count("checked") >= 4
    assert row(quick_stage, id).state == "invited"


def test_a_declared_conflict_bars_acceptance(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    answer = client.post(f"/assignments/{id}/do/accept", data=declaration(quick_stage, id, kinship="yes"))
    assert answer.status_code == 422
    assert "принять приглашение нельзя" in words_of(answer)
    assert row(quick_stage, id).state == "invited"


def test_refusing_takes_a_reason_from_the_list_and_ends_the_access(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    version = str(row(quick_stage, id).version)
    without = client.post(f"/assignments/{id}/do/refuse", data={"version": version, "comment": "Уезжаю на курсы"})
    assert without.status_code == 422
    assert "Уезжаю на курсы" in words_of(without)
    answer = client.post(f"/assignments/{id}/do/refuse", data={"version": version, "cause": "busy"})
    assert answer.location == "/reviews"
    assert client.get(f"/assignments/{id}").status_code == 404


def test_a_reason_that_says_nothing_by_itself_needs_an_explanation(quick_stage: Stage, client_as: ClientAs):
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    data = {"version": str(row(quick_stage, id).version), "cause": "conflict", "comment": ""}
    answer = client.post(f"/assignments/{id}/do/refuse", data=data)
    assert answer.status_code == 422
    assert "К этой причине нужно пояснение" in words_of(answer)
    told = client.post(f"/assignments/{id}/do/refuse", data={**data, "comment": "Мы родственники"})
    assert told.location == "/reviews"


def test_the_signature_agreement_may_come_with_the_acceptance(quick_stage: Stage, client_as: ClientAs):
    """R35: without the agreement the page offers it, with its text and version; once accepted it is not asked again."""
    with quick_stage.database.transaction(keep=True) as session:
        for one in session.scalars(
            select(Consent).where(
                Consent.person_id == quick_stage.people["bondarenko"], Consent.consent_kind == "simple_signature"
            )
        ):
            one.state = "withdrawn"
    road = invited(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    shown = words_of(client.get(f"/assignments/{id}"))
    assert "simple-signature-2026-11" in shown
    assert 'name="agreement"' in shown
    client.post(f"/assignments/{id}/do/accept", data=declaration(quick_stage, id, agreement="y"))
    with quick_stage.database.transaction(keep=False) as session:
        given = select(Consent).where(
            Consent.person_id == quick_stage.people["bondarenko"],
            Consent.consent_kind == "simple_signature",
            Consent.state == "given",
        )
        assert session.scalars(given).one().text_version == "simple-signature-2026-11"


# The review


def test_the_review_shows_material_and_criteria_without_any_mark_chosen(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    shown = client_as("bondarenko").get(f"/assignments/{id}").get_data(as_text=True)
    sheet = road.sheet()
    assert "material.pdf" in shown
    assert all(one.title in shown and one.indicators[0].text in shown for one in sheet.criteria)
    assert "полностью соответствует" in shown
    assert "checked" not in shown
    assert "Итог появится" in shown
    assert not any(rule.text in shown for rule in sheet.verdicts)


def test_the_expert_reads_the_files_and_the_card_of_the_frozen_version(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client = client_as("bondarenko")
    (file,) = files_of(quick_stage, road)
    with client.get(f"/files/{file}/inline") as answer:
        assert answer.status_code == 200
    assert f"/files/{file}/inline" in client.get(f"/assignments/{id}").get_data(as_text=True)
    for nonsense in ("²", "9" * 5000, "-1", "x"):
        assert client.get(f"/assignments/{id}/material", query_string={"file": nonsense}).status_code == 200, nonsense
    card = words_of(client.get(f"/assignments/{id}/material?file=card"))
    assert "Результат апробации" in card
    assert "Математика" in card


def test_the_pane_turns_a_long_file_by_fifty_pictures_and_says_what_a_text_leaves_out(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
):
    client, (file,) = client_as("bondarenko"), files_of(quick_stage, road)
    monkeypatch.setattr(file_viewer, "pdf_pages", lambda _path: 3000)
    shown = client.get(f"/assignments/{id}/material?file={file}&view=pages&page=3").get_data(as_text=True)
    assert f"/files/{file}/page/101.png" in shown
    assert shown.count(".png") == 50
    assert "page=4" in shown
    monkeypatch.setattr(file_previews, "way_of", lambda _media_type: "docx")
    monkeypatch.setattr(
        file_viewer, "docx_look", lambda _path: file_viewer.Look("<p>Урок</p>", {"charts": 2}, cut=True)
    )
    words = words_of(client.get(f"/assignments/{id}/material?file={file}"))
    assert "Не показано: диаграммы — 2" in " ".join(words.split())
    assert "показано только его начало" in words


def test_typed_text_is_kept_by_the_autosave_and_shown_again(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client, sheet = client_as("bondarenko"), road.sheet()
    key = sheet.criteria[0].key
    data = {
        f"marks-{key}-points-{sheet.criteria[0].indicators[0].key}": "4",
        f"marks-{key}-rationale": WHY,
        "strengths": "Есть опора на практику.",
    }
    answer = client.post(f"/assignments/{id}/autosave", data=data)
    assert answer.status_code == 200
    assert answer.json is not None
    told = answer.json["progress"]
    assert (told["done"], told["total"], told["complete"]) == (1, 10, False)
    assert told["criteria"][key] == {"state": "done", "words": "4 из 5"}
    shown = client.get(f"/assignments/{id}").get_data(as_text=True)
    assert WHY in shown
    assert "Есть опора на практику." in shown
    assert 'value="4" checked' in shown
    assert events(quick_stage, id, "sign") == 0


def test_percent_and_verdict_appear_only_when_every_criterion_is_complete(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client, sheet = client_as("bondarenko"), road.sheet()
    data = filled(sheet)
    missing = f"marks-{sheet.criteria[3].key}-points-{sheet.criteria[3].indicators[0].key}"
    partly = {name: value for name, value in data.items() if name != missing}
    client.post(f"/assignments/{id}/autosave", data=partly)
    told = client.get(f"/assignments/{id}/progress").json
    assert told is not None
    assert not told["complete"]
    assert not {"percent", "verdict", "tone", "reasons"} & told.keys()
    client.post(f"/assignments/{id}/autosave", data=data)
    told = client.get(f"/assignments/{id}/progress").json
    assert told is not None
    assert (told["percent"], told["verdict"], told["ready"]) == ("80,0 %", sheet.verdicts[0].text, True)


def test_a_missed_minimum_is_said_with_the_verdict(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    client, sheet = client_as("bondarenko"), road.sheet()
    capped = next(one for one in sheet.criteria if one.minimum and not one.stop)
    data = filled(sheet) | {
        f"marks-{capped.key}-points-{capped.indicators[0].key}": "1",
        f"marks-{capped.key}-rationale": WHY,
    }
    client.post(f"/assignments/{id}/autosave", data=data)
    told = client.get(f"/assignments/{id}/progress").json
    assert told is not None
    assert told["verdict"] == sheet.verdict("revise").text
    assert capped.title in told["reasons"][0]


def test_what_is_missing_stands_at_each_field_and_in_the_list_above(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    """R20, R21: the errors are at their fields, the typed text stays, and nothing is signed."""
    client, sheet = client_as("bondarenko"), road.sheet()
    first, second, third = sheet.criteria[:3]
    points = {one.key: f"marks-{one.key}-points-{one.indicators[0].key}" for one in sheet.criteria}
    data = filled(sheet) | {
        points[first.key]: "2",
        f"marks-{first.key}-rationale": "Коротко.",
        points[second.key]: "9",
        "strengths": "Мало",
    }
    del data[points[third.key]]
    answer = client.post(f"/assignments/{id}/check", data=data)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    for target in (
        f"marks-{first.key}-rationale",
        f"{points[second.key]}-error",
        f"{points[third.key]}-error",
        "strengths",
    ):
        assert f'href="#{target}"' in shown
        assert f'id="{target}"' in shown
    assert "Коротко." in shown
    assert "Обоснуйте оценку ниже 60 %" in shown
    assert shown.count("Поставьте целый балл от 0 до 5") >= 4
    assert "Слишком коротко" in shown
    assert "Коротко." in client.get(f"/assignments/{id}").get_data(as_text=True)
    assert row(quick_stage, id).state == "in_work"


def test_not_applicable_is_refused_where_it_is_not_allowed(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    """R22."""
    client, sheet = client_as("bondarenko"), road.sheet()
    key = sheet.criteria[0].key
    data = filled(sheet) | {f"marks-{key}-not_applicable": "1", f"marks-{key}-reason": "Не о том."}
    answer = client.post(f"/assignments/{id}/check", data=data)
    assert answer.status_code == 422
    assert "нельзя отметить «не применимо»" in words_of(answer)
    assert row(quick_stage, id).state == "in_work"


def test_nonsense_in_the_form_is_refused_and_breaks_nothing(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client, sheet = client_as("bondarenko"), road.sheet()
    first = sheet.criteria[0]
    for bad in (
        {"marks": "1"}, {"marks-nowhere-points-x": "5"}, {f"marks-{first.key}-points-{first.indicators[0].key}": "3.5"},
        {f"marks-{first.key}-points": "5"}, {f"marks-{first.key}-points-{first.indicators[0].key}": "٣"}, {"strengths": "ж" * 9000},
    ):  # fmt: skip
        assert client.post(f"/assignments/{id}/autosave", data=bad).status_code == 200
        assert client.post(f"/assignments/{id}/check", data=bad).status_code == 422
        assert client.get(f"/assignments/{id}/progress").status_code == 200
        assert client.get(f"/assignments/{id}?check=1").status_code == 200


def test_an_old_window_does_not_overwrite_a_newer_text(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    client = client_as("bondarenko")
    page = client.get(f"/assignments/{id}").get_data(as_text=True)
    seen = page.split('name="version" value="')[1].split('"')[0]
    first = client.post(f"/assignments/{id}/autosave", data={"version": seen, "strengths": "Из первого окна."})
    assert first.status_code == 200
    assert first.json is not None
    stale = client.post(
        f"/assignments/{id}/autosave",
        data={"version": seen, "strengths": "Из второго окна."},
        headers={"Accept": "application/json"},
    )
    assert stale.status_code == 409
    assert stale.json is not None
    assert "в другом окне" in stale.json["error"]
    checked = client.post(f"/assignments/{id}/check", data={"version": seen, "strengths": "Из второго окна."})
    assert checked.status_code == 409
    shown = words_of(checked)
    assert "Из первого окна." in shown
    assert "Из второго окна." in shown
    assert "Из первого окна." in client.get(f"/assignments/{id}").get_data(as_text=True)
    again = client.post(f"/assignments/{id}/autosave", data={"version": first.json["version"], "strengths": "Дальше."})
    assert again.status_code == 200


def test_a_lost_session_leads_to_the_login_and_loses_nothing_kept(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client = client_as("bondarenko")
    client.post(f"/assignments/{id}/autosave", data={"strengths": "До выхода."})
    client.post("/logout")
    assert client.post(f"/assignments/{id}/autosave", data={"strengths": "После выхода."}).status_code == 302
    assert "До выхода." in client_as("bondarenko").get(f"/assignments/{id}").get_data(as_text=True)


# Nobody else's


def test_another_experts_assignment_is_not_there(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    """R19: no other sheet, no names before the consolidation; not for a colleague, not for the applicant, not in an error."""
    road.sign("bondarenko", (0.8,))
    for key in ("lebedev", "sokolova", "nesterov"):
        client = client_as(key)
        for address in ("", "/material", "/progress", "/sign", "/sheet", "/preview/expert_sheet", "/do/recuse"):
            answer = client.get(f"/assignments/{id}{address}")
            assert answer.status_code == 404, (key, address)
            assert "Бондаренко" not in answer.get_data(as_text=True)
        assert client.post(f"/assignments/{id}/autosave", data={"strengths": "чужое"}).status_code == 404
        for document, _ in documents_of(quick_stage, id):
            assert client.get(f"/documents/{document}").status_code == 404
    own = client_as("lebedev").get(f"/assignments/{place(quick_stage, road, 'lebedev')}")
    assert "Бондаренко" not in own.get_data(as_text=True)


def test_the_office_sees_no_mark_before_the_consolidation_and_every_sheet_after(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    """R26: nobody sees sums before all have signed, the coordinator included."""
    road.sign("bondarenko", (0.8,))
    office, colleague = client_as("morozova"), client_as("lebedev")
    shown = words_of(office.get(f"/assignments/{id}"))
    assert "80,0" not in shown
    assert "не видит и координатор" in shown
    assert office.post(f"/assignments/{id}/check", data={"strengths": "за эксперта"}).status_code == 404
    road.sign("lebedev", (0.8,))
    assert "80,0 %" in words_of(office.get(f"/assignments/{id}"))
    assert "80,0 %" in words_of(colleague.get(f"/assignments/{id}"))
    assert client_as("sokolova").get(f"/assignments/{id}").status_code == 404


def test_an_author_who_knows_the_experts_opens_no_assignment_without_a_sheet_to_read(
    quick_stage: Stage, client_as: ClientAs
):
    """After the approval the names are open; who refused, and why, is not, nor a sheet that is not the author's to read."""
    approved = at(quick_stage, "approved")
    with quick_stage.database.transaction(keep=True) as session:
        ids = list(session.scalars(select(Assignment.id).where(Assignment.case_id == approved.case_id)))
        session.get_one(Assignment, ids[0]).state = "refused"
    teacher = client_as("sokolova")
    assert teacher.get(f"/cases/{approved.case_id}").status_code == 200
    for one in ids:
        for address in (f"/assignments/{one}", f"/assignments/{one}/sheet", f"/assignments/{one}/do/accept"):
            assert teacher.get(address).status_code == 404, address
        assert client_as("morozova").get(f"/assignments/{one}").status_code == 200


def test_a_recusal_ends_the_access_at_once(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    """R18: the page, the files, the case are gone; the list keeps the number and no title."""
    client = client_as("bondarenko")
    (file,) = files_of(quick_stage, road)
    assert client.get(f"/assignments/{id}/do/recuse").status_code == 200
    answer = client.post(
        f"/assignments/{id}/do/recuse",
        data={"version": str(row(quick_stage, id).version), "reason": "Автор стал моим родственником"},
    )
    assert answer.location == "/reviews"
    for address in (
        f"/assignments/{id}",
        f"/assignments/{id}/material",
        f"/files/{file}",
        f"/files/{file}/inline",
        f"/cases/{road.case_id}",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/assignments/{id}/autosave", data={"strengths": "ещё"}).status_code == 404
    shown = words_of(client.get("/reviews"))
    assert "Самоотвод" in shown
    assert "Доступ закрыт" in shown
    with quick_stage.database.transaction(keep=False) as session:
        assert session.get_one(Assignment, id).case.title not in shown


def test_an_unknown_act_is_not_found_and_a_foreign_one_forbidden(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client = client_as("bondarenko")
    assert client.get(f"/assignments/{id}/do/nothing").status_code == 404
    assert client.get("/assignments/999999").status_code == 404
    assert client.post(
        f"/assignments/{id}/do/void_sheet", data={"version": "1", "reason": "Просто так, без причины"}
    ).status_code in (403, 409)


# In words


def test_specialists_say_words_and_choose_the_verdict_themselves(quick_stage: Stage, client_as: ClientAs):
    """Order 196 has no points: words for each criterion, no verdict chosen beforehand, none computed."""
    road = at(quick_stage, "in_review", "attestation_portfolio")
    id, client, sheet = place(quick_stage, road, "bondarenko"), client_as("bondarenko"), road.sheet()
    shown = client.get(f"/assignments/{id}").get_data(as_text=True)
    assert "подтверждено частично" in shown
    assert "checked" not in shown
    data = filled(sheet, "attestation_portfolio")
    del data["verdict"]
    first = sheet.criteria[0].key
    answer = client.post(f"/assignments/{id}/check", data=data | {f"marks-{first}-rationale": "Кратко"})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert 'id="verdict-error"' in shown
    assert f'href="#marks-{first}-rationale"' in shown
    told = client.get(f"/assignments/{id}/progress").json
    assert told is not None
    assert "verdict" not in told
    data["verdict"] = "conforms"
    assert client.post(f"/assignments/{id}/check", data=data).location == f"/assignments/{id}/sign"
    answer = client.post(
        f"/assignments/{id}/sign",
        data=data | {"how": "simple", "password": PASSWORD, "version": str(row(quick_stage, id).version)},
    )
    assert answer.status_code == 303
    kept = row(quick_stage, id)
    assert (kept.state, kept.verdict, kept.percent) == ("signed", "conforms", None)


def test_not_applicable_takes_a_reason_and_not_every_criterion(quick_stage: Stage, client_as: ClientAs):
    """R22."""
    road = at(quick_stage, "in_review", "attestation_portfolio")
    id, client, sheet = place(quick_stage, road, "bondarenko"), client_as("bondarenko"), road.sheet()
    first = sheet.criteria[0].key
    data = filled(sheet, "attestation_portfolio") | {
        f"marks-{first}-word": "not_applicable",
        f"marks-{first}-rationale": "",
    }
    answer = client.post(f"/assignments/{id}/check", data=data)
    assert answer.status_code == 422
    assert f'href="#marks-{first}-reason"' in answer.get_data(as_text=True)
    reason = {f"marks-{first}-reason": "Внешнего мониторинга в этом классе не было."}
    everything = {
        f"marks-{one.key}-{name}": text
        for one in sheet.criteria
        for name, text in (("word", "not_applicable"), ("reason", "Нет данных."))
    }
    answer = client.post(f"/assignments/{id}/check", data=data | everything)
    assert "Нельзя отметить «не применимо» все критерии" in words_of(answer)
    assert client.post(f"/assignments/{id}/check", data=data | reason).location == f"/assignments/{id}/sign"


def test_the_common_result_of_specialists_is_joined_or_dissented(quick_stage: Stage, client_as: ClientAs):
    road = at(quick_stage, "in_review", "attestation_portfolio")
    for key, verdict in zip(EXPERTS["attestation_portfolio"], ("conforms", "conforms", "not_conforms"), strict=True):
        road.sign(key, (1.0,) if verdict == "conforms" else (0.0,), verdict)
    assert road.state() == "third_review"
    first, third = (place(quick_stage, road, key) for key in ("bondarenko", "dyachkova"))
    assert client_as("bondarenko").get(f"/assignments/{first}").status_code == 200
    reasoning = "Обсудили материалы вместе: результаты подтверждены документами."
    quick_stage.act("lebedev", road.case_id, "draft_common", {"verdict": "conforms", "reasoning": reasoning})
    client = client_as("bondarenko")
    shown = words_of(client.get(f"/assignments/{first}"))
    assert reasoning in shown
    assert "Выводы специалистов не совпадают" in shown
    assert "Дьячкова" not in shown
    data = {"how": "simple", "password": PASSWORD, "version": str(row(quick_stage, first).version)}
    assert client.post(f"/assignments/{first}/do/join_common", data=data).status_code == 303
    assert row(quick_stage, first).common_answer == "agreed"
    other = client_as("dyachkova")
    opinion = "Не согласна: данных внешнего мониторинга за последние два года в деле нет."
    data = {"how": "simple", "password": PASSWORD, "version": str(row(quick_stage, third).version), "opinion": opinion}
    assert other.post(f"/assignments/{third}/do/dissent_common", data=data).status_code == 303
    assert row(quick_stage, third).common_opinion == opinion
