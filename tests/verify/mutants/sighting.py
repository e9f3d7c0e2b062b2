"""The search for what a spec mutant changed, at a backend that keeps the old rule."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from tests.verify.mutants.base import Mutant
from tests.verify.putting import Plan
from tospec.evidence import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What became of a mutant.

    Attributes:
        by: Cases that noticed it; none if it survived.
        trouble: Why the mutant could not be judged; empty when it could.
    """

    id: str
    category: str
    unobservable: str
    by: tuple[Case, ...]
    seconds: float
    trouble: str = ""

    def __str__(self) -> str:
        """Return one line of it."""
        return f"{self.id}: {self.by[0].id if self.by else self.unobservable or 'survived'}"


def sight(mutant: Mutant, url: str, *, alarms: Collection[str] = ()) -> Sighting:
    """Put the cases of a mutant to the backend at `url` until one notices the change.

    Args:
        mutant: The changed spec.
        url: The backend of the spec as it was.
        alarms: Cases that fail without any change, and so notice nothing.
    """
    began = time.monotonic()
    failed: tuple[Case, ...] = ()
    trouble = ""
    try:
        plan = Plan.of(mutant.system, mutant.kinds)
        failed = plan.search(url, plan.of_kinds(mutant.kinds, mutant.about), alarms=alarms)
    except Exception as fault:
        trouble = f"{type(fault).__name__}: {fault}"
    return Sighting(
        id=mutant.id,
        category=mutant.category,
        unobservable=mutant.unobservable,
        by=failed,
        seconds=time.monotonic() - began,
        trouble=trouble,
    )
