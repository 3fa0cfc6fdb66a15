"""What «Подать» would refuse is what the checklist and the steps show: with the rules between fields, at once, each once."""

import html
import re

import html5lib
import pytest

from tests.play import at, draft
from tests.web.drafts import fill_in, kept, state, submit, token
from tests.web.pages import text_of

NOTHING_HELD = {
    "current_category": "none",
    "earlier_category": "none",
    "current_on": None,
    "current_act": "",
    "current_position": "",
}
BROKEN = {
    "methodical_material": {"annotation": "Мало.", "links": "ftp://school.ru", "pages": 900, "audience": ""},
    "innovation_product": {"platform_status": "federal", "platform_act": "", "problem": "", "risks": "Рисков нет."},
    "attestation_portfolio": NOTHING_HELD | {
        "target_category": "highest", "experience_total": 3, "experience_position": 8, "education": "", "interattestation_to": "2000-01-01",
    },
}  # fmt: skip


def tree(answer):
    return html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)


def words(node):
    return " ".join("".join(node.itertext()).split())


def listed(answer):
    """The fields that the checklist names as to be mended, by name: what is wrong with each."""
    lists = [one for one in tree(answer).iter("ul") if one.get("class") == "checklist"]
    found = {}
    for one in lists[0].iter("a"):
        name = one.get("href").rpartition("#")[2]
        if "step=" in one.get("href") and not name.startswith("kind-") and one.tail is not None:
            assert name not in found, "each once"
            found[name] = one.tail.strip(": ")
    return found


def wrong_fields(client, case_id, steps):
    """The fields beside which the steps show an error once the draft has been checked."""
    found = {}
    for step in steps:
        for one in tree(client.get(f"/cases/{case_id}/edit?step={step}&check=1")).iter("p"):
            if (one.get("id") or "").endswith("-error"):
                found.setdefault(one.get("id")[: -len("-error")].split("-")[0], []).append(
                    words(one).removeprefix("Ошибка:").strip()
                )
    return found


def circles(answer):
    """The line of steps: done, attention or neither, by title."""
    nav = next(one for one in tree(answer).iter("nav") if one.get("class") == "wizard")
    said = {}
    for one in nav.iter("li"):
        title = words(next(part for part in one if part.tag in ("a", "span") and part.get("class") is None))
        said[title] = "done" if "заполнено" in words(one) else "attention" if "нужно исправить" in words(one) else ""
    return said


def step_keys(client, case_id):
    page = client.get(f"/cases/{case_id}/edit").get_data(as_text=True)
    return list(dict.fromkeys(["title", *re.findall(rf"/cases/{case_id}/edit\?step=(\w+)\"", page)]))


@pytest.mark.parametrize("kind", BROKEN)
def test_the_checklist_the_steps_and_the_refusal_name_the_same_fields(client_as, quick_stage, kind):
    road, form = draft(quick_stage, kind)
    client = client_as(road.applicant)
    fill_in(client, road.case_id, form | BROKEN[kind])
    before = listed(client.get(f"/cases/{road.case_id}/edit?step=check"))
    shown = wrong_fields(client, road.case_id, step_keys(client, road.case_id))
    refused = submit(client, road.case_id)
    assert refused.status_code == 422
    assert listed(refused) == before
    assert before.keys() == shown.keys()
    for name, said in before.items():
        assert len(shown[name]) == 1
        if said != "не заполнено":
            assert said == shown[name][0], "the same words"
    assert state(quick_stage, road.case_id) == "draft"


def test_all_that_is_wrong_is_told_at_once_with_the_rules_between_fields(client_as, quick_stage):
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | BROKEN["attestation_portfolio"])
    assert listed(submit(client, road.case_id)).keys() == {
        "target_category", "experience_position", "education", "interattestation_to",
    }  # fmt: skip


def test_a_rule_between_fields_keeps_its_step_from_being_green(client_as, quick_stage):
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | NOTHING_HELD | {"target_category": "highest", "education": ""})
    seen = circles(client.get(f"/cases/{road.case_id}/edit?step=title"))
    assert seen["Категория"] == "attention"
    assert seen["Опыт"] == "", "nobody is scolded for an empty field before the check"
    page = text_of(client.get(f"/cases/{road.case_id}/edit?step=target_category"))
    assert "можно претендовать, если есть или была" in page


