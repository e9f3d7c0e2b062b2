"""Lists read to their end."""

from collections.abc import Sequence
from typing import Final

from tospec.verify.base import Answer, Json, Refused, Unavailable
from tospec.verify.oracle.contract import REST, told
from tospec.verify.oracle.steps import Step
from tospec.verify.scene.acting import Scene

OK: Final = 200
LARGEST_PAGE: Final = 200
_MOST_PAGES: Final = 100


def items_of(answer: Answer) -> list[Json]:
    """Return the items of a page.

    Raises:
        Unavailable: If the answer is no page.
    """
    body = answer.json
    items = body.get("items") if isinstance(body, dict) else body
    if answer.status != OK or not isinstance(items, list):
        raise Unavailable(f"the list gave {told(answer)}")
    return items


def next_of(answer: Answer) -> str | None:
    """Return the cursor of the next page; None on the last one."""
    found = answer.json.get("next") if isinstance(answer.json, dict) else None
    return found if isinstance(found, str) else None


def walk(
    scene: Scene,
    step: Step,
    query: Sequence[tuple[str, str]] = (),
    *,
    limit: int = LARGEST_PAGE,
) -> list[Json]:
    """Return all items of a list, page by page.

    Raises:
        Unavailable: If a page cannot be read, or there is no end of them.
        Refused: If the list is given, but not with that query.
    """
    found: list[Json] = []
    first = (*query, ("limit", str(limit)))
    asked = first
    for _ in range(_MOST_PAGES):
        answer = scene.take(step, query=asked)
        if query and not found:
            _require_offered(scene, step, query, answer)
        found += items_of(answer)
        cursor = next_of(answer)
        if cursor is None:
            return found
        asked = (*first, ("cursor", cursor))
    raise Unavailable(f"the list has no end after {_MOST_PAGES} pages")


def _require_offered(
    scene: Scene, step: Step, query: Sequence[tuple[str, str]], answer: Answer
) -> None:
    if answer.status == OK or not scene.system.has(REST):
        return
    plain = scene.take(step)
    if plain.status == OK:
        asked = "&".join("=".join(each) for each in query)
        raise Refused(str(OK), f"?{asked}: {told(answer)}", f"the plain list: {told(plain)}")


def ids_of(items: list[Json]) -> list[str]:
    """Return the ids of items, in order."""
    return [str(item.get("id")) for item in items if isinstance(item, dict)]
