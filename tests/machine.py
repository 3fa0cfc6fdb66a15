"""What a test needs from the machine and cannot bring along: said plainly when it is not there.

On a person's machine such a test is skipped with the reason; where everything has to run (``CI=true``) it fails.
"""

import os
import shutil
from typing import NoReturn

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing(reason: str) -> NoReturn:
    """Fail where everything has to run, skip elsewhere."""
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def chromium() -> str:
    """Path of the Chromium for the browser tests, found by ``dev.py`` or on the PATH."""
    named = os.environ.get("WF_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        missing(
            os.environ.get("WF_TEST_NO_CHROMIUM")
            or "No Chromium was found: install one, or name it in WF_TEST_CHROMIUM."
        )
    return found
