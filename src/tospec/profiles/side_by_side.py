"""Using all processors for work that knows nothing of its neighbours."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

_WORTH_IT: Final = 500
"""Below, starting processes takes longer than they save."""

_CHUNK: Final = 32

_shared: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def mapped[Given, Made](make: Callable[[Given], Made], items: Sequence[Given]) -> list[Made]:
    """Return what a function makes of each item, in their order.

    Other processes take part only where they start as copies of this one, which saves them from
    learning what it knows; whether they do changes nothing about the outcome.
    """
    workers = _workers() if len(items) >= _WORTH_IT else 1
    if workers == 1:
        return [make(item) for item in items]
    global _shared  # noqa: PLW0603 - how a copy of this process finds the work
    _shared = (make, items)
    try:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            return pool.map(_made, range(len(items)), chunksize=_CHUNK)
    finally:
        _shared = None


def _workers() -> int:
    """Return how many copies of this process may work; a copy of threads is not to be trusted."""
    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" and alone else 1


def _made(index: int) -> Any:
    if _shared is None:
        message = "this process is no copy of one that has work"
        raise RuntimeError(message)
    make, items = _shared
    return make(items[index])
