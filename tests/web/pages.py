"""Reading an answer as a person does: its words, and where its links lead. And cases by the dozen, for lists."""

import csv
import io
import re

from workflow_app.db.models import Case
from workflow_app.facts import search_rows, standing_rows


def text(answer):
    """A page as it was sent."""
    return answer.get_data(as_text=True)


def plain(answer, status=200):
    """The words of a page that was answered so, without its marks."""
    assert answer.status_code == status, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def table_of(answer):
    """The rows of a table in CSV, as Excel reads them."""
    return list(csv.reader(io.StringIO(text(answer).removeprefix("\ufeff")), delimiter=";"))


def tab(client, road, name=""):
    """A page of a case."""
    return client.get(f"/cases/{road.case_id}{name}")


def text_of(answer):
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).replace("&#34;", '"').split())


def links_of(answer):
    """The addresses of every link, as a browser reads them."""
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', answer.get_data(as_text=True))]


def submitted_rows(stage, many):
    """Cases that are simply there: rows as the gate leaves them, without walking the road 50 times."""
    keys = sorted(key for key in stage.people if key not in ("morozova", "gradov"))
    with stage.database.transaction(keep=True) as session:
        session.add_all(
            Case(
                municipality_id=stage.municipality_id, type="methodical_material", applicant_id=stage.people[keys[number % len(keys)]],
                title=f"Сборник заданий, выпуск {number}", created_at=stage.moment, state_since=stage.moment, state="submitted",
                turn="coordinator", submitted_at=stage.moment,
            )
            for number in range(many)
        )  # fmt: skip
        standing_rows.rebuild_in(session)
        search_rows.rebuild_in(session)
