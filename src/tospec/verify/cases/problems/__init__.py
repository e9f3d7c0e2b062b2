"""Each refusal is a problem document that says what, and nothing of the inside."""

from collections.abc import Iterator
from typing import Final

from tospec.model import System
from tospec.verify.base import PlannedCase
from tospec.verify.cases.problems import bodies, situations
from tospec.verify.cases.problems.inspection import NAME
from tospec.verify.probes.topics import Kind


def _planned(system: System) -> Iterator[PlannedCase]:
    yield from situations.planned(system)
    yield from bodies.planned(system)


KIND: Final = Kind(NAME, _planned)
