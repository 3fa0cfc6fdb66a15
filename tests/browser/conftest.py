"""Whole stories in a real headless Chromium: the application on a port of its own, a browser, pictures where they are wanted."""

import os
import re
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from tests.play import Client, Stage, open_app, open_stage

ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "browser"
PICTURES = "WF_TEST_PICTURES" in os.environ  # `make pictures` asks for them; they take a quarter of the stories' time
FAILED = pytest.StashKey[bool]()
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 375, "height": 812}}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
expect.set_options(timeout=60_000)  # a busy machine is not a wrong program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder needs the browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the pages of a story know that it failed."""
    report = yield
    item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all stories."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def quick_stage(centre_sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """The stage of a story plays its roads: what acts load is loaded before somebody waits for a page."""
    with open_stage(centre_sqlite_url, tmp_path) as found:
        yield found


@pytest.fixture
def served(quick_stage: Stage, centre_sqlite_url: str, tmp_path: Path) -> Flask:
    """The application over the database of ``quick_stage``, as browsers meet it."""
    app = open_app(centre_sqlite_url, tmp_path, quick_stage.database)
    app.config.update(WTF_CSRF_ENABLED=True, TESTING=False)
    return app


@pytest.fixture
def address(served: Flask) -> Iterator[str]:
    """The address at which the application is served."""
    sockets: dict[int, wasyncore.dispatcher] = {}
    # the system names a port that no other worker has
    server = create_server(served, sockets, host="127.0.0.1", port=0, threads=4)
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=0.1, map=sockets, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    ended.set()  # the loop ends first: what it looks at is not closed under its hands
    thread.join(10)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


class Walker:
    """One person at the browser. What the browser complains of fails the test; every page reached goes through axe."""

    def __init__(self, context: BrowserContext, address: str, key: str, story: str) -> None:
        self.address, self.key, self.story = address, key, story
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.looks = 0
        self.page.on("console", lambda message: self._console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        # The browser tells of every refused form as an error; the test looks at the page's own words for it.
        if kind == "error" and not re.search(r"status of (401|409|422|413)", text):
            self.faults.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if url.startswith("http") and not url.startswith(self.address):
            self.faults.append(f"another host: {url}")

    def enter(self, client: Client) -> "Walker":
        """Bring the session that the test's client has: the pages of the log-in have stories of their own."""
        cookie = client.enter(self.key).get_cookie("session")
        assert cookie
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return self

    def open(self, path: str) -> "Walker":
        """Go to a page."""
        self.page.goto(self.address + path)
        return self

    def choose(self, label: str, words: str) -> "Walker":
        """Choose in a field that is searched, by the keyboard, as somebody who waits for nothing: the first of what the words find."""
        box = self.page.get_by_role("combobox", name=label)
        box.press_sequentially(words)
        box.press("ArrowDown")
        box.press("Enter")
        return self

    def look(self, name: str) -> None:
        """No sideways scrolling at both widths, no serious or critical finding of axe; pictures of both where they are wanted."""
        self.looks += 1
        self.page.wait_for_load_state()
        for size, viewport in SIZES.items():
            self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
            if PICTURES:
                self.page.wait_for_timeout(100)  # what moves has come to rest
                self.picture(f"{self.looks:02d}-{name}-{size}")
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 1, f"{name} is {wide} px too wide on the {size}"
        self.page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
        found = Axe().run(self.page).response["violations"]
        serious = [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{name} ({self.page.url}): {serious}"
        assert not self.faults, f"{name}: {self.faults}"

    def leave(self) -> None:
        """Close the browser. A page on its way somewhere is called back first: where a window closes under an answer that is just
        arriving, Chromium at times never says that it is closed.
        """
        self.page.on("dialog", lambda dialog: dialog.accept())  # nobody is asked about what is half typed
        with suppress(Error):  # its own way may have been quicker
            self.page.goto("about:blank")
        self.page.context.close()

    def picture(self, name: str) -> None:
        """Keep what the page shows."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{self.story}-{name}.png", full_page=True)


def wait_until(page: Page, done: Callable[[], bool]) -> None:
    """Wait for what the server does; a page that does not come is told by the assertion that follows."""
    for _ in range(50):
        if done():
            return
        page.wait_for_timeout(200)


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Walker]]:
    """``visit()``: somebody at a browser of their own who has not logged in. Where a story fails, each page is kept as it stood."""
    walkers: list[Walker] = []
    story = request.node.name.removeprefix("test_")[:60]

    def begin(key: str = "visitor") -> Walker:
        # A page that still glides to where it was told to go takes its buttons from under the pointer.
        context = browser.new_context(viewport=SIZES["desktop"], locale="ru-RU", reduced_motion="reduce")  # type: ignore[arg-type]  # a plain dict
        context.set_default_timeout(60_000)  # a busy machine is not a wrong program
        walkers.append(Walker(context, address, key, story))
        return walkers[-1]

    yield begin
    for one in walkers:
        if request.node.stash.get(FAILED, False):
            one.picture(f"stopped-{one.key}")
        one.leave()


@pytest.fixture
def walk(visit: Callable[..., Walker], served: Flask) -> Callable[[str], Walker]:
    """``walk("sokolova")``: a person at a browser of their own, logged in, at no page yet."""
    return lambda key: visit(key).enter(served.test_client())  # type: ignore[arg-type]  # the class that `open_app` gives it
