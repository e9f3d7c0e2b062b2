"""A lifecycle: its states in columns, its transitions as labelled curves."""

from collections.abc import Iterator

from tospec.model.entities import Lifecycle
from tospec.report.diagrams.drawing import box, curve, group, picture, text
from tospec.report.diagrams.layers import by_distance

_WIDTH, _HEIGHT = 132, 40
_COLUMN, _ROW = 240, 120
_MARGIN = 48

type _Places = dict[str, tuple[float, float]]


def lifecycle_svg(entity: str, lifecycle: Lifecycle) -> str:
    """Return the picture of a lifecycle.

    Args:
        entity: Name of the entity, for the label.
        lifecycle: Its states and transitions.
    """
    graph = {
        state: [t.target for t in lifecycle.transitions if state in t.sources]
        for state in lifecycle.states
    }
    columns = by_distance(graph, lifecycle.initial)
    places = _places(columns)
    rows = max(len(column) for column in columns)
    shapes = [*_moves(lifecycle, places), *_states(lifecycle, places)]
    width = 2 * _MARGIN + _COLUMN * (len(columns) - 1) + _WIDTH
    height = 2 * _MARGIN + _ROW * rows
    return picture(shapes, width, height, label=f"Lifecycle of {entity}")


def _places(columns: list[list[str]]) -> _Places:
    """Return the centre of each state."""
    rows = max(len(column) for column in columns)
    return {
        state: (
            _MARGIN + _WIDTH / 2 + at * _COLUMN,
            _MARGIN + _ROW * (row + 0.5 + (rows - len(column)) / 2),
        )
        for at, column in enumerate(columns)
        for row, state in enumerate(column)
    }


def _states(lifecycle: Lifecycle, places: _Places) -> Iterator[str]:
    for state, (x, y) in places.items():
        roles = ["state"]
        roles += ["initial"] if state == lifecycle.initial else []
        roles += ["terminal"] if state in lifecycle.terminal else []
        frame = box(x - _WIDTH / 2, y - _HEIGHT / 2, _WIDTH, _HEIGHT, role=" ".join(roles))
        yield group((frame, text(x, y + 5, state)), title=f"{state} ({', '.join(roles[1:])})")


def _moves(lifecycle: Lifecycle, places: _Places) -> Iterator[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for transition in lifecycle.transitions:
        for source in transition.sources:
            labels.setdefault((source, transition.target), []).append(transition.name)
    for (source, target), names in labels.items():
        yield group(_move(places[source], places[target], ", ".join(names)))


def _move(start: tuple[float, float], end: tuple[float, float], label: str) -> tuple[str, str]:
    (x, y), (to_x, to_y) = start, end
    if x < to_x:
        bend = 0 if to_x - x <= _COLUMN else -_ROW * 0.45 * (1 if y == to_y else 0)
        first, last = (x + _WIDTH / 2, y), (to_x - _WIDTH / 2, to_y)
        pull = (to_x - x) / 3
        controls = (first[0] + pull, y + bend * 1.6), (last[0] - pull, to_y + bend * 1.6)
    else:
        down = _HEIGHT / 2
        first, last = (x - 12, y + down), (to_x + 12, to_y + (down if to_y <= y else -down))
        drop = _ROW * (0.35 + 0.2 * (x - to_x) / _COLUMN)
        controls = (first[0], first[1] + drop), (last[0], last[1] + (drop if to_y <= y else -drop))
    middle = _middle(first, *controls, last)
    return curve((first, *controls, last), role="move"), text(*middle, label, role="label")


def _middle(*points: tuple[float, float]) -> tuple[float, float]:
    weights = (0.125, 0.375, 0.375, 0.125)
    x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, points, strict=True))
    return x, y - 5
