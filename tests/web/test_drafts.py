"""A teacher's draft: opening, filling by steps, autosave, mistakes, the check, submitting, remarks, the next round."""

import re

import pytest
from sqlalchemy import select

from tests.play import CASES, at, draft
from tests.rows import row_of, rows_of
from tests.web.drafts import copies, events, fill_in, kept, state, submit, token, typed
from tests.web.pages import text
from workflow_app.db.models import Case

KINDS = tuple(CASES)
LONG = "Ы" * 10_000
NEW = {"case_type": "methodical_material", "title": "Сборник задач по физике"}


def steps(client, case_id):
    page = text(client.get(f"/cases/{case_id}/edit"))
    return list(dict.fromkeys(["title", *re.findall(rf"/cases/{case_id}/edit\?step=(\w+)\"", page)]))


# -- opening


def test_a_teacher_opens_a_case_and_lands_in_its_draft(client_as, quick_stage):
    client = client_as("sokolova")
    assert "Понадобится" in text(client.get("/cases/new"))
    answer = client.post("/cases/new", data=NEW)
    assert answer.status_code == 303
    case = rows_of(quick_stage, Case)[-1]
    assert answer.location == f"/cases/{case.id}/edit"
    assert (case.title, case.state, case.channel) == ("Сборник задач по физике", "draft", "web")
    assert "Сборник задач по физике" in text(client.get(answer.location))


def test_two_presses_open_one_draft(client_as, quick_stage):
    client = client_as("sokolova")
    first, second = client.post("/cases/new", data=NEW), client.post("/cases/new", data=NEW)
    assert first.location == second.location
    assert len(rows_of(quick_stage, Case)) == 1
    client.post("/cases/new", data=NEW | {"title": "Сборник задач по химии"})
    assert len(rows_of(quick_stage, Case)) == 2


def test_a_title_that_is_too_short_stays_in_its_field(client_as, quick_stage):
    answer = client_as("sokolova").post("/cases/new", data=NEW | {"title": "Физика"})
    assert answer.status_code == 422
    assert 'value="Физика"' in text(answer)
    assert "нужно не меньше 10" in text(answer)
    assert not rows_of(quick_stage, Case)


def test_a_wrong_opening_is_refused_in_words(client_as, quick_stage):
    client = client_as("sokolova")
    for wrong in (
        {"case_type": "nothing"}, {"case_type": ""}, {"title": ""}, {"title": LONG}, {"title": "\0\u202e"}
    ):  # fmt: skip
        assert client.post("/cases/new", data=NEW | wrong).status_code == 422, wrong
    assert not rows_of(quick_stage, Case)


def test_forgotten_drafts_have_a_limit(client_as, quick_stage, monkeypatch):
    monkeypatch.setattr("workflow_app.features.cases.drafts.open_case.DRAFTS_MOST", 1)
    client = client_as("sokolova")
    client.post("/cases/new", data=NEW)
    answer = client.post("/cases/new", data=NEW | {"title": "Сборник задач по химии"})
    assert answer.status_code == 422
    assert "Удалите ненужные" in text(answer)


@pytest.mark.parametrize("who", ["gradov", "kuzmin", "koroleva"])
def test_who_is_no_teacher_opens_nothing(client_as, who):
    client = client_as(who)
    assert client.get("/cases/new").status_code == 403
    assert client.post("/cases/new", data=NEW).status_code == 403


def test_a_coordinator_enters_a_case_that_came_on_paper(client_as, quick_stage):
    client = client_as("morozova")
    assert client.get("/cases/new/on-behalf").status_code == 200
    applicant = quick_stage.people["sokolova"]
    answer = client.post("/cases/new/on-behalf", data=NEW | {"applicant_id": applicant, "channel": "paper"})
    assert answer.status_code == 303
    case = rows_of(quick_stage, Case)[-1]
    assert (case.applicant_id, case.channel) == (applicant, "paper")
    page = text(client.get(answer.location))
    assert "Соколова" in page
    assert client_as("sokolova").get(answer.location).status_code == 200


