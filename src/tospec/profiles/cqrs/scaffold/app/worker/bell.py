"""Wakes the workers of this process as soon as there is something to do."""

import asyncio
from typing import Final
from weakref import WeakSet

_listening: Final[WeakSet[asyncio.Event]] = WeakSet()


def listen() -> asyncio.Event:
    """Return an event that is set whenever the bell is rung, as long as somebody holds it."""
    event = asyncio.Event()
    _listening.add(event)
    return event


def ring() -> None:
    """Tell the workers of this process that a job was queued; those of others find it soon."""
    for event in _listening:
        event.set()
