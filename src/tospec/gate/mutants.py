"""A built tree with one fault: each breaks one promise that its tests must hold it to."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tospec.gate.modules import Kind, Module
from tospec.gate.mutators import MUTATORS, Mutator
from tospec.gate.tree import TreeUnderTest


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A tree with one fault.

    Attributes:
        name: Name in kebab-case, with the file it is in.
        message: What is wrong in it, in words.
        text: The file with the fault.
        tests: Where the tests are that should notice it; empty for anywhere.
    """

    name: str
    message: str
    path: str
    line: int
    text: str
    tests: tuple[str, ...]


def mutants_of(tree: TreeUnderTest) -> tuple[tuple[Mutant, ...], tuple[str, ...]]:
    """Return the mutants of a tree, and the names of the ways that should have found a place."""
    found: list[Mutant] = []
    missing: list[str] = []
    for mutator in MUTATORS:
        mutant = next(_mutants(tree, mutator), None)
        if mutant is not None:
            found.append(mutant)
        elif mutator.always:
            missing.append(mutator.name)
    return tuple(found), tuple(missing)


def _mutants(tree: TreeUnderTest, mutator: Mutator) -> Iterator[Mutant]:
    for module in _places(tree, mutator):
        for node, replacement in mutator.find(module):
            yield Mutant(
                name=f"{mutator.name} ({module.path}:{node.lineno})",
                message=mutator.message,
                path=module.path,
                line=node.lineno,
                text=_replaced(module.text, node, replacement),
                tests=_hinted(tree, mutator, module),
            )


def _places(tree: TreeUnderTest, mutator: Mutator) -> list[Module]:
    """Return the files that may have what is changed; first those that have tests of their own."""
    modules = tree.of_kind(Kind.APPLICATION)
    found = [each for each in modules if mutator.folder in each.path.split("/")[:-1]]
    importers = Counter(
        origin.rpartition(".")[0] for each in modules for origin in set(each.origins.values())
    )
    return sorted(
        found,
        key=lambda module: (
            len(mutator.tests) - len(_hinted(tree, mutator, module)),
            -importers[module.name] if mutator.central else 0,
            module.path,
        ),
    )


def _hinted(tree: TreeUnderTest, mutator: Mutator, module: Module) -> tuple[str, ...]:
    file = module.path.rpartition("/")[2]
    named = (each.format(file) for each in mutator.tests)
    return tuple(each for each in named if (tree.root / each).exists())


def _replaced(text: str, node: ast.expr | ast.stmt, replacement: str) -> str:
    """Return a text with a node written differently."""
    lines = text.encode().split(b"\n")
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before = b"\n".join([*lines[:first], lines[first][: node.col_offset]])
    after = b"\n".join([lines[last][node.end_col_offset :], *lines[last + 1 :]])
    return b"".join((before, replacement.encode(), after)).decode()