def test_only_a_coordinator_enters_cases_for_others(client_as, quick_stage):
    data = NEW | {"applicant_id": quick_stage.people["melnik"], "channel": "paper"}
    assert client_as("sokolova").post("/cases/new/on-behalf", data=data).status_code == 403
    answer = client_as("morozova").post("/cases/new/on-behalf", data=data | {"applicant_id": "999999"})
    assert answer.status_code == 422
    assert client_as("morozova").post("/cases/new/on-behalf", data=data | {"channel": "web"}).status_code == 422
    assert not rows_of(quick_stage, Case)


# -- filling


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_opens_the_last_shows_the_criteria_and_a_whole_form_is_submitted(client_as, quick_stage, kind):
    road, form = draft(quick_stage, kind)
    client = client_as(road.applicant)
    fill_in(client, road.case_id, form)
    for step in steps(client, road.case_id):
        page = client.get(f"/cases/{road.case_id}/edit?step={step}")
        assert page.status_code == 200
    assert step == "check"
    assert "По каким критериям будут оценивать" in text(page)
    assert road_criterion(kind) in text(page)
    assert form["title"] in text(client.get(f"/cases/{road.case_id}/preview"))
    answer = submit(client, road.case_id)
    assert answer.status_code == 303, text(answer)
    assert state(quick_stage, road.case_id) == "submitted"
    assert copies(quick_stage, road.case_id) == 0


def test_a_step_saves_its_own_fields_and_leaves_the_others(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form)
    data = {
        "version": token(client, road.case_id, "material_type"),
        "step": "material_type",
        "audience": "учителям",
        "do": "next",
    }
    answer = client.post(f"/cases/{road.case_id}/edit", data=data)
    assert answer.status_code == 303
    assert "step=approbation_place" in answer.location
    now = kept(quick_stage, road.case_id)
    assert now["audience"] == "учителям"
    assert now["annotation"] == form["annotation"]
    assert now["pages"] is None, "what the step did not send was cleared there"


def test_what_is_half_filled_is_kept_and_the_step_says_so(client_as, quick_stage):
    road, _form = draft(quick_stage)
    client = client_as("sokolova")
    data = {
        "version": token(client, road.case_id, "title"),
        "step": "title",
        "title": "Сборник задач",
        "annotation": "Мало.",
        "do": "save",
    }
    assert client.post(f"/cases/{road.case_id}/edit", data=data).status_code == 303
    page = text(client.get(f"/cases/{road.case_id}/edit?step=title"))
    assert "Мало." in page
    assert "нужно не меньше 200" in page
    assert "Обязательное поле" not in page, "an empty field is not scolded before the check"


def line_of_steps(client, case_id, step):
    """Which steps have a tick, by title: the word that a screen reader says with it."""
    page = text(client.get(f"/cases/{case_id}/edit?step={step}"))
    nav = page[page.index('<nav class="wizard"') : page.index("</nav>", page.index('<nav class="wizard"'))]
    found = {}
    for one in re.findall(r"<li.*?</li>", nav, re.DOTALL):
        words = [word.strip() for word in re.findall(r">([^<>]+)<", one) if word.strip() and not word.strip().isdigit()]
        found[words[0]] = "заполнено" in words
    return found


def checked_lines(client, case_id):
    """The lines of the check which are marked as done, and those which are not, by title."""
    page = text(client.get(f"/cases/{case_id}/edit?step=check"))
    lines = re.findall(r'<li class="(is-done|is-missing)">.*?<span>(?:<a[^>]*>)?([^<]+)', page, re.DOTALL)
    return {title.strip(): state == "is-done" for state, title in lines}


def test_a_draft_opened_again_keeps_the_ticks_of_its_complete_steps_the_open_one_included(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form)
    for step in ("title", "material_type", "approbation_place"):
        marks = line_of_steps(client, road.case_id, step)
        assert marks.pop("Проверка и подача") is False
        assert all(marks.values()), (step, marks)


