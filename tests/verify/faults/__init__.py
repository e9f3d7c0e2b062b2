"""Planted faults: what a verifier that works finds in a backend that does not."""

from typing import Final

from tests.verify.faults import (
    accounts,
    bulks,
    concurrency,
    conditions,
    credentials,
    duties,
    excess,
    files,
    inputs,
    keys,
    lifecycle,
    limits,
    lists,
    moves,
    outcomes,
    paging,
    policy,
    protocol,
    records,
    relations,
    rules,
    sessions,
    tenancy,
    trail,
    validation,
    values,
    walls,
    wire,
)
from tests.verify.faults.base import Fault

__all__ = ["FAULTS", "Fault"]

FAULTS: Final[tuple[Fault, ...]] = (
    *tenancy.FAULTS,
    *policy.FAULTS,
    *lifecycle.FAULTS,
    *rules.FAULTS,
    *validation.FAULTS,
    *relations.FAULTS,
    *lists.FAULTS,
    *concurrency.FAULTS,
    *protocol.FAULTS,
    *accounts.FAULTS,
    *values.FAULTS,
    *records.FAULTS,
    *walls.FAULTS,
    *moves.FAULTS,
    *duties.FAULTS,
    *inputs.FAULTS,
    *paging.FAULTS,
    *conditions.FAULTS,
    *wire.FAULTS,
    *sessions.FAULTS,
    *credentials.FAULTS,
    *outcomes.FAULTS,
    *trail.FAULTS,
    *excess.FAULTS,
    *files.FAULTS,
    *keys.FAULTS,
    *bulks.FAULTS,
    *limits.FAULTS,
)
"""Every fault, class by class."""
