"""Layered layout: which column a node stands in, and in which order within it."""

from collections.abc import Mapping, Sequence

type Graph = Mapping[str, Sequence[str]]
"""By node, in the order of the spec: the nodes that its edges lead to."""

_SWEEPS = 4


def by_distance(graph: Graph, start: str) -> list[list[str]]:
    """Return columns of nodes by their distance from a start; unreachable ones come last."""
    seen = {start: 0}
    front = [start]
    while front:
        following = [each for node in front for each in graph.get(node, ()) if each not in seen]
        front = list(dict.fromkeys(following))
        seen.update({node: max(seen.values()) + 1 for node in front})
    last = max(seen.values())
    depth = {node: seen.get(node, last + 1) for node in graph}
    return _ordered(graph, depth)


def by_dependency(graph: Graph) -> list[list[str]]:
    """Return columns of nodes such that edges lead to earlier ones, as far as cycles allow."""
    depth: dict[str, int] = {}

    def visit(node: str, path: frozenset[str]) -> int:
        if node not in depth:
            others = (each for each in graph[node] if each in graph and each not in path)
            depths = [visit(each, path | {each}) for each in others]
            depth[node] = max(depths, default=-1) + 1
        return depth[node]

    for node in graph:
        visit(node, frozenset({node}))
    return _ordered(graph, depth)


def _ordered(graph: Graph, depth: Mapping[str, int]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in graph:
        columns[depth[node]].append(node)
    columns = [column for column in columns if column]
    for _ in range(_SWEEPS):
        _untangle(columns, graph)
    return columns


def _untangle(columns: Sequence[list[str]], graph: Graph) -> None:
    """Put each node of a column near the middle of its neighbours in the other columns."""
    place = {node: at / len(column) for column in columns for at, node in enumerate(column)}
    near: dict[str, list[str]] = {node: list(graph[node]) for node in graph}
    for node, others in graph.items():
        for other in others:
            near.get(other, []).append(node)
    for column in columns:
        middle = {
            node: _mean([place[each] for each in near[node] if each in place], place[node])
            for node in column
        }
        column.sort(key=middle.__getitem__)
        place.update({node: at / len(column) for at, node in enumerate(column)})


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