def test_a_step_with_a_text_that_is_too_short_has_no_tick(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"approbation_result": "Апробация прошла."})
    for step in ("title", "approbation_place"):
        marks = line_of_steps(client, road.case_id, step)
        assert (marks["О чём"], marks["Апробация"]) == (True, False)


def test_an_empty_report_of_an_attestation_is_not_told_to_be_filled_and_bars_nothing(client_as, quick_stage):
    """domain.md 0a.2: an unfinished report warns."""
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"report": dict.fromkeys(form["report"], ""), "awards": []})
    marks = line_of_steps(client, road.case_id, "title")
    assert (marks["Опыт"], marks["Отчёт"], marks["Награды и пожелания"]) == (True, False, False)
    lines = checked_lines(client, road.case_id)
    assert lines["Отчёт"] is False
    assert "Награды и пожелания" not in lines, "nothing is asked there and nothing is given"
    page = text(client.get(f"/cases/{road.case_id}/edit?step=check"))
    assert "Отчёт" in page[page.index("Подать можно и без этого") :]
    assert submit(client, road.case_id).status_code == 303


def test_seventeen_characters_are_no_section_of_a_report(client_as, quick_stage):
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    whole = dict.fromkeys(form["report"], "Ы" * 300)
    fill_in(client, road.case_id, form | {"report": whole})
    assert line_of_steps(client, road.case_id, "title")["Отчёт"] is True
    assert checked_lines(client, road.case_id)["Отчёт"] is True
    first = next(iter(whole))
    fill_in(client, road.case_id, form | {"report": whole | {first: "Работаю хорошо..."}})
    assert line_of_steps(client, road.case_id, "title")["Отчёт"] is False
    assert checked_lines(client, road.case_id)["Отчёт"] is False
    assert "от 300 до 5000 знаков" in text(client.get(f"/cases/{road.case_id}/edit?step=report"))


def test_documents_have_a_tick_only_when_some_are_there(client_as, quick_stage):
    case_id = quick_stage.open("sokolova", "methodical_material", "Сборник задач по физике")
    client = client_as("sokolova")
    assert line_of_steps(client, case_id, "title")["Документы"] is False
    quick_stage.attach("sokolova", case_id, "material", "материал.pdf", b"%PDF-1.4 material %%EOF")
    assert line_of_steps(client, case_id, "title")["Документы"] is True


def test_autosave_keeps_the_text_and_says_when(client_as, quick_stage):
    road, _form = draft(quick_stage)
    client = client_as("sokolova")
    data = {"version": token(client, road.case_id, "title"), "step": "title", "title": "Новое название сборника"}
    answer = client.post(f"/cases/{road.case_id}/autosave/submit", data=data)
    assert re.fullmatch(r"\d\d:\d\d", answer.json["saved_at"])
    assert kept(quick_stage, road.case_id)["title"] == "Новое название сборника"
    assert answer.json["version"] == token(client, road.case_id, "title"), "the next autosave of the same page passes"


