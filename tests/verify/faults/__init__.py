"""Planted faults: what a verifier that works finds in a backend that does not."""

from typing import Final

from tests.verify.faults import (
    accounts,
    concurrency,
    excess,
    lifecycle,
    lists,
    policy,
    protocol,
    records,
    relations,
    rules,
    tenancy,
    validation,
    values,
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
    *excess.FAULTS,
)
"""Every fault, class by class."""
