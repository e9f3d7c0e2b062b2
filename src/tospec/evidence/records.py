"""The records of evidence: each is frozen, complete in itself, and written as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a gate, a test or a case. Only `passed` proves anything."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"


_WORST_FIRST = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.PASSED, Outcome.SKIPPED)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the verdict over several outcomes; nothing at all, or only skips, is inconclusive."""
    found = set(outcomes)
    verdict = next((outcome for outcome in _WORST_FIRST if outcome in found), Outcome.SKIPPED)
    return Outcome.INCONCLUSIVE if verdict is Outcome.SKIPPED else verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolVersion:
    """A tool that took part, such as `ruff` `0.17.5`."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing that a gate found wrong.

    Attributes:
        rule: Name of the rule in kebab-case, such as `swallowed-exception`.
        message: What is wrong.
        fix: What to do about it.
        path: File, relative to the tree, with `/`; empty when it is about no file.
        line: Line from 1; 0 when there is none.
        column: Column from 1; 0 when there is none.
    """

    rule: str
    message: str
    fix: str
    path: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What a gate looked for and saw.

    Attributes:
        gate: Name in kebab-case, such as `no-stubs`.
        title: What holds when it passes, for people.
        outcome: `failed` as well when it had nothing to check or could not run.
        reason: Why, when the violations do not say it; why it was skipped, when it was.
        looked_for: What counts as a candidate, in words.
        candidates: How many there were.
        checked: How many of them were checked.
        violations: What was wrong, in order of place.
        versions: The tools that took part.
        seconds: Wall-clock time that it took; of the first run, when it was reused.
        tree: Hash of the inputs that it judged.
        command: The command that repeats it.
        reused: Whether this is the evidence of an earlier run on the same inputs.
    """

    gate: str
    title: str
    outcome: Outcome
    looked_for: str
    candidates: int
    checked: int
    tree: str
    seconds: float
    command: str
    reason: str = ""
    violations: tuple[Violation, ...] = ()
    versions: tuple[ToolVersion, ...] = ()
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """An executed test.

    Attributes:
        id: pytest's node id, relative to the tree.
        requirements: Ids that the test names by its `requirement` marker.
        operations: Operations that it names by its `operation` marker.
        detail: The reason of a skip, or the last line of a failure.
    """

    id: str
    outcome: Outcome
    seconds: float
    requirements: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """A run of a tree's own tests. `tree` is the hash of the whole tree."""

    tree: str
    database: str
    seconds: float
    tests: tuple[TestResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """How to repeat a case by hand: `curl` lines with placeholders for secrets."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question that the verifier put to a running system.

    Attributes:
        id: Stable id, such as `role-matrix/StartTask/member/own`.
        kind: Kind of case, such as `role-matrix`.
        element: What of the spec it judges, such as `operation StartTask` or `field Task.title`.
        operation: Name of the operation asked, or empty.
        requirements: Ids that it speaks for.
        rule: What must hold, in words.
        expected: What was expected of the answer.
        got: What came back.
        control: Id of the positive control that makes it meaningful; empty for positive cases.
        reference: Where the rule comes from: place in the spec, or a standard.
        replay: The requests that show it.
        detail: Why it is inconclusive or skipped.
    """

    id: str
    kind: str
    element: str
    rule: str
    outcome: Outcome
    operation: str = ""
    requirements: tuple[str, ...] = ()
    expected: str = ""
    got: str = ""
    control: str = ""
    reference: str = ""
    replay: Replay = Replay(lines=())
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often an element of the spec was judged by a kind of case, by outcome."""

    element: str
    kind: str
    passed: int
    failed: int
    inconclusive: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A run of the verifier against one target.

    Attributes:
        spec: Hash of the spec.
        target: Base URL, without credentials.
        seed: Seed of everything that was chosen by chance.
        complete: Whether every planned case ran; false when interrupted or over budget.
        requests: Requests sent.
        uncovered: Elements that no passed or failed case judged, with the reason.
        reason: Why the outcome is what it is, where the cases do not say it.
        leftovers: What was made at the target and could not be removed.
    """

    spec: str
    system: str
    target: str
    seed: int
    complete: bool
    requests: int
    seconds: float
    outcome: Outcome
    cases: tuple[Case, ...]
    coverage: tuple[Coverage, ...] = ()
    uncovered: tuple[str, ...] = ()
    reason: str = ""
    tree: str = ""
    leftovers: tuple[str, ...] = ()
