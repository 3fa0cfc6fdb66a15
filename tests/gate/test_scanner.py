"""The virus scanner: its protocol, and what happens when it is away (security.md 48)."""

import io
import socket

import pytest

from tests.clamd import EICAR, VERSION, Clamd, OverSocket, serving
from workflow_app import config
from workflow_app.errors import WorkflowError
from workflow_app.files import virus_scanner


def settings(tmp_path, where, **more):
    return config.Config(tmp_path, scanner=where, scanner_seconds=2, **more)


@pytest.fixture
def daemon():
    with serving(Clamd(1 << 20)) as found:
        yield found


@pytest.fixture
def nobody():
    """An address that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


def test_a_virus_is_found_and_named_and_a_clean_file_is_sent_whole(tmp_path, daemon):
    known = settings(tmp_path, daemon.setting)
    virus_scanner.scan(known, io.BytesIO(b"x" * 200_000))
    virus_scanner.scan(known, io.BytesIO(b""))
    assert daemon.seen == [200_000, 0]
    for content in (EICAR, b"x" * 100_000 + EICAR):
        with pytest.raises(virus_scanner.Infected, match="Eicar-Test-Signature"):
            virus_scanner.scan(known, io.BytesIO(content))
    assert virus_scanner.state(known) == virus_scanner.State("well", VERSION)


def test_the_daemon_is_reached_at_a_socket_of_the_machine_too(tmp_path):
    with serving(OverSocket(tmp_path / "clamd.ctl")) as daemon:
        known = settings(tmp_path, daemon.setting)
        assert virus_scanner.state(known).key == "well"
        with pytest.raises(virus_scanner.Infected):
            virus_scanner.scan(known, io.BytesIO(EICAR))


def test_without_a_scanner_nothing_is_asked_and_the_state_says_so(tmp_path):
    virus_scanner.scan(config.Config(tmp_path), io.BytesIO(EICAR))
    assert "не настроен" in str(virus_scanner.state(config.Config(tmp_path)).sentence)


def test_while_it_is_away_nothing_is_taken_unless_the_setting_says_otherwise(tmp_path, nobody):
    with pytest.raises(virus_scanner.Away, match="файл не принят"):
        virus_scanner.scan(settings(tmp_path, nobody), io.BytesIO(b"x"))
    assert "Файлы не принимаются" in str(virus_scanner.state(settings(tmp_path, nobody)).sentence)
    lax = settings(tmp_path, nobody, scanner_away="accept")
    virus_scanner.scan(lax, io.BytesIO(b"x"))
    assert "без проверки" in str(virus_scanner.state(lax).sentence)
    assert virus_scanner.state(settings(tmp_path, f"unix:{tmp_path}/none")).key == "away"


def test_what_it_could_not_look_at_is_not_clean(tmp_path):
    """Longer than it takes, or a daemon that hangs up or keeps silent."""
    with serving(Clamd(10)) as small, pytest.raises(virus_scanner.Away):
        virus_scanner.scan(settings(tmp_path, small.setting), io.BytesIO(b"x" * 1_000_000))
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(virus_scanner.Away):
        where = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        virus_scanner.scan(config.Config(tmp_path, scanner=where, scanner_seconds=1), io.BytesIO(b"x"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("scanner", "clamd"), ("scanner", "tcp://host"), ("scanner", "http://host:1"), ("scanner_away", "maybe"), ("scanner_seconds", "0")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_told_at_the_start(tmp_path, name, value):
    with pytest.raises(WorkflowError, match=name):
        config.load(tmp_path, {f"WF_{name.upper()}": value})


def test_both_forms_of_an_address_are_read(tmp_path):
    for value in ("tcp://127.0.0.1:3310", "unix:/run/clamav/clamd.ctl"):
        assert config.load(tmp_path, {"WF_SCANNER": value}).scanner == value
