"""Where the time of the tests goes: ``pytest -p tests.costs …`` ends with the processor time of each file, children included.

Processor time, for the time on the wall also counts what else the machine was doing. What a server of its own used (PostgreSQL,
a browser, the process that forks the commands) shows only in the sum that the system keeps, not here.
"""

import os
from collections import Counter
from collections.abc import Generator

import pytest

SHOWN = 30
_spent: Counter[str] = Counter()
_counted = 0.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note at the end of each phase what was used since the end of the last one; it travels from the worker in the report."""
    global _counted
    report = yield
    now = sum(os.times()[:4])
    report.cpu, _counted = now - _counted if _counted else 0.0, now  # type: ignore[attr-defined]
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _spent[report.nodeid.partition("::")[0]] += getattr(report, "cpu", 0.0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section(f"processor seconds: {sum(_spent.values()):.0f}")
    for name, seconds in _spent.most_common(SHOWN):
        terminalreporter.write_line(f"{seconds:8.1f}  {name}")
