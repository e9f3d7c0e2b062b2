"""What a case is, and what it shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.history import History
from tests.faults.site import Site

type Act = Callable[[Site, int], "Outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a case shows.

    Attributes:
        injections: How often the fault came about, as is told by its traces.
        control: What shows that all would have been well without it.
        detection: Seconds until somebody saw that something was wrong; None if nobody has to.
        recovery: Seconds from the fault, or from its end, until all was done.
        bound: How many that may be.
        remark: What else it shows.
    """

    injections: int
    recovery: float
    bound: float
    control: str = ""
    detection: float | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case, and its size in the short and in the long run.

    Attributes:
        short: None for what takes too long for the tests.
        broker: Whether there is a Redis server.
        database: Settings of the database.
        obstacle: Tells why it cannot be run here; None if it can.
    """

    name: str
    act: Act
    short: int | None
    long: int
    broker: bool = True
    database: Mapping[str, str] = field(default_factory=dict)
    obstacle: Callable[[], str | None] = lambda: None


def seen(history: History, begun: float, ended: float) -> tuple[float | None, float]:
    """Return how long after `begun` something was first refused, and after `ended` last."""
    refused = [each.ended for each in history.after(begun) if each.is_refused_by_fault]
    if not refused:
        return None, 0.0
    return min(refused) - begun, max(0.0, max(refused) - ended)


def served(history: History, begun: float) -> str:
    """Return how much was served before a fault, which is the control of all that was not after."""
    count = sum(not each.is_refused_by_fault and each.ended < begun for each in history.operations)
    assert count > 0, "nothing was served before the fault"
    return f"{count} served before"
