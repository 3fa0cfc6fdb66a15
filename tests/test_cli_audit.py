"""``workflow-app audit``: the road of a checkpoint from the instance to somebody who proves the journal without it."""

import email
import email.policy
import sqlite3
import stat

import pytest

from tests.command import done, refused, run
from tests.test_cli_instance import PLAN


@pytest.fixture
def instance(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    folder = tmp_path / "instance"
    done("--instance", folder, "init", "--from", plan)
    return folder


def changed(instance, *statements: str) -> None:
    """Change the database as somebody does who takes the triggers away first."""
    with sqlite3.connect(instance / "workflow.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for one in statements:
            connection.execute(one)
    connection.close()


def test_a_checkpoint_leaves_proves_and_finds(instance, tmp_path):
    assert stat.S_IMODE((instance / "checkpoint.key").stat().st_mode) == 0o600
    assert "Контрольная точка № 1" in done("--instance", instance, "audit", "checkpoint")
    assert "ничего не изменилось" in done("--instance", instance, "audit", "checkpoint")
    kept = tmp_path / "outside.txt"
    kept.write_bytes((instance / "checkpoints" / "checkpoint-000001.txt").read_bytes())
    (letter,) = (instance / "mail").glob("*.eml")
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert (message["to"], message["subject"]) == ("director@example.ru", "Контрольная точка журнала № 1")

    whole = tmp_path / "whole.jsonl"
    done("--instance", instance, "audit", "export", whole)
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600
    assert "уже есть" in refused("--instance", instance, "audit", "export", whole)
    said = done("audit", "verify", whole, "--checkpoint", kept, "--checkpoint", letter)
    assert said.count("подпись верна") == 2
    assert "Журнал тот самый." in said

    changed(instance, "DELETE FROM event_payload", "DELETE FROM event WHERE root_kind = 'organization'")
    cut = tmp_path / "cut.jsonl"
    done("--instance", instance, "audit", "export", cut)
    found = run("audit", "verify", cut, "--checkpoint", kept)
    assert found.returncode == 1
    assert "organization 1: Цепочка удалена" in found.stdout


def test_what_is_no_checkpoint_or_no_export_gets_a_sentence(instance, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("просто текст", encoding="utf-8")
    assert "не контрольная точка" in refused("audit", "verify", other, "--checkpoint", other)
    done("--instance", instance, "audit", "checkpoint")
    kept = instance / "checkpoints" / "checkpoint-000001.txt"
    assert "не читается" in refused("audit", "verify", other, "--checkpoint", kept)


def test_the_tick_makes_the_checkpoint_of_the_day(instance):
    done("--instance", instance, "tick")
    done("--instance", instance, "tick")
    assert [one.name for one in (instance / "checkpoints").iterdir()] == ["checkpoint-000001.txt"]