def test_autosave_takes_no_more_than_any_form_could_hold(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    data = {"version": token(client, road.case_id, "title"), "step": "title", "title": "я" * 500_000}
    answer = client.post(f"/cases/{road.case_id}/autosave/submit", data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert "сохранённое цело" in answer.json["error"]
    assert client.post(f"/cases/{road.case_id}/edit", data=data).status_code == 413
    assert kept(quick_stage, road.case_id)["title"] == form["title"]


def test_two_windows_do_not_overwrite_each_other(client_as, quick_stage):
    road, _form = draft(quick_stage)
    one, other = client_as("sokolova"), client_as("sokolova")
    data = {"version": token(one, road.case_id, "title"), "step": "title"}
    assert (
        other.post(f"/cases/{road.case_id}/autosave/submit", data=data | {"title": "Из второго окна"}).status_code
        == 200
    )
    late = one.post(f"/cases/{road.case_id}/autosave/submit", data=data | {"title": "Из первого окна"})
    assert late.status_code == 409
    assert "в другом окне" in late.json["error"]
    page = one.post(f"/cases/{road.case_id}/edit", data=data | {"title": "Из первого окна", "do": "next"})
    assert page.status_code == 409
    assert "Из первого окна" in text(page)
    assert "Из второго окна" in text(page)
    assert kept(quick_stage, road.case_id)["title"] == "Из второго окна"
    again = re.search(r'name="version" value="([^"]+)"', text(page))[1]
    assert (
        one.post(
            f"/cases/{road.case_id}/edit", data=data | {"title": "Из первого окна", "do": "next", "version": again}
        ).status_code
        == 303
    )
    assert kept(quick_stage, road.case_id)["title"] == "Из первого окна"


def test_another_window_on_another_step_disturbs_nothing(client_as, quick_stage):
    road, _form = draft(quick_stage)
    client = client_as("sokolova")
    first, second = token(client, road.case_id, "title"), token(client, road.case_id, "material_type")
    save = f"/cases/{road.case_id}/autosave/submit"
    assert client.post(save, data={"version": first, "step": "title", "title": "Сборник по физике"}).status_code == 200
    assert client.post(save, data={"version": second, "step": "material_type", "audience": "всем"}).status_code == 200
    assert (kept(quick_stage, road.case_id)["title"], kept(quick_stage, road.case_id)["audience"]) == (
        "Сборник по физике",
        "всем",
    )


def test_a_lost_session_leads_to_the_login_and_loses_no_saved_text(client_as, quick_stage):
    road, _form = draft(quick_stage)
    client = client_as("sokolova")
    data = {"version": token(client, road.case_id, "title"), "step": "title", "title": "Название до потери сеанса"}
    client.post(f"/cases/{road.case_id}/autosave/submit", data=data)
    client.post("/logout")
    answer = client.post(f"/cases/{road.case_id}/edit", data=data | {"do": "next"})
    assert (answer.status_code, answer.location) == (302, "/login")
    assert client.post(f"/cases/{road.case_id}/autosave/submit", data=data).status_code == 302
    assert "Название до потери сеанса" in text(client_as("sokolova").get(f"/cases/{road.case_id}/edit"))


def test_a_row_of_awards_is_added_and_removed_without_a_script(client_as, quick_stage):
    road, _form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    url = f"/cases/{road.case_id}/edit"
    data = {"version": token(client, road.case_id, "awards"), "step": "awards"}
    answer = client.post(url, data=data | {"add": "awards"})
    page = text(client.get(answer.location))
    assert 'name="awards-0-name"' in page
    rows = {"awards-0-name": "Почётная грамота", "awards-1-name": "Благодарность"}
    assert client.post(url, data=data | rows | {"add": "awards"}).status_code == 303, "an empty row is no change"
    now = {"version": token(client, road.case_id, "awards"), "step": "awards"}
    answer = client.post(url, data=now | rows | {"add": "awards"})
    assert 'name="awards-2-name"' in text(client.get(answer.location))
    client.post(url, data=now | rows | {"drop": "awards-0"})
    assert [one["name"] for one in kept(quick_stage, road.case_id)["awards"]] == ["Благодарность"]


def test_the_report_follows_the_category_and_no_text_is_lost(client_as, quick_stage):
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form)
    url = f"/cases/{road.case_id}/edit"
    assert 'name="report-methodical_work"' in text(client.get(f"{url}?step=report"))
    data = {
        name: value for name, value in typed(form).items() if name.split("_")[0] in ("target", "attested", "current")
    }
    data |= {
        "target_category": "first",
        "step": "target_category",
        "version": token(client, road.case_id, "target_category"),
    }
    assert client.post(url, data=data | {"do": "next"}).status_code == 303
    page = text(client.get(f"{url}?step=report"))
    assert "Прежний раздел отчёта" in page
    assert "Задача на уроке" in page
    assert submit(client, road.case_id).status_code == 303
    assert "methodical_work" not in row_of(quick_stage, Case, road.case_id).form["report"]


def road_criterion(kind):
    return {
        "methodical_material": "Корректность заимствований", "innovation_product": "Тиражируемость",
        "attestation_portfolio": "Личный вклад", "platform_results": "Распространение опыта",
    }[kind]  # fmt: skip


# -- mistakes


def test_submitting_an_empty_draft_tells_every_gap_and_submits_nothing(client_as, quick_stage):
    road, _form = draft(quick_stage)
    client = client_as("sokolova")
    answer = submit(client, road.case_id)
    assert answer.status_code == 422
    for label in ("Аннотация", "Вид материала", "Результат апробации"):
        assert label in text(answer)
    assert state(quick_stage, road.case_id) == "draft"
    page = text(client.get(f"/cases/{road.case_id}/edit?step=approbation_place&check=1"))
    assert page.count("Обязательное поле") >= 3


def test_a_wrong_answer_is_refused_at_its_field_and_stays_there(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    for wrong, words in (
        ({"annotation": LONG}, "знаков 10000, можно не больше 2000"),
        ({"pages": "много"}, "Нужно целое число"),
        ({"pages": "0"}, "Не меньше 1"),
        ({"education_level": "kindergarten_of_mine"}, "Такого варианта нет в списке"),
        ({"organization_id": "999999"}, "Такого варианта нет в списке"),
        ({"links": "http://example.org"}, "Ссылка начинается с https"),
        ({"keywords": "\n".join(f"слово {n}" for n in range(11))}, "Не больше 10"),
    ):
        fill_in(client, road.case_id, form | wrong)
        answer = submit(client, road.case_id)
        assert answer.status_code == 422, wrong
        assert words in text(answer)
        name, value = next(iter(wrong.items()))
        now = kept(quick_stage, road.case_id)[name]
        assert (now if isinstance(now, str) else "\n".join(now)) == value
        assert state(quick_stage, road.case_id) == "draft"


def test_dates_out_of_order_are_refused_at_the_later_one(client_as, quick_stage):
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"interattestation_from": "2026-10-01", "interattestation_to": "2022-10-01"})
    answer = submit(client, road.case_id)
    assert answer.status_code == 422
    assert "Окончание периода должно быть позже начала" in text(answer)
    page = text(client.get(f"/cases/{road.case_id}/edit?step=education"))
    assert 'value="2022-10-01"' in page
    assert 'id="interattestation_to-error"' in page


