"""Measures: what they count, and which there are."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, mutant
from tospec.expression import Aggregate, Tally, paths
from tospec.model import Computed, System, View

_OTHERS = {Tally.MEDIAN: (Tally.MIN, Tally.MAX), Tally.MIN: (Tally.MAX,), Tally.MAX: (Tally.MIN,)}


def mutants(system: System) -> Iterator[Mutant]:
    """Change what is measured."""
    for view in system.views:
        for change, measures in _changes(view):
            changed = replace(view, measures=measures)
            views = tuple(changed if each is view else each for each in system.views)
            yield mutant(
                "measures",
                f"view {view.name}",
                change,
                replace(system, views=views),
                kinds="measures computed answers openapi scenarios",
                about=(view.name.removesuffix("View"), "document", "statistics"),
            )


def _changes(view: View) -> Iterator[tuple[str, tuple[Computed, ...]]]:
    for measure in view.measures:
        others = tuple(each for each in view.measures if each is not measure)
        if others:
            yield f"without {measure.name}", others
        for other in others:
            if _can_differ(measure, other):
                swapped = replace(measure, value=other.value)
                yield f"{measure.name} is {other.name}", (*others, swapped)
        for changed, how in _otherwise(measure):
            yield f"{measure.name} is the {how}", (*others, changed)


def _can_differ(one: Computed, other: Computed) -> bool:
    """Whether clients can make rows for which two measures of one type differ.

    Those that read the same members differ by what no client can wait for: how long ago it was.
    """
    trees = (one.value.tree, other.value.tree)
    first, second = ([path.key for path in paths(tree)] for tree in trees)
    return trees[0].type == trees[1].type and first != second


def _otherwise(measure: Computed) -> Iterator[tuple[Computed, str]]:
    tree = measure.value.tree
    if isinstance(tree.root, Aggregate):
        for tally in _OTHERS.get(tree.root.tally, ()):
            root = replace(tree.root, tally=tally)
            value = replace(measure.value, tree=replace(tree, root=root))
            yield replace(measure, value=value), tally.value
