"""Circles among entities that make rows impossible, or deletes and policies endless."""

from collections.abc import Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Final

from tospec.model import Entity, OnDelete, Relation
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.problems import Problems

MOST_REPORTED: Final = 20

type Edges = dict[str, dict[str, Span]]
"""For each entity: those that it leads to, with the relation that does."""


def check_circles(entities: Iterable[Entity], problems: Problems) -> None:
    """Report circles of required relations, of cascading deletes and of inherited policies."""
    own = [entity for entity in entities if not entity.built_in]
    _report(
        _edges(own, _required),
        codes.REQUIRED_CYCLE,
        "Rows need each other, so that none could be the first",
        "Make one of the relations optional.",
        problems,
    )
    _report(
        _edges(own, _cascades),
        codes.CASCADE_CYCLE,
        "Deletes run in a circle",
        "Restrict one of the deletes.",
        problems,
    )
    _report(
        _edges(own, _inherits),
        codes.INHERITANCE_CYCLE,
        "Policies inherit from each other in a circle",
        "Write out the policy of one of them.",
        problems,
    )


def _required(entity: Entity, relation: Relation) -> bool:
    return not relation.many and not relation.optional and relation.to != entity.name


def _inherits(entity: Entity, relation: Relation) -> bool:
    return entity.policy is not None and entity.policy.inherit == relation.name


def _cascades(entity: Entity, relation: Relation) -> bool:
    of_tree = relation.tree is not None and relation.to == entity.name
    return not relation.many and relation.on_delete is OnDelete.CASCADE and not of_tree


def _edges(entities: Iterable[Entity], leads: Callable[[Entity, Relation], bool]) -> Edges:
    return {
        entity.name: {r.to: r.span for r in entity.relations if leads(entity, r)}
        for entity in entities
    }


def _report(edges: Edges, code: str, what: str, help_: str, problems: Problems) -> None:
    for _ in range(MOST_REPORTED):
        circle = _circle(edges)
        if not circle:
            return
        first = min(range(len(circle) - 1), key=lambda at: circle[at])
        turned = [*circle[first:-1], *circle[:first], circle[first]]
        span = edges[turned[0]].pop(turned[1])
        problems.add(code, span, f"{what}: {' → '.join(turned)}.", help_)


def _circle(edges: Edges) -> list[str]:
    """Return one circle, its first entity again at the end; nothing when there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return []
