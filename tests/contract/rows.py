"""The rows of the contract, and the cases and tests that prove each of them."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("rows.toml")
_PARAMETERS: Final = re.compile(r"\[.*\]$", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A promise.

    Attributes:
        cases: Ids of cases of the verifier; `*` stands for any text.
        built: Tests of the built example, as pytest names them, without parameters.
        tool: Tests of tospec, or files of them.
        only: The one database that it is about; empty for each.
        absent: What the example has not, and the row is about; empty if it has.
        declined: Why the backend does otherwise; empty if it does not.
    """

    id: str
    title: str
    cases: tuple[str, ...] = ()
    built: tuple[str, ...] = ()
    tool: tuple[str, ...] = ()
    only: str = ""
    absent: str = ""
    declined: str = ""

    @property
    def is_security(self) -> bool:
        """Whether it is about an attack."""
        return self.id.startswith("S-")

    @property
    def is_proven(self) -> bool:
        """Whether there is something to run."""
        return bool(self.cases or self.built or self.tool)

    def cases_among(self, ids: Iterable[str]) -> list[str]:
        """Return the ids that are meant by its cases."""
        return [id_ for id_ in ids if any(fnmatchcase(id_, meant) for meant in self.cases)]


def rows() -> tuple[Row, ...]:
    """Return all rows in their order."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Row(id=id_, **_frozen(row)) for id_, row in told.items())


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def named(tests: Iterable[tuple[str, ...]]) -> list[str]:
    """Return each test that rows name, once."""
    return sorted({name for each in tests for name in each})


def collected(folder: Path, tests: Sequence[str]) -> set[str]:
    """Return the tests that pytest finds in the files of `tests`, without parameters.

    Raises:
        AssertionError: If pytest cannot read them.
    """
    files = sorted({name.partition("::")[0] for name in tests})
    quietly = ["-p", "no:cacheprovider", "-p", "no:xdist", "--collect-only", "-q", "-o", "addopts="]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quietly, *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    lines = (line for line in done.stdout.splitlines() if "::" in line)
    found = {_PARAMETERS.sub("", line) for line in lines}
    return found | {line.partition("::")[0] for line in found}
