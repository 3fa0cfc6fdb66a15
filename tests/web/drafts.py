"""What a browser does with a draft: the fields of a filled form as it sends them, and the token that a page carries."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from tests.rows import row_of, rows_of
from workflow_app.db.models import Case, CaseFile, Event, WorkingCopy
from workflow_app.facts.subjects import typed_form


def typed(form: Mapping[str, Any]) -> dict[str, str]:
    """The filled form as fields of a browser: rows by number, texts by key, ticks only when set."""
    found: dict[str, str] = {}
    for name, value in form.items():
        if isinstance(value, Mapping):
            found |= {f"{name}-{key}": one for key, one in value.items()}
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found |= {
                f"{name}-{n}-{key}": str(part) for n, row in enumerate(value) for key, part in row.items() if part
            }
        elif isinstance(value, list):
            found[name] = "\n".join(value)
        elif isinstance(value, bool):
            found |= {name: "y"} if value else {}
        elif value is not None:
            found[name] = value.isoformat() if isinstance(value, date) else str(value)
    return found


def token(client: Any, case_id: int, step: str = "check") -> str:
    """The version that the page of a step carries."""
    page = client.get(f"/cases/{case_id}/edit?step={step}").get_data(as_text=True)
    found = re.search(r'name="version" value="(\d+\.[0-9a-f]+)"', page)
    assert found, page[:500]
    return found[1]


def fill_in(client: Any, case_id: int, form: Mapping[str, Any]) -> None:
    """Save a whole form and see that it is kept."""
    answer = client.post(f"/cases/{case_id}/edit", data=typed(form) | {"version": token(client, case_id), "do": "save"})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]


def submit(client: Any, case_id: int, **more: str) -> Any:
    """Press «Подать» on the page of the check as it stands."""
    data = {"version": token(client, case_id), "step": "check", "declaration_authorship": "y", "do": "submit"}
    return client.post(f"/cases/{case_id}/edit", data=data | more)


def kept(stage: Any, case_id: int) -> dict[str, Any]:
    """The form as it is kept in the draft."""
    with stage.database.transaction(keep=False) as session:
        return dict(typed_form(session, session.get_one(Case, case_id)))


def state(stage: Any, case_id: int) -> str:
    return row_of(stage, Case, case_id).state


def files(stage: Any, case_id: int, wanted: str = "attached") -> list[CaseFile]:
    return sorted(rows_of(stage, CaseFile, case_id=case_id, state=wanted), key=lambda one: (one.place, one.id))


def events(stage: Any, case_id: int) -> list[str]:
    with stage.database.transaction(keep=False) as session:
        found = select(Event.transition).where(Event.root_kind == "case", Event.root_id == case_id).order_by(Event.seq)
        return list(session.scalars(found))


def copies(stage: Any, case_id: int) -> int:
    return len(rows_of(stage, WorkingCopy, WorkingCopy.subject_id == case_id))
