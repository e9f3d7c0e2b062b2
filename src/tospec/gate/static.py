"""Gates that judge Python files by reading them."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import Canary, Findings, Needs, Turn
from tospec.gate.modules import Kind, Module, kind_of
from tospec.gate.tree import TreeUnderTest

OWN_CODE: Final = (Kind.APPLICATION,)
ALL_CODE: Final = (Kind.APPLICATION, Kind.SCRIPT, Kind.MIGRATION, Kind.TEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a gate saw in one file."""

    candidates: int
    violations: tuple[Violation, ...] = ()


type Judge = Callable[[Module, TreeUnderTest], Judged]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleGate:
    """A gate whose judgement is the sum of its judgements on Python files.

    Attributes:
        judge: Judges one file; the tree is for what stands in other files.
        plants: Its canaries.
        kinds: The kinds of files that it judges.
    """

    name: str
    title: str
    looked_for: str
    judge: Judge
    plants: tuple[Canary, ...]
    kinds: tuple[Kind, ...] = OWN_CODE
    needs: Needs = Needs.ANY
    executed: bool = False
    turn: Turn = Turn.USUAL

    def applies(self, tree: TreeUnderTest) -> str:
        """Return that it always applies."""
        return ""

    def inputs(self, tree: TreeUnderTest) -> tuple[str, ...]:
        """Return the Python files of its kinds."""
        return tuple(path for path in tree.python_paths if kind_of(path) in self.kinds)

    def run(self, tree: TreeUnderTest) -> Findings:
        """Judge each file."""
        judged = [self.judge(module, tree) for module in tree.of_kind(*self.kinds)]
        total = sum(each.candidates for each in judged)
        found = tuple(violation for each in judged for violation in each.violations)
        return Findings(candidates=total, checked=total, violations=found)

    def canaries(self) -> tuple[Canary, ...]:
        """Return its canaries."""
        return self.plants


def _always(_: TreeUnderTest) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeGate:
    """A gate that judges a tree as a whole.

    Attributes:
        judge: Judges the tree.
        paths: Returns the files that the judgement depends on.
        plants: Its canaries.
        why_not: Returns why it has nothing to say about a tree; empty when it has.
    """

    name: str
    title: str
    looked_for: str
    judge: Callable[[TreeUnderTest], Findings]
    paths: Callable[[TreeUnderTest], Iterable[str]]
    plants: tuple[Canary, ...]
    why_not: Callable[[TreeUnderTest], str] = _always
    needs: Needs = Needs.BUILT
    executed: bool = False
    turn: Turn = Turn.USUAL

    def applies(self, tree: TreeUnderTest) -> str:
        """Return why it has nothing to say about the tree."""
        return self.why_not(tree)

    def inputs(self, tree: TreeUnderTest) -> Iterable[str]:
        """Return the files that the judgement depends on."""
        return self.paths(tree)

    def run(self, tree: TreeUnderTest) -> Findings:
        """Judge the tree."""
        return self.judge(tree)

    def canaries(self) -> tuple[Canary, ...]:
        """Return its canaries."""
        return self.plants


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a gate: its name, and what to do about a violation of it."""

    name: str
    fix: str

    def broken(self, module: Module, node: ast.AST, message: str) -> Violation:
        """Return a violation at a node."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        return self.at(module.path, message, line, column)

    def at(self, path: str, message: str, line: int = 0, column: int = 0) -> Violation:
        """Return a violation at a place."""
        return Violation(
            rule=self.name, message=message, fix=self.fix, path=path, line=line, column=column
        )


def judged(candidates: int, violations: Iterable[Violation]) -> Judged:
    """Return a judgement."""
    return Judged(candidates=candidates, violations=tuple(violations))
