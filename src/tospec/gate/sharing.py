"""Work that several gates need, done once for each tree."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from tospec.gate.tree import TreeUnderTest


class Shared:
    """What was done for each tree; who comes second waits for who came first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: WeakKeyDictionary[TreeUnderTest, dict[str, _Once]] = WeakKeyDictionary()

    def once[Result](self, tree: TreeUnderTest, name: str, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, or raise what it raises, and do it once for a tree and name.

        Args:
            tree: What the work is about.
            name: Tells different works on one tree apart.
            work: Done by whoever asks first.
        """
        with self._lock:
            works = self._done.setdefault(tree, {})
            once = works.setdefault(name, _Once())
        return cast("Result", once.result(work))


class _Once:
    def __init__(self) -> None:
        self._lock = Lock()
        self._done = False
        self._result: Any = None
        self._fault: Exception | None = None

    def result(self, work: Callable[[], Any]) -> Any:
        with self._lock:
            if not self._done:
                self._do(work)
            if self._fault is not None:
                raise self._fault
            return self._result

    def _do(self, work: Callable[[], Any]) -> None:
        try:
            self._result = work()
        except Exception as fault:
            # Everybody who asks for it has to learn of it.
            self._fault = fault
        self._done = True


SHARED: Final = Shared()
