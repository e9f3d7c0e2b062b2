"""What a gate is made of: what it looks for, what it found, and how one sees that it works."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol

from tospec.errors import TospecError
from tospec.evidence import TestRun, ToolVersion, Violation
from tospec.gate.tree import TreeUnderTest


class Needs(StrEnum):
    """Which trees a gate can judge."""

    ANY = "any"
    BUILT = "built"


class Turn(IntEnum):
    """When a gate is started, so that the last of them does not run alone.

    Attributes:
        FIRST: It takes longest: it runs tests.
        EARLY: It runs a program, or the tree itself.
        USUAL: It looks at files.
        LAST: It judges by what the tests left, and waits for them.
    """

    FIRST = 0
    EARLY = 1
    USUAL = 2
    LAST = 3


class CannotRunError(TospecError):
    """A gate could not do its work; it fails, and this message is the reason."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a gate saw.

    It passed if there was something to check, all of it was checked, and there is neither a
    violation nor a reason.

    Attributes:
        candidates: How many things the tree has of what the gate looks for.
        checked: How many of them were judged.
        violations: What was wrong, in any order.
        versions: The tools that took part, beside tospec and the tree's interpreter.
        reason: Why it fails, when the violations do not say it.
        note: What is worth knowing although it is no fault.
        records: Further records to be kept beside the evidence, by name.
    """

    candidates: int
    checked: int
    violations: tuple[Violation, ...] = ()
    versions: tuple[ToolVersion, ...] = ()
    reason: str = ""
    note: str = ""
    records: Mapping[str, TestRun] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A planted violation that a gate must reject.

    Attributes:
        name: Name in kebab-case, unique in its gate.
        plant: Plants it in a throw-away copy of the tree, whose root it is given.
    """

    name: str
    plant: Callable[[Path], None]


class Gate(Protocol):
    """One quality that a tree must have. Gates are frozen values without state."""

    @property
    def name(self) -> str:
        """Name in kebab-case, such as `no-stubs`."""

    @property
    def title(self) -> str:
        """What holds when it passes, for people."""

    @property
    def looked_for(self) -> str:
        """What counts as a candidate, in words."""

    @property
    def needs(self) -> Needs:
        """Which trees it can judge."""

    @property
    def executed(self) -> bool:
        """Whether it runs the tree's code."""

    @property
    def turn(self) -> Turn:
        """When it is started."""

    def applies(self, tree: TreeUnderTest) -> str:
        """Return why the gate has nothing to say about this tree; empty when it has."""

    def inputs(self, tree: TreeUnderTest) -> Iterable[str]:
        """Return the paths of the files that the judgement depends on."""

    def run(self, tree: TreeUnderTest) -> Findings:
        """Judge the tree, and change nothing in it.

        Raises:
            CannotRunError: If it cannot do its work here.
        """

    def canaries(self) -> tuple[Canary, ...]:
        """Return what the gate must reject; at least one."""
