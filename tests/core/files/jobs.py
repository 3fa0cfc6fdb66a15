"""What the tests let a child process do (workflow_app/files/sandbox.py)."""

import os
from pathlib import Path

from workflow_app.errors import N_
from workflow_app.files.file_kinds import Refused


def slow(_data):
    while True:
        pass


def greedy(_data):
    return b"x" * (4 << 30)


def crashes(_data):
    os.abort()


def fails(_data):
    raise ZeroDivisionError


def writes(path, _data):
    Path(path).write_bytes(b"x")
    return b"written"


def refuses(number, data):
    raise Refused(N_("Нельзя %(number)s: %(data)s", number=number, data=data.decode()))


def environment(_data):
    return " ".join(f"{key}={value}" for key, value in os.environ.items()).encode()