def test_the_rules_of_the_categories_hold_in_the_form(client_as, quick_stage):
    """R3: the highest category needs a first or highest one, now or before."""
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    nothing = {"current_category": "none", "current_on": None, "current_act": "", "current_position": ""}
    fill_in(client, road.case_id, form | nothing)
    answer = submit(client, road.case_id)
    assert answer.status_code == 422
    assert "можно претендовать, если есть или была первая или высшая" in text(answer)


def test_unshowable_characters_never_reach_the_record(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(
        client, road.case_id, form | {"audience": "учи\0телям \u202eматематики\u2066", "title": form["title"] + "\x07"}
    )
    assert kept(quick_stage, road.case_id)["audience"] == "учителям математики"
    assert submit(client, road.case_id).status_code == 303


def test_markup_in_a_field_is_shown_as_text(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"audience": "<script>alert(1)</script>{{ 7*7 }}"})
    for url in ("edit?step=material_type", "preview"):
        page = text(client.get(f"/cases/{road.case_id}/{url}"))
        assert "<script>alert(1)" not in page
        assert "{{ 7*7 }}" in page


def test_a_stale_page_submits_nothing_and_keeps_the_text(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form)
    for number, version in enumerate(("0", "99", "", "²", "9" * 5000, "-1", "1.deadbeefdeadbeef")):
        title = f"Текст со старой страницы {number}"
        data = {"version": version, "step": "check", "declaration_authorship": "y", "do": "submit", "title": title}
        answer = client.post(f"/cases/{road.case_id}/edit", data=data)
        assert answer.status_code == 409, version
        assert title in text(answer)
    assert state(quick_stage, road.case_id) == "draft"