def test_a_mended_step_is_green_at_once_and_the_others_keep_their_mark(client_as, quick_stage):
    road, form = draft(quick_stage, "methodical_material")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"annotation": "Мало.", "audience": ""})
    refused = submit(client, road.case_id)
    assert (circles(refused)["О чём"], circles(refused)["Материал"], circles(refused)["Апробация"]) == (
        "attention",
        "attention",
        "done",
    )
    address = f"/cases/{road.case_id}/edit?step=title&check=1"
    page = client.get(address).get_data(as_text=True)
    assert f'action="{html.escape(address)}"' in page, "once checked, the draft stays checked"
    data = {"version": token(client, road.case_id, "title"), "step": "title", "annotation": form["annotation"]}
    typed = {
        name: str(form[name]) for name in ("title", "organization_id", "position", "subject_area", "education_level")
    }
    save = client.post(f"/cases/{road.case_id}/autosave/submit?check=1", data=data | typed)
    assert save.json["wrong"] == []
    assert "нужно исправить" not in save.json["steps"].partition("О чём")[2][:90]
    moved = client.post(address, data=data | typed | {"version": save.json["version"], "do": "next"})
    assert "check=1" in moved.location
    after = circles(client.get(f"/cases/{road.case_id}/edit?step=check&check=1"))
    assert (after["О чём"], after["Материал"]) == ("done", "attention")


def test_the_tick_of_the_last_page_is_part_of_the_check(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, {name: one for name, one in form.items() if name != "declaration_authorship"})
    page = client.get(f"/cases/{road.case_id}/edit?step=check")
    assert listed(page).keys() == {"declaration_authorship"}
    assert "Осталось ответить на этой странице" in text_of(page)
    data = {"version": token(client, road.case_id), "step": "check", "do": "submit"}
    assert client.post(f"/cases/{road.case_id}/edit", data=data).status_code == 422
    assert submit(client, road.case_id).status_code == 303


def test_a_wrong_date_of_a_refusal_breaks_no_page(client_as, quick_stage):
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    wrong = {"refused_category": form["target_category"], "refused_on": "2026-13-45"}
    fill_in(client, road.case_id, form | wrong)
    assert client.get(f"/cases/{road.case_id}").status_code == 200
    assert "refused_on" in listed(client.get(f"/cases/{road.case_id}/edit?step=check"))


def test_a_repeated_application_is_barred_at_the_field_of_the_refusal(client_as, quick_stage):
    """R6."""
    road, form = draft(quick_stage, "attestation_portfolio")
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"refused_category": form["target_category"], "refused_on": "2026-11-01"})
    answer = submit(client, road.case_id)
    assert answer.status_code == 422
    assert list(listed(answer)) == ["refused_on"]
    assert "принимается с 01.11.2027" in text_of(answer)


def test_links_get_their_https(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"links": "rutube.ru/video/1\nhttps://school.ru/plan"})
    assert 'href="https://rutube.ru/video/1"' in client.get(f"/cases/{road.case_id}/preview").get_data(as_text=True)
    assert submit(client, road.case_id).status_code == 303
    assert kept(quick_stage, road.case_id)["links"] == ["https://rutube.ru/video/1", "https://school.ru/plan"]


def test_a_remark_is_mended_when_its_field_has_changed(client_as, quick_stage):
    road = at(quick_stage, "registered")
    remarks = [
        {"field": "annotation", "text": "Напишите, для какого класса сборник."},
        {"field": "keywords", "text": "Добавьте слова."},
    ]
    quick_stage.act("morozova", road.case_id, "return", {"remarks": remarks, "general": ""})
    client = client_as("sokolova")
    page, last = (f"/cases/{road.case_id}/edit?step={one}" for one in ("title", "check"))
    assert circles(client.get(last))["О чём"] == "attention"
    now = kept(quick_stage, road.case_id)
    data = {
        "version": token(client, road.case_id),
        "annotation": now["annotation"] + " Для пятого класса.",
        "do": "save",
    }
    data["keywords"] = "\n".join(now["keywords"])
    assert client.post(f"/cases/{road.case_id}/edit", data=data).status_code == 303
    assert circles(client.get(last))["О чём"] == "attention", "the same words in another line are no change"
    assert text_of(client.get(page)).count("(изменено)") == 1
    data |= {"version": token(client, road.case_id), "keywords": "грамотность; пятый класс; чтение"}
    assert client.post(f"/cases/{road.case_id}/edit", data=data).status_code == 303
    assert circles(client.get(last))["О чём"] == "done"


def test_the_page_of_a_draft_offers_to_go_on_filling_first(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    for filled in (False, True):
        if filled:
            fill_in(client, road.case_id, form)
        main = next(tree(client.get(f"/cases/{road.case_id}")).iter("main"))
        buttons = [one for one in main.iter("a") if "btn-primary" in (one.get("class") or "")]
        assert [(words(one), one.get("href")) for one in buttons] == [
            ("Продолжить заполнение", f"/cases/{road.case_id}/edit")
        ]
