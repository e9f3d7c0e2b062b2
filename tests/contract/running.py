"""Runs tests by name, and tells what became of each of them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

PASSED: Final = "passed"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"


def run(
    folder: Path, tests: Sequence[str], report: Path, settings: Mapping[str, str]
) -> dict[str, str]:
    """Run tests in `folder`; return what became of each, the worst of its parameters.

    One whose parameters were skipped in part counts by the others.

    Args:
        folder: Where pytest is run.
        tests: Tests, or files of them.
        report: Where pytest writes its report.
        settings: Further variables of the environment.
    """
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}", *tests],
        cwd=folder,
        env=_environment() | dict(settings),
        stdout=sys.stderr,
        check=False,
    )
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest's own
        outcome = _outcome(case)
        for name in _names(case):
            found[name] = max(
                found.get(name, SKIPPED), outcome, key=(SKIPPED, PASSED, FAILED).index
            )
    return found


def _environment() -> dict[str, str]:
    """Return ours without what would lead a tree's tests to tospec's modules named alike."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return FAILED
    return PASSED if case.find("skipped") is None else SKIPPED


def _names(case: ElementTree.Element) -> tuple[str, str]:
    """Return the test's name as rows have it, and its file."""
    parts = case.get("classname", "").split(".")
    file = "/".join(each for each in parts if not each.startswith("Test")) + ".py"
    classes = [each for each in parts if each.startswith("Test")]
    return "::".join([file, *classes, case.get("name", "").partition("[")[0]]), file
