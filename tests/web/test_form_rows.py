"""Rows of a case form are read on one line each, their parts by name."""

from tests.play import at


def test_a_row_says_which_value_is_the_plan_and_which_the_fact(client_as, quick_stage):
    road = at(quick_stage, "submitted", "platform_results")
    page = client_as("morozova").get(f"/cases/{road.case_id}").get_data(as_text=True)
    assert "Организации-партнёры; План: 3; Факт: 3" in page
    assert "Выполнение: выполнено частично" in page
