"""Budgets: how fast a backend answers at a size and under a load."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What answers may cost a client when there are many rows and people.

    Attributes:
        table: The table of which a tenant has many rows.
        row: What paths call the id of such a row.
        users: How many people are at work at once.
        pause: Milliseconds that each of them waits between an answer and the next request.
        times: Operations, and for each its percentiles with the most milliseconds.
        paths: Where those are of them that tests prepare nothing for.
        largest: Most bytes of the body of an answer; None for as many as it takes.
    """

    name: str
    table: str
    row: str
    rows: int
    users: int
    pause: int
    times: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
    paths: tuple[tuple[str, str], ...]
    largest: int | None
    requirements: tuple[str, ...]
