"""Spec mutants: the spec with one rule changed, held against the backend that keeps the old one."""

from collections.abc import Iterator

from tests.verify.mutants import (
    answers,
    bulks,
    fields,
    files,
    jobs,
    lifecycles,
    measures,
    roles,
    rows,
    speed,
)
from tests.verify.mutants.base import Mutant
from tospec.model import System

__all__ = ["Mutant", "mutants"]


def mutants(system: System) -> Iterator[Mutant]:
    """Yield every mutant of a spec, class by class."""
    yield from roles.mutants(system)
    yield from lifecycles.mutants(system)
    yield from fields.mutants(system)
    yield from files.mutants(system)
    yield from rows.mutants(system)
    yield from answers.mutants(system)
    yield from bulks.mutants(system)
    yield from measures.mutants(system)
    yield from speed.mutants(system)
    yield from jobs.mutants(system)
