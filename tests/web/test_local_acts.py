"""Local acts: what is replaced has no force any more, and both cards say so."""

from sqlalchemy import select

from tests.rows import findings
from tests.web.pages import text_of
from tests.web.test_records import do, path
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS

ACT = CONTENT_TYPES["local_act"]
TYPED = {
    "title": "Положение об экспертном совете",
    "act_kind": "regulation",
    "paper": "12",
    "on": "2025-09-01",
    "edition": "1",
}
NEWER = TYPED | {
    "title": "Положение об экспертном совете в новой редакции",
    "paper": "47",
    "on": "2026-11-10",
    "edition": "2",
}


def entered(client, typed):
    made = client.post(f"{path(ACT)}/new", data=typed)
    assert made.status_code == 303, text_of(made)
    return made.location


def acts(stage):
    with stage.database.transaction(keep=False) as session:
        model = RECORDS["local_act"]
        return [
            (one.state, one.repealed_on and f"{one.repealed_on}")
            for one in session.scalars(select(model).order_by(model.id))
        ]


def test_a_new_edition_ends_the_force_of_the_former(client_as, quick_stage):
    client = client_as("morozova")
    old = entered(client, TYPED)
    new = entered(client, NEWER | {"replaces_id": old.rsplit("/", 1)[1]})
    assert acts(quick_stage) == [("repealed", "2026-11-10"), ("active", None)]
    former, latter = text_of(client.get(old)), text_of(client.get(new))
    assert "утратил силу с 10.11.2026" in former and "Утратил силу" in former
    for shown in (former, latter):
        assert "Что было до и после" in shown and "в новой редакции" in shown and "(эта запись)" in shown
    listed = client.get(f"{path(ACT)}?state=active").get_data(as_text=True)
    assert f'href="{new}"' in listed and f'href="{old}"' not in listed
    assert not findings(quick_stage)


def test_an_act_comes_back_into_force_and_acts_never_replace_each_other(client_as, quick_stage):
    client = client_as("morozova")
    old = entered(client, TYPED)
    old_id, new = old.rsplit("/", 1)[1], entered(client, NEWER)
    named = NEWER | {"replaces_id": old_id}
    assert do(client, new, ACT, "edit", **named).status_code == 303
    assert acts(quick_stage)[0] == ("repealed", "2026-11-10")
    for mine, other in ((old, new), (new, new)):
        round_ = do(client, mine, ACT, "edit", **TYPED | {"replaces_id": other.rsplit("/", 1)[1]})
        assert round_.status_code == 422 and "круга быть не может" in text_of(round_)
    assert do(client, old, ACT, "reinstate").status_code == 303
    assert acts(quick_stage)[0] == ("active", None) and "утратил силу с" not in text_of(client.get(old))
    assert do(client, old, ACT, "repeal", repealed_on="2026-11-20", why="приказом № 87").status_code == 303
    assert acts(quick_stage)[0] == ("repealed", "2026-11-20")
