"""A crowd: people at work at once, each on a connection of their own."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final

from tospec.verify.base import Answer, Person, Request
from tospec.verify.wire.client import Wire
from tospec.verify.world import World, asked_to_wait, is_limited

_PATIENCE: Final = 4


class Crowd:
    """People who ask at once. Of what they do nothing is recorded: it is far too much.

    Attributes:
        people: Who takes part; they are told apart by their place in this list.
    """

    def __init__(self, world: World, people: Sequence[Person]) -> None:
        self.people = tuple(people)
        self._world = world
        self._wires = [Wire(world.target, world.limits) for _ in people]
        self._held_back = 0
        self._lock = Lock()

    @property
    def held_back(self) -> int:
        """How often the target limited how often somebody asks, and was waited for."""
        return self._held_back

    def send(self, number: int, request: Request) -> Answer:
        """Send a request of a person; one that is refused by a rate limit is sent again later.

        Raises:
            Unavailable: If it may not go out.
        """
        credentials = self._world.keyring.headers(self.people[number])
        for _ in range(_PATIENCE):
            answer = self._world.unrecorded(self._wires[number], request, credentials)
            wait = asked_to_wait(answer) if is_limited(answer) else None
            if wait is None:
                break
            with self._lock:
                self._held_back += 1
            time.sleep(wait)
        return answer

    def work(self, act: Callable[[int], None]) -> None:
        """Let everybody do their work side by side; returns when all have ended.

        Raises:
            Unavailable: If somebody's work raised it.
        """
        with ThreadPoolExecutor(len(self.people)) as pool:
            for _ in pool.map(act, range(len(self.people))):
                pass

    def disperse(self) -> None:
        """Close all connections; to be called when nobody works any longer."""
        for wire in self._wires:
            wire.close()
