"""Answers and systems for the tests of what probes conclude."""

import json
from dataclasses import replace
from typing import Any

from tospec.model import System
from tospec.verify.base import NOTHING, Answer


def answer(status: int = 200, body: Any = NOTHING, **headers: str) -> Answer:
    """Return an answer with a JSON body; names of headers have `_` for `-`."""
    return Answer(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=b"" if body is NOTHING else json.dumps(body).encode(),
        json=body,
        seconds=0.0,
    )


def foreign(system: System) -> System:
    """Return the system without the convention that fixes what answers look like."""
    kept = tuple(each for each in system.conventions if each != "rest-1")
    return replace(system, conventions=kept)
