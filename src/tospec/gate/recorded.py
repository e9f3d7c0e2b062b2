"""What `inside/tospec_recorder.py` wrote, read with suspicion: the tree's code ran beside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tospec.evidence import Outcome

_OUTCOMES: Final = {each.value: each for each in Outcome}
_LARGEST: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request that a test made, and how it was answered.

    Attributes:
        read: Whether somebody read the body of the answer.
    """

    method: str
    path: str
    status: int
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A test that ran.

    Attributes:
        id: pytest's node id.
        detail: Why it failed or was skipped.
        unconditional: Whether it has a `skip` marker, which no condition lifts.
        requirements: What its `requirement` markers name.
        operations: What its `operation` markers name.
        exchanges: What it asked over HTTP.
    """

    id: str
    outcome: Outcome
    seconds: float
    detail: str = ""
    unconditional: bool = False
    requirements: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @property
    def path(self) -> str:
        """Its file."""
        return self.id.partition("::")[0]

    @property
    def function(self) -> str:
        """Its function, with its class: its id without what it is parametrized by."""
        return self.id.partition("[")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncollected:
    """A file, or a part of one, whose tests pytest did not collect."""

    id: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All that the processes of one run wrote.

    Attributes:
        tests: What ran, in order of id.
        collected: The ids of all tests that pytest found.
        removed: Those of them that a plugin or an option took out again.
        uncollected: What could not be collected, or was skipped as a whole.
        narrowed: The options in force that make pytest run fewer tests.
    """

    tests: tuple[Ran, ...] = ()
    collected: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    uncollected: tuple[Uncollected, ...] = ()
    narrowed: Mapping[str, str] = field(default_factory=dict)


def read_records(folder: Path) -> Records:
    """Read what the recorders of a run wrote into a folder; what makes no sense is left out."""
    tests: dict[str, Ran] = {}
    collected: set[str] = set()
    removed: set[str] = set()
    uncollected: dict[str, Uncollected] = {}
    narrowed: dict[str, str] = {}
    for document in _documents(folder):
        match document:
            case {"kind": "test"}:
                ran = _ran(document)
                tests[ran.id] = ran
            case {"kind": "collected", "tests": list(found), "removed": list(gone)}:
                collected.update(map(str, found))
                removed.update(map(str, gone))
            case {"kind": "uncollected", "id": str(place)}:
                uncollected[place] = _uncollected(document)
            case {"kind": "options", "narrowed": dict(options)}:
                narrowed.update({str(name): str(value) for name, value in options.items()})
    return Records(
        tests=tuple(tests[name] for name in sorted(tests)),
        collected=frozenset(collected),
        removed=frozenset(removed),
        uncollected=tuple(uncollected[place] for place in sorted(uncollected)),
        narrowed=dict(sorted(narrowed.items())),
    )


def _documents(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        if file.stat().st_size > _LARGEST:
            continue
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    document = json.loads(line)
                except ValueError:
                    # The last line of a process that was ended while it wrote.
                    continue
                if isinstance(document, dict):
                    yield document


def _ran(document: Mapping[str, Any]) -> Ran:
    return Ran(
        id=str(document.get("id", "")),
        outcome=_OUTCOMES.get(str(document.get("outcome")), Outcome.FAILED),
        seconds=float(document.get("seconds") or 0.0),
        detail=str(document.get("detail", "")),
        unconditional=document.get("unconditional") is True,
        requirements=tuple(map(str, document.get("requirements") or ())),
        operations=tuple(map(str, document.get("operations") or ())),
        exchanges=tuple(map(_exchange, document.get("exchanges") or ())),
    )


def _exchange(members: list[Any]) -> Exchange:
    method, path, status, read = members
    return Exchange(method=str(method), path=str(path), status=int(status), read=read is True)


def _uncollected(document: Mapping[str, Any]) -> Uncollected:
    return Uncollected(
        id=str(document["id"]),
        outcome=_OUTCOMES.get(str(document.get("outcome")), Outcome.FAILED),
        detail=str(document.get("detail", "")),
    )