def test_a_double_click_submits_once(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form)
    data = {"version": token(client, road.case_id), "step": "check", "declaration_authorship": "y", "do": "submit"}
    first, second = (client.post(f"/cases/{road.case_id}/edit", data=data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert "второй раз отправлять не нужно" in text(client.get(second.location))
    assert events(quick_stage, road.case_id).count("submit") == 1


def test_a_missing_attachment_bars_the_submission_of_a_material(client_as, quick_stage):
    case_id = quick_stage.open("sokolova", "methodical_material", "Сборник задач по физике")
    _road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, case_id, form)
    answer = submit(client, case_id)
    assert answer.status_code == 409
    assert "Не хватает: Материал" in text(answer)
    assert state(quick_stage, case_id) == "draft"


def test_a_missing_consent_bars_a_material_and_its_scan_lifts_the_bar(client_as, quick_stage):
    """R37: the consent is a separate document."""
    road, form = draft(quick_stage)
    with quick_stage.database.transaction(keep=True) as session:
        from workflow_app.db.models import Consent

        for one in session.scalars(select(Consent).where(Consent.person_id == quick_stage.people["sokolova"])):
            one.state = "ended"
    client = client_as("sokolova")
    fill_in(client, road.case_id, form)
    answer = submit(client, road.case_id)
    assert answer.status_code == 409
    assert "согласие на обработку персональных данных" in text(answer)
    quick_stage.attach("sokolova", road.case_id, "consent_scan", "согласие.pdf", b"%PDF-1.4 scan %%EOF")
    assert submit(client, road.case_id).status_code == 303


HOSTILE = [
    {"awards": "x"}, {"awards-0": "x"}, {"awards-²-name": "x"}, {"awards-0-name-more": "x"}, {"report": "x"},
    {"report-%00-a": "x"}, {"report-\0": "x\0"}, {"title-0": "x"}, {"keywords-0-a": "x"}, {"": "x"}, {"-": "x"}, {"---": "x"},
    {"step": "nothing"}, {"step": "files"}, {"do": "fly"}, {"add": "title"}, {"add": "nothing"}, {"drop": "title"}, {"drop": "-"},
    {"wants_presence": "perhaps"}, {"experience_total": "1e400"}, {"current_on": "2026-13-45"}, {"organization_id": "9" * 400},
    {"current_on": "0001-01-01"}, {"report-abilities": LONG}, {"co_authors": ";".join("абв" for _ in range(900))},
]  # fmt: skip


STEP_OF = {
    "report": "report", "title": "title", "keywords": "title", "co_authors": "title", "organization_id": "title",
    "current_on": "target_category", "experience_total": "education",
}  # fmt: skip


def test_whatever_is_sent_is_answered_and_kept_or_refused(client_as, quick_stage, subtests):
    """Looked at after each of them: the step on which it may stand, the check, the preview."""
    road, _form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    url = f"/cases/{road.case_id}"
    for hostile in HOSTILE:
        with subtests.test(str(hostile)[:60]):
            data = {"version": token(client, road.case_id, "awards"), "step": "awards", "do": "next"} | hostile
            for way in ("edit", "autosave/submit"):
                assert client.post(f"{url}/{way}", data=data).status_code in (200, 303, 409, 422)
            own = STEP_OF.get(next(iter(hostile)).partition("-")[0], "awards")
            for page in (f"{url}/edit?step={own}&check=1", f"{url}/edit?step=check&check=1", f"{url}/preview"):
                assert client.get(page).status_code == 200
    for step in {*STEP_OF.values()}:
        assert client.get(f"{url}/edit?step={step}&check=1").status_code == 200


def test_a_row_is_only_added_where_there_are_rows(client_as, quick_stage):
    road, _form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    for added in ("awards", "keywords", "title", "report", "nothing", "", "awards\0", "wants_presence"):
        for step in ("title", "report", "awards") if added in ("awards", "report") else ("awards",):
            page = text(client.get(f"/cases/{road.case_id}/edit", query_string={"step": step, "add": added}))
            assert ('name="awards-0-name"' in page) == (step == "awards" and added == "awards"), (step, added)
            assert "{}" not in page


def test_a_whole_form_without_a_step_is_taken_too(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    data = typed(form) | {"version": token(client, road.case_id), "do": "submit"}
    assert client.post(f"/cases/{road.case_id}/edit", data=data).status_code == 303
    assert state(quick_stage, road.case_id) == "submitted"


# -- whose it is


def test_a_foreign_draft_looks_like_a_missing_one(client_as, quick_stage):
    road, _form = draft(quick_stage)
    for who in ("zhuravlyova", "morozova", "gradov"):
        client = client_as(who)
        for id_ in (road.case_id, 999999):
            assert client.get(f"/cases/{id_}/edit").status_code == 404
            assert client.get(f"/cases/{id_}/preview").status_code == 404
            assert client.post(f"/cases/{id_}/edit", data={"title": "Чужое название"}).status_code == 404
            assert client.post(f"/cases/{id_}/autosave/submit", data={"title": "Чужое название"}).status_code == 404
    assert copies(quick_stage, road.case_id) == 0


def test_after_the_submission_the_form_is_closed(client_as, quick_stage):
    road = at(quick_stage, "submitted")
    for who in ("sokolova", "morozova"):
        client = client_as(who)
        assert client.get(f"/cases/{road.case_id}/edit").status_code == 403
        assert (
            client.post(f"/cases/{road.case_id}/edit", data={"title": "Другое название", "do": "save"}).status_code
            == 403
        )
        assert (
            client.post(f"/cases/{road.case_id}/autosave/submit", data={"title": "Другое название"}).status_code == 403
        )


def test_autosave_of_another_act_is_refused(client_as, quick_stage):
    road, _form = draft(quick_stage)
    client = client_as("sokolova")
    for name in ("resubmit", "register", "nothing"):
        assert (
            client.post(f"/cases/{road.case_id}/autosave/{name}", data={"title": "Новое название"}).status_code == 403
        )
    assert client.get(f"/cases/{road.case_id}/autosave/submit").status_code == 405


# -- remarks and rounds


def returned(stage):
    road = at(stage, "registered")
    remarks = [
        {"field": "annotation", "text": "Напишите, для какого класса сборник."},
        {"field": "attachment:material", "text": "Файл не открывается, приложите другой."},
    ]
    stage.act("morozova", road.case_id, "return", {"remarks": remarks, "general": "Остальное в порядке."})
    return road


def test_the_remarks_of_a_return_stand_at_their_fields_and_files(client_as, quick_stage):
    road = returned(quick_stage)
    client = client_as("sokolova")
    first = text(client.get(f"/cases/{road.case_id}/edit"))
    assert "Что исправить" in first
    assert "Остальное в порядке." in first
    assert first.index("Напишите, для какого класса сборник.", first.index("<form")) < first.index('id="annotation"')
    page = text(client.get(f"/cases/{road.case_id}/edit?step=files"))
    assert "Файл не открывается" in page[page.index('id="kind-material"') :]
    check = text(client.get(f"/cases/{road.case_id}/edit?step=check"))
    left = check[check.index("по этим замечаниям ничего не изменено") :]
    assert "Напишите, для какого класса сборник." in left
    assert "Всё заполнено и приложено." not in check
    answer = submit(client, road.case_id)
    assert answer.status_code == 303, text(answer)
    assert state(quick_stage, road.case_id) == "submitted"


def test_the_next_round_shows_what_the_experts_wrote_and_asks_what_changed(client_as, quick_stage):
    """A verdict «на доработку» opens round 2 with the same experts."""
    road = at(quick_stage, "approved", shares={"bondarenko": (0.6, 0.4), "lebedev": (0.6, 0.4)})
    with quick_stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        assert case.verdict == "revise", (case.verdict, case.percent)
        remark = case.conclusion["remarks"]
    quick_stage.act("sokolova", road.case_id, "ask_revision", {"plan": ""})
    client = client_as("sokolova")
    page = text(client.get(f"/cases/{road.case_id}/edit?step=changes"))
    assert all(line in page for line in remark.splitlines())
    assert "Что изменено по замечаниям" in page
    assert submit(client, road.case_id).status_code == 422
    assert submit(client, road.case_id, changes="Добавлены лист самооценки и список источников.").status_code == 303
    assert state(quick_stage, road.case_id) == "assigning"


def test_a_coordinator_fills_the_same_form_for_a_teacher(client_as, quick_stage):
    _road, form = draft(quick_stage)
    case_id = quick_stage.open("morozova", "methodical_material", form["title"], applicant="sokolova", channel="post")
    client = client_as("morozova")
    fill_in(client, case_id, form)
    assert kept(quick_stage, case_id)["annotation"] == form["annotation"]
    assert form["annotation"][:40] in text(client_as("sokolova").get(f"/cases/{case_id}/edit"))
    quick_stage.attach("morozova", case_id, "material", "материал.pdf", b"%PDF-1.4 material %%EOF")
    assert submit(client, case_id).status_code == 303
    assert state(quick_stage, case_id) == "submitted"


def test_the_least_length_of_a_title_is_told_before_anything_is_typed(client_as):
    assert "от 10 до 300 знаков" in text(client_as("sokolova").get("/cases/new"))


def test_what_a_held_category_needs_is_told_beside_each_of_its_fields(client_as, quick_stage):
    road, _form = draft(quick_stage, "attestation_portfolio")
    page = text(client_as("sokolova").get(f"/cases/{road.case_id}/edit?step=target_category"))
    for name in ("current_on", "current_act", "current_position"):
        assert re.search(rf'id="{name}-help">Нужно, если категория есть', page), name


def test_a_second_application_for_the_same_is_warned_of_on_the_check_and_barred_by_nothing(client_as, quick_stage):
    first = at(quick_stage, "registered", "attestation_portfolio")
    road, form = draft(quick_stage, "attestation_portfolio")
    client, check = client_as("sokolova"), f"/cases/{road.case_id}/edit?step=check"
    fill_in(client, road.case_id, form | {"target_category": "first", "report": {}})
    assert "Уже рассматривается" not in text(client.get(check))
    fill_in(client, road.case_id, form)
    assert "Уже рассматривается АТ-2026-1: " in text(client.get(check))
    quick_stage.act("sokolova", first.case_id, "withdraw", {"reason": "Подам заявление в следующем году."})
    assert "Уже рассматривается" not in text(client.get(check))
    again = at(quick_stage, "submitted", "attestation_portfolio")
    assert "Уже подано и ждёт регистрации" in text(client.get(check))
    assert submit(client, road.case_id).status_code == 303
    assert again.state() == "submitted"


def test_a_material_of_the_same_title_is_a_second_one_however_it_is_spelt(client_as, quick_stage):
    at(quick_stage, "registered")
    road, form = draft(quick_stage)
    client, check = client_as("sokolova"), f"/cases/{road.case_id}/edit?step=check"
    fill_in(client, road.case_id, form | {"title": str(form["title"]).upper().replace(" ", "  ")})
    assert "Уже рассматривается ММ-2026-1: " in text(client.get(check))
    fill_in(client, road.case_id, form | {"title": f"{form['title']}, часть вторая"})
    assert "Уже рассматривается" not in text(client.get(check))
