"""The API that is served is the API that is written down."""

import json
from collections.abc import Iterator
from typing import Any, Final

from tospec.gate.api_document import PLACE, operations_of, read_operations
from tospec.gate.base import CannotRunError, Findings, Turn
from tospec.gate.planting import edit
from tospec.gate.serving import served
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest

_DIFFERS: Final = Rule("api-differs", "Build again, or run `make openapi` and review what changed.")
_SERVED: Final = "/openapi.json"
_OK: Final = 200
_MOST: Final = 50
# Where a service is reached is no part of its API.
_LEFT_OUT: Final = ("servers",)


def _judge(tree: TreeUnderTest) -> Findings:
    operations = operations_of(tree)
    written = json.loads(tree.content(PLACE) or b"{}")
    actual = _actual(tree)
    found = [_DIFFERS.at(PLACE, message) for message in _differences(written, actual, "")]
    total = len({each.id for each in (*operations, *read_operations(actual))})
    return Findings(
        candidates=total,
        checked=total,
        violations=tuple(found[:_MOST]),
        reason=f"{len(found)} differences" if len(found) > _MOST else "",
    )


def _actual(tree: TreeUnderTest) -> Any:
    seen = served(tree)
    status, body = seen.answers.get(_SERVED, (0, b""))
    if seen.fault or status != _OK:
        message = (
            f"The application does not serve {_SERVED}: {seen.fault or f'it answers {status}'}."
        )
        raise CannotRunError(message, "Mend what the gate serves reports.")
    try:
        return json.loads(body)
    except ValueError as fault:
        message = f"What is served at {_SERVED} is no JSON: {fault}."
        raise CannotRunError(message, "Mend it.") from fault


def _differences(written: Any, actual: Any, place: str) -> Iterator[str]:
    """Yield in what two documents differ, at the deepest places, in order."""
    if isinstance(written, dict) and isinstance(actual, dict):
        for name in sorted({*written, *actual} - ({*_LEFT_OUT} if not place else set())):
            inner = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in actual:
                yield f"{inner} is written down, and not served."
            elif name not in written:
                yield f"{inner} is served, and not written down."
            else:
                yield from _differences(written[name], actual[name], inner)
    elif isinstance(written, list) and isinstance(actual, list) and len(written) == len(actual):
        for number, pair in enumerate(zip(written, actual, strict=True)):
            yield from _differences(*pair, f"{place}/{number}")
    elif written != actual or type(written) is not type(actual):
        yield f"{place} is written down as {_shown(written)}, and served as {_shown(actual)}."


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _without_operation(text: str) -> str:
    document = json.loads(text)
    document["paths"].popitem()
    return json.dumps(document)


def _other_limit(text: str) -> str:
    return text.replace('"maxLength": ', '"maxLength": 1', 1)


GATE: Final = TreeGate(
    name="openapi",
    title="the API that is served is the one that is written down",
    looked_for="operations, written down or served",
    judge=_judge,
    paths=lambda tree: tree.paths,
    plants=(
        edit("operation", PLACE, _without_operation),
        edit("limit", PLACE, _other_limit),
    ),
    executed=True,
    turn=Turn.EARLY,
)
