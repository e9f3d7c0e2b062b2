"""The trace matrix: requirement → elements → files → operations → tests → verified cases.

A requirement is proven by what ran and passed on this very tree, and by nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tospec.evidence import Case, Outcome, TestResult, TestRun, Verification
from tospec.model.operations import Bulk, Operation
from tospec.model.system import Block, RequirementText, System


class State(StrEnum):
    """How far a requirement has come."""

    PROVEN = "proven"
    FAILING = "failing"
    UNTESTED = "untested"
    UNIMPLEMENTED = "unimplemented"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of the tree.

    Attributes:
        path: Relative to the tree, with `/`.
        origins: Requirements and spec items that it comes from.
        symbols: Classes and functions that it defines, in order.
    """

    path: str
    origins: tuple[str, ...]
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What was executed, and on what.

    Attributes:
        tree: Hash of the tree as it is now; evidence about another one is out of date.
        spec: Hash of the spec; a verification by another one says nothing.
        tests: The last run of the tree's own tests.
        verification: The last verification that was saved with the tree.
    """

    tree: str
    spec: str = ""
    tests: TestRun | None = None
    verification: Verification | None = None

    @property
    def current_tests(self) -> tuple[TestResult, ...]:
        """The tests that ran on this tree; none if the last run was on another."""
        return self.tests.tests if self.tests and self.tests.tree == self.tree else ()

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that the verifier put to this tree by this spec; none if it was another."""
        return self.verification.cases if self.verification and self.is_verified else ()

    @property
    def is_verified(self) -> bool:
        """Whether the verification is about this tree and this spec."""
        known = self.verification
        return known is not None and (known.tree, known.spec) == (self.tree, self.spec)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A requirement with everything that serves it."""

    requirement: RequirementText
    state: State
    elements: tuple[str, ...]
    files: tuple[SourceFile, ...]
    operations: tuple[str, ...]
    tests: tuple[TestResult, ...]
    cases: tuple[Case, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many of its tests and cases had an outcome."""
        outcomes = [*(test.outcome for test in self.tests), *(case.outcome for case in self.cases)]
        return outcomes.count(outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """Something that no requirement of the spec asks for.

    Attributes:
        kind: `element`, `file`, `test` or `case`.
    """

    kind: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The whole matrix, requirements in the spec's order."""

    requirements: tuple[Traced, ...]
    orphans: tuple[Orphan, ...] = field(default=())

    def count(self, state: State) -> int:
        """Return how many requirements are in a state."""
        return sum(each.state is state for each in self.requirements)


def trace_of(system: System, files: Sequence[SourceFile], executed: Executed) -> Trace:
    """Put together what serves each requirement, and what serves none.

    Args:
        system: The spec.
        files: The files of the tree, in order of path.
        executed: Evidence about this tree.
    """
    owners = _elements_by_requirement(system)
    tests = _by_requirement(executed.current_tests)
    cases = _by_requirement(executed.cases)
    traced = tuple(
        _traced(system, each, owners.get(each.id, ()), files, tests, cases)
        for each in system.requirements
    )
    return Trace(requirements=traced, orphans=tuple(_orphans(system, files, executed)))


def element_name(block: Block) -> str:
    """Return how files name the spec item that they come from: `entity:Task`, `roles`."""
    kind = "operation" if block.kind in {"command", "query", "bulk"} else block.kind
    return f"{kind}:{block.name}" if block.name else kind


def _asked(system: System) -> tuple[Operation | Bulk, ...]:
    return (*system.operations, *system.bulks)


def _elements_by_requirement(system: System) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for block in system.blocks:
        for requirement in block.requirements:
            found.setdefault(requirement, {})[element_name(block)] = None
    named = [
        *((f"operation:{each.name}", each.requirements) for each in _asked(system)),
        *((f"view:{each.name}", each.requirements) for each in system.views),
        *((f"error:{each.code}", each.requirements) for each in system.errors),
        *((f"event:{each.name}", each.requirements) for each in system.events),
    ]
    for name, requirements in named:
        for requirement in requirements:
            found.setdefault(requirement, {})[name] = None
    return {requirement: tuple(names) for requirement, names in found.items()}


def _by_requirement[Each: (TestResult, Case)](
    executed: Iterable[Each],
) -> Mapping[str, tuple[Each, ...]]:
    found: dict[str, list[Each]] = {}
    for each in executed:
        for requirement in dict.fromkeys(each.requirements):
            found.setdefault(requirement, []).append(each)
    return {requirement: tuple(each) for requirement, each in found.items()}


def _traced(
    system: System,
    requirement: RequirementText,
    elements: tuple[str, ...],
    files: Sequence[SourceFile],
    tests: Mapping[str, tuple[TestResult, ...]],
    cases: Mapping[str, tuple[Case, ...]],
) -> Traced:
    named = {requirement.id, *elements}
    served = tuple(file for file in files if named.intersection(file.origins))
    ran = tests.get(requirement.id, ())
    put = cases.get(requirement.id, ())
    return Traced(
        requirement=requirement,
        state=_state(elements, served, [*(t.outcome for t in ran), *(c.outcome for c in put)]),
        elements=elements,
        files=served,
        operations=tuple(o.name for o in _asked(system) if requirement.id in o.requirements),
        tests=ran,
        cases=put,
    )


def _state(elements: Sequence[str], files: Sequence[SourceFile], ran: Sequence[Outcome]) -> State:
    if Outcome.FAILED in ran:
        return State.FAILING
    if not elements or not files:
        return State.UNIMPLEMENTED
    return State.PROVEN if Outcome.PASSED in ran else State.UNTESTED


def _orphans(system: System, files: Sequence[SourceFile], executed: Executed) -> Iterable[Orphan]:
    known = {requirement.id for requirement in system.requirements}
    for block in system.blocks:
        if not block.requirements and block.kind not in {"system", "conventions", "authority"}:
            yield Orphan(kind="element", name=element_name(block), why="names no requirement")
    for file in files:
        unknown = [o for o in file.origins if o.startswith("REQ-") and o not in known]
        if unknown:
            yield Orphan(kind="file", name=file.path, why=f"serves {', '.join(unknown)}, unknown")
    ran = [("test", test.id, test.requirements) for test in executed.current_tests]
    ran += [("case", case.id, case.requirements) for case in executed.cases]
    for kind, name, requirements in ran:
        unknown = [requirement for requirement in requirements if requirement not in known]
        if unknown:
            yield Orphan(kind=kind, name=name, why=f"proves {', '.join(unknown)}, unknown")
