"""Situations that were worked out before, for whoever asks again about the same system."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Final
from weakref import WeakValueDictionary

from tospec.model import Operation, System
from tospec.verify.oracle.goals import Plot
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.world import Somebody

_MOST: Final = 30_000
"""So many situations take about a hundred megabytes; one run of fifty operations asks for fewer."""
_SPELLED: Final = (Decimal, datetime, dict, list)
"""Types whose equal values may be spelled differently, or have no hash."""

type _Key = tuple[object, ...]


class Memory:
    """Situations of one system, those that were asked for last; for many threads.

    Planners of different cases try the same choices again and again, and a situation depends on
    nothing but the operation, on who acts, and on what is chosen.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self._known: OrderedDict[_Key, Plot | None] = OrderedDict()
        self._lock = Lock()

    def situation(
        self, operation: Operation, me: Somebody, choices: Choices, make: Callable[[], Plot | None]
    ) -> Plot | None:
        """Return the situation that is known, or what `make` gives."""
        key = (operation.name, me, *map(_plain, choices.items()))
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        return self._kept(key, make())

    def _kept(self, key: _Key, plot: Plot | None) -> Plot | None:
        with self._lock:
            self._known[key] = plot
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return plot


def memory_of(system: System) -> Memory:
    """Return the memory of a system, which lasts as long as somebody holds it."""
    with _LOCK:
        known = _IN_USE.get(id(system))
        if known is None:
            known = _IN_USE[id(system)] = Memory(system)
        return known


def _plain(choice: tuple[object, object]) -> _Key:
    place, value = choice
    return place, type(value), repr(value) if isinstance(value, _SPELLED) else value


_LOCK: Final = Lock()
_IN_USE: Final[WeakValueDictionary[int, Memory]] = WeakValueDictionary()
"""By the identity of the system: a memory holds its system, so no other one can have it."""
