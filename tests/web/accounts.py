"""What the tests of accounts share: the application with other settings, letters, tokens, the log, a page's own token."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.play import Stage, lent_app
from tests.rows import count_of, row_of, rows_of
from workflow_app import clock, config, gate
from workflow_app.db.models import AccessLog, Login, Outbox, Person
from workflow_app.facts.actors import actor_of
from workflow_app.states.definitions.people import AppointDeputy, Block, GrantRole, RevokeRole
from workflow_app.states.forms import Nothing, Sheet

NEW = "корова жуёт синий забор"  # a password that passes the rules
SECRET = "k9Qm2vT7xZ4wB8nR1yL6pD3sF5hJ0gCa"
ACTS: dict[str, type[Sheet]] = {
    "grant_role": GrantRole, "revoke_role": RevokeRole, "block": Block, "appoint_deputy": AppointDeputy, "unblock": Nothing,
}  # fmt: skip


def app_with(url: str, folder: Path, *, csrf: bool = False, **settings: Any) -> Flask:
    """The application with the limits of a real instance, and whatever else a test asks for."""
    known = {"folder": folder, "database_url": url, "secret_key": SECRET, "argon2_memory_kib": 64} | settings
    app = lent_app(config.Config(**known))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=csrf, PROPAGATE_EXCEPTIONS=False)
    return app


def person(stage: Stage, key: str) -> Person:
    return row_of(stage, Person, stage.people[key])


def letters(stage: Stage) -> list[Outbox]:
    """Every letter, the latest last."""
    return rows_of(stage, Outbox)


def link(stage: Stage, purpose: str) -> str:
    """The path of the link in the latest letter that has one."""
    found = [one for text in letters(stage) for one in re.findall(rf"/{purpose}/[\w-]+", text.body)]
    return found[-1]


def log(stage: Stage, what: str) -> list[AccessLog]:
    return rows_of(stage, AccessLog, what=what)


def alive(stage: Stage, key: str) -> int:
    """How many sessions of a person have not ended."""
    return count_of(stage, Login, person_id=stage.people[key], ended_at=None)


def do(stage: Stage, by: str, about: str, name: str, **fields: Any) -> None:
    """An act of one person on another's card, through the gate."""
    with stage.database.transaction(keep=True) as session:
        actor = actor_of(session, session.get_one(Person, stage.people[by]), stage.municipality_id)
        subject = session.get_one(Person, stage.people[about])
        gate.perform(session, actor, subject, name, ACTS[name](**fields), subject.version)


def set_switch(stage: Stage, **values: Any) -> None:
    """The centre's switches, as its settings page would leave them."""
    from workflow_app.db.models import Municipality

    with stage.database.transaction(keep=True) as session:
        row = session.get_one(Municipality, stage.municipality_id)
        row.switches = {**row.switches, **values}


def later(**passed: int) -> Any:
    """The clock after a while."""
    return clock.at(clock.now() + timedelta(**passed))


def token_of(answer: TestResponse) -> str:
    """The CSRF token that a page carries."""
    return re.findall(r'name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True))[0]


def shape(answer: TestResponse) -> tuple[int, str, set[str]]:
    """What a visitor can tell two answers apart by: the status, the text without tokens and its own address, the headers' names."""
    text = re.sub(r'"[\w.-]{40,}"|name="next" value="[^"]*"', "", answer.get_data(as_text=True))
    return answer.status_code, text, {name for name, _ in answer.headers}
