"""Rows of a case form are read in columns, their parts below their names."""

import re

from tests.play import at


def test_a_row_says_which_value_is_the_plan_and_which_the_fact(client_as, quick_stage):
    road = at(quick_stage, "submitted", "platform_results")
    page = client_as("morozova").get(f"/cases/{road.case_id}").text
    rows = [
        [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    ]
    assert ["Показатель", "План", "Факт"] in rows
    assert ["Организации-партнёры", "3", "3"] in rows
    heads = next(row for row in rows if "Выполнение" in row)
    assert "выполнено частично" in {row[heads.index("Выполнение")] for row in rows if len(row) == len(heads)}
