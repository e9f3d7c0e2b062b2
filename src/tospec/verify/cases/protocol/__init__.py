"""The rules of HTTP and of its bodies, path by path: methods, paths, queries, media types, JSON."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from tospec.model import System
from tospec.verify.base import PlannedCase
from tospec.verify.cases.protocol import bodies, methods, negotiation, order, paths, queries
from tospec.verify.cases.protocol.common import NAME
from tospec.verify.probes.topics import Kind


def _planned(system: System) -> Iterator[PlannedCase]:
    modules = (methods, paths, queries, negotiation, bodies, order)
    return chain.from_iterable(module.planned(system) for module in modules)


KIND: Final = Kind(NAME, _planned)
