"""What a budget says."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How fast answers come at a size and under a load.

    Attributes:
        table: The table of which a tenant has many rows.
        row: What paths call the id of such a row.
        users: How many people are at work at once.
        pause: Seconds that each of them waits between an answer and the next request.
        times: By operation: percentiles, and the most milliseconds for each.
        paths: Where those of them are that nothing has to be prepared for.
        largest: Most bytes of the body of an answer; None for as many as it takes.
    """

    name: str
    table: str
    row: str
    rows: int
    users: int
    pause: float
    times: Mapping[str, Mapping[int, int]]
    paths: Mapping[str, str]
    largest: int | None = None
