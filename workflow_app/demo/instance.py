"""The demo: an instance of an invented centre with cases in every state, some late, some soon due, relative to today.

Everything passes the gate at simulated moments. It is built beside its place and moved there when it is whole; a marker of
ours says that the folder may be thrown away. Passwords are random and belong to one instance (decisions.md 29).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from workflow_app import clock, config, data
from workflow_app.conversion import libreoffice
from workflow_app.db import migrate
from workflow_app.db.session import Database, open_database
from workflow_app.demo import (
    orders,
    people,
    programme,
    records,
    sample_forms,
    scheduler,
    surveys,
)
from workflow_app.demo.roads import SCENES, Scene
from workflow_app.demo.timeline import Present, Tale, World
from workflow_app.errors import N_, Broken, WorkflowError
from workflow_app.operations import integrity
from workflow_app.runtime import backfill

MARKER, ACCOUNTS, EVERYBODY = ".workflow-demo", "accounts.json", "accounts-all.json"
BEGINS = 340  # working days ago: before the oldest case was opened
# One account per role: whose it is.
ROLES = {
    "teacher": "sokolova", "expert": "bondarenko", "coordinator": "morozova", "director": "gradov", "deputy": "subbotina",
    "admin": "kuzmin", "school_officer": "koroleva", "department": "pavlyuk", "regional": "akhmetova", "expert_outside": "nesterov",
    "expert_mentor": "koval", "expert_novice": "zorina",
}  # fmt: skip
_WORDS = (
    "amber apple arrow autumn basket birch bridge bright button candle canyon carpet castle cedar cherry circle cloud clover "
    "coffee copper coral cotton crystal daisy dawn delta ember falcon feather fern field forest garden ginger granite harbor "
    "hazel honey island ivory jacket jasmine kettle ladder lantern lemon linen lotus maple marble meadow mirror mosaic needle "
    "oasis ocean olive orange orchid paddle paper pebble pepper pillow planet poplar prairie quartz rabbit raven ribbon river "
    "rocket saddle saffron sailor salmon sierra silver sparrow spruce stone summer sunset tablet temple thunder timber tulip "
    "valley velvet violet walnut willow window winter yellow zephyr"
)
Progress = Callable[[int, int, str], None]


def prepare(
    folder: Path, *, fresh: bool, progress: Progress = lambda _at, _of, _what: None, site: str = config.LOCAL_SITE
) -> config.Config:
    """Return the settings of the demo instance in ``folder``, built if there is none or ``fresh`` asks for a new one.

    A folder that is not empty and not marked as ours is refused. An older instance is brought up to date. ``site`` is where it
    will be served: the papers of a new one name it and their QR codes lead there.
    """
    ours = (folder / MARKER).is_file()
    if not ours and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkflowError(
            N_("Папка %(folder)s не пуста и создана не этой командой: её не трогаем.", folder=str(folder))
        )
    if fresh or not ours:
        _rebuild(folder, progress, site)
    settings = config.load(folder, config.alone(os.environ))
    migrate.upgrade(settings.url)
    database = open_database(settings.url, settings.folder / "blobs")
    try:
        backfill.reckon_all(database)
    finally:
        database.engine.dispose()
    return settings


def accounts(folder: Path) -> list[dict[str, str]]:
    """Return the accounts of a demo instance, one per role."""
    found: list[dict[str, str]] = json.loads((folder / ACCOUNTS).read_text(encoding="utf-8"))
    return found


def _rebuild(folder: Path, progress: Progress, site: str) -> None:
    """Build beside, then swap: an interrupted build leaves the old instance, or none."""
    draft = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    build(draft, progress, site=site)
    (draft / MARKER).write_text(f"workflow-app demo\n{site}\n", encoding="ascii")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def built_for(folder: Path) -> str:
    """Return the address that the papers of a demo instance name; empty when it does not say."""
    return (folder / MARKER).read_text(encoding="ascii").partition("\n")[2].strip()


def build(
    folder: Path, progress: Progress, chosen: tuple[Scene, ...] = SCENES, *, site: str = config.LOCAL_SITE
) -> None:
    """Build an instance in an empty folder, whole: people, cases, accounts. What is not as planned raises Broken."""
    settings = config.load(folder, config.alone(os.environ))
    migrate.upgrade(settings.url)
    database = open_database(
        settings.url, settings.folder / "blobs", settings.base_url or site, libreoffice.of(settings)
    )
    try:
        passwords = {one["key"]: password() for one in data.load("demo_people")["people"]}
        world = enter(database, passwords, PasswordHasher(memory_cost=settings.argon2_memory_kib))
        programme.plan(world)
        records.enter(world)
        surveys.hold(world)
        programme.enter(world)
        begun = count(1)

        def tell(scene: Scene, pause: scheduler.Pause) -> None:
            play(replace(world, pause=pause), scene, lambda title: progress(next(begun), len(chosen), title))

        scheduler.tell([partial(tell, one) for one in chosen])
        orders.collect(world)
        programme.report(world)
        with database.transaction(keep=False) as session:
            if found := integrity.findings(session, database.blobs):
                raise Broken(f"the demo is not sound: {found[0]}")
    finally:
        database.engine.dispose()
    _write_accounts(folder, passwords)


def enter(database: Database, passwords: dict[str, str], hasher: PasswordHasher) -> World:
    """Enter the cast long ago; return the world that the scenes play in."""
    home = next(one for one in data.load("demo_people")["municipalities"] if one["key"] == "home")
    present = Present(clock.now(), ZoneInfo(home["zone"]))
    with clock.at(datetime.combine(present.ago(BEGINS), time(9), present.zone)):
        cast = people.enter(database, {key: hasher.hash(one) for key, one in passwords.items()})
    return World(database, cast, present)


def play(world: World, scene: Scene, begun: Callable[[str], None] = lambda _title: None) -> Tale:
    """Play one scene and prove that it came to its state; ``begun`` is told the title once the case is open."""
    tale = Tale(world, scene.key, scene.opened, by=scene.by, channel=scene.channel)
    begun(tale.work.title)
    scene.play(tale)
    if (state := tale.state()) != scene.state:
        raise Broken(f"the scene {scene.key} came to {state!r}, not to {scene.state!r}")
    return tale


def password() -> str:
    """Return a random password that is easily typed: «maple-river-42»."""
    words = _WORDS.split()
    return f"{secrets.choice(words)}-{secrets.choice(words)}-{secrets.randbelow(90) + 10}"


def _write_accounts(folder: Path, passwords: dict[str, str]) -> None:
    def told(key: str, role: str) -> dict[str, str]:
        return {
            "login": key,
            "password": passwords[key],
            "role": role,
            "name": " ".join(sample_forms.people()[key]["name"]),
        }

    _write(folder / ACCOUNTS, [told(key, role) for role, key in ROLES.items()])
    _write(folder / EVERYBODY, [told(key, "+".join(one["roles"])) for key, one in sample_forms.people().items()])


def _write(file: Path, content: Any) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(content, handle, ensure_ascii=False, indent=1)
        handle.write("\n")
