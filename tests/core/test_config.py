"""Defaults that are safe: host names, folders for the owner alone, keys that stand in examples (security.md 16, 35, 78)."""

import pytest

from workflow_app import config
from workflow_app.errors import WorkflowError


def load(folder, **settings):
    return config.load(folder, {f"WF_{name.upper()}": value for name, value in settings.items()})


@pytest.mark.parametrize(
    ("settings", "hosts"),
    [
        ({}, ()),
        ({"base_url": "https://expertise.example.ru"}, ("expertise.example.ru",)),
        ({"base_url": "https://Expertise.example.ru:8443/centre"}, ("expertise.example.ru",)),
        ({"base_url": "https://a.example", "trusted_hosts": "b.example, c.example"}, ("b.example", "c.example")),
    ],
)
def test_the_trusted_hosts_come_from_the_address_unless_they_are_named(tmp_path, settings, hosts):
    assert load(tmp_path, **settings).hosts == hosts


@pytest.mark.parametrize("address", ["expertise.example.ru", "ftp://expertise.example.ru", "https://"])
def test_an_address_that_is_none_is_told_at_the_start(tmp_path, address):
    with pytest.raises(WorkflowError, match="base_url"):
        load(tmp_path, base_url=address)


PLACEHOLDERS = [
    "change-me-to-a-long-random-string-please", "CHANGE_THIS_SECRET_KEY_IN_PRODUCTION_123", "your-secret-key-goes-here-0123456789",
    "replace-me-with-32-random-characters!!", "django-insecure-abcdefghijklmnop0123456789", "example-key-abcdefghijklmnopqrstuvwxyz",
    "this-is-not-so-secret-but-long-enough-12", "замените-этот-ключ-на-свой-случайный-123", "my_super_secret_flask_key_1234567890abc",
]  # fmt: skip


@pytest.mark.parametrize("key", PLACEHOLDERS)
def test_a_key_from_an_example_is_refused(tmp_path, key):
    assert len(key) >= config.SECRET_LEAST
    with pytest.raises(WorkflowError, match="примера"):
        load(tmp_path, secret_key=key)


def test_a_random_key_is_never_taken_for_one(tmp_path):
    import secrets

    for _ in range(300):
        load(tmp_path, secret_key=secrets.token_urlsafe(48))
        load(tmp_path, secret_key=secrets.token_hex(32))


def mode(path):
    return path.stat().st_mode & 0o777


def test_the_folder_of_an_instance_is_its_owners_alone(tmp_path):
    fresh, old, shared = tmp_path / "fresh", tmp_path / "old", tmp_path / "shared"
    old.mkdir()
    old.chmod(0o755)
    shared.mkdir()
    shared.chmod(0o1777)
    for folder in (fresh, old, shared):
        config.load(folder, {})
    assert (mode(fresh), mode(old)) == (0o700, 0o700)
    assert shared.stat().st_mode & 0o7777 == 0o1777  # a folder of everybody's is not an instance's
