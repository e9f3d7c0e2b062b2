"""A tree's own tests, run once in a copy for all gates that judge by them."""

import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tospec.gate import tools
from tospec.gate.modules import Kind
from tospec.gate.recorded import Records, read_records
from tospec.gate.sharing import SHARED
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
INSIDE: Final = Path(__file__).parent / "inside"
_TIMEOUT: Final = 900.0
_NO_TESTS: Final = 5
_SOME_FAILED: Final = 1
_CODES: Final = {
    2: "it was interrupted, or could not collect all tests",
    3: "it broke",
    4: "it did not understand its options",
}
# Without exclusions, no comment in the code takes lines out of the count. The core is the one that
# costs least; it sees all threads and greenlets by itself.
_COVERAGE: Final = """\
[run]
core = sysmon
data_file = {folder}/measured/data
[report]
exclude_lines =
    if TYPE_CHECKING:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """How many lines of a file can be executed, and were."""

    total: int
    covered: int
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRun:
    """What a run of a tree's tests showed.

    Attributes:
        database: `sqlite` or `postgresql`.
        records: What the recorder saw.
        fault: Why the run says nothing about the tests; empty if it does.
        coverage: The lines of each file that was executed, by path; empty if nothing measured.
    """

    database: str
    records: Records
    seconds: float
    fault: str = ""
    coverage: Mapping[str, Lines] = field(default_factory=dict)


def suite_of(tree: TreeUnderTest, database: str = SQLITE) -> SuiteRun:
    """Run the tests of a tree on a kind of database, unless that was done already.

    Raises:
        CannotRunError: If its interpreter has no pytest.
    """
    return SHARED.once(tree, f"suite {database}", lambda: _run(tree, database))


def variables(folder: Path) -> dict[str, str]:
    """Return the variables for programs that run tests and leave nothing outside of `folder`."""
    return {
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
        # What tests leave behind goes with the folder.
        "TMPDIR": str(folder),
        # The copy is thrown away, and until then its processes share what they compile.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPATH": str(INSIDE),
    }


def postgresql_url(tree: TreeUnderTest) -> str:
    """Return the URL of the PostgreSQL to be used, for the driver that built trees have."""
    return f"postgresql+asyncpg://{(tree.database_url or '').partition('://')[2]}"


def undisturbed(command: Sequence[str | Path], *more: str) -> tuple[str | Path, ...]:
    """Return a command that does not see what somebody set for their own runs of tests."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", *more)
    return ("env", *(part for name in names for part in ("-u", name)), *command)


def _run(tree: TreeUnderTest, database: str) -> SuiteRun:
    version_of(tree, "pytest")
    with tempfile.TemporaryDirectory(prefix="tospec-tests-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy = tree.copy_to(folder / tree.root.name)
        for each in ("records", "measured"):
            (folder / each).mkdir()
        (folder / "coverage.ini").write_text(_COVERAGE.format(folder=folder), encoding="utf-8")
        started = time.monotonic()
        done = _executed(tree, database, folder, copy)
        return SuiteRun(
            database=database,
            records=read_records(folder / "records"),
            seconds=round(time.monotonic() - started, 3),
            fault=_fault(done),
            coverage=_coverage(folder / "coverage.json"),
        )


def _executed(tree: TreeUnderTest, database: str, folder: Path, copy: Path) -> tools.Completed:
    environment = {
        **variables(folder),
        "TOSPEC_RECORDS": str(folder / "records"),
        # Some tests wait for processes, so there are more workers than processors.
        "TOSPEC_WORKERS": str((os.cpu_count() or 1) + 2),
    }
    command: tuple[str | Path, ...] = (tree.python, "-m", "pytest", *_options(tree, folder))
    if database == POSTGRESQL:
        environment["TEST_DATABASE_URL"] = postgresql_url(tree)
        command = undisturbed(command)
    else:
        command = undisturbed(command, "TEST_DATABASE_URL")
    return tools.run(command, cwd=copy, timeout=_TIMEOUT, env=environment)


def _options(tree: TreeUnderTest, folder: Path) -> list[str]:
    options = ["-q", "--tb=short", "-p", "no:cacheprovider", "-p", "tospec_recorder"]
    if not tree.built:
        return options
    options += ["-p", "tospec_workers"]
    installed = tree.environment.distributions
    if "pytest-cov" in installed:
        options += [
            *(f"--cov={package}" for package in packages(tree)),
            f"--cov-config={folder / 'coverage.ini'}",
            f"--cov-report=json:{folder / 'coverage.json'}",
        ]
    return options


def packages(tree: TreeUnderTest) -> tuple[str, ...]:
    """Return the top-level packages of the application, in order."""
    own = {m.path.partition("/")[0] for m in tree.of_kind(Kind.APPLICATION) if "/" in m.path}
    return tuple(sorted(own))


def _fault(done: tools.Completed) -> str:
    if done.fault:
        return f"pytest did not end: {done.fault}"
    if done.code in {0, _SOME_FAILED}:
        return ""
    if done.code == _NO_TESTS:
        return f"pytest found no tests: {done.last_line}"
    why = _CODES.get(done.code, f"it ended with {done.code}")
    return f"pytest ran, and {why}: {done.last_line}"


def _coverage(file: Path) -> dict[str, Lines]:
    try:
        files = json.loads(file.read_text(encoding="utf-8"))["files"]
        return {path: _lines(measured) for path, measured in sorted(files.items())}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _lines(measured: Mapping[str, Any]) -> Lines:
    return Lines(
        total=int(measured["summary"]["num_statements"]),
        covered=int(measured["summary"]["covered_lines"]),
        missing=tuple(map(int, measured["missing_lines"])),
    )
