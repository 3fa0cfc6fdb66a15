"""Many browsers at the same moment: requests that meet at a barrier, and what each was answered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.office import LATER
from workflow_app import clock

PATIENCE = 120  # seconds; who waits longer has lost a partner
Sent = tuple[str, str, Mapping[str, Any]]
"""Who, to which address, which fields."""


def all_at_once(app: Flask, sent: Sequence[Sent]) -> list[TestResponse]:
    """Post everything at the same moment, each from a browser of its own in the session of its person; the answers in order."""
    cookies = {key: cookie_of(app, key) for key, _, _ in sent}
    barrier = Barrier(len(sent), timeout=PATIENCE)

    def post(one: Sent) -> TestResponse:
        key, address, fields = one
        client = FlaskClient(app, app.response_class)  # markup is looked at elsewhere: here is no time for it
        client.set_cookie("session", cookies[key])
        barrier.wait()
        with clock.at(LATER):
            return client.post(address, data=fields, buffered=True)

    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(post, sent))


def cookie_of(app: Flask, key: str) -> str:
    """The cookie of a session of a person."""
    with clock.at(LATER):
        found = app.test_client().log_in(key).get_cookie("session")
    assert found is not None
    return found.value


def statuses(answers: Sequence[TestResponse]) -> Counter[int]:
    """How many of each status; a 5xx is shown with its page."""
    for one in answers:
        assert one.status_code < 500, one.get_data(as_text=True)[:3000]
    return Counter(one.status_code for one in answers)
