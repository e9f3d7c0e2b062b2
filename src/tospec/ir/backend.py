"""A whole backend, before it has files."""

from dataclasses import dataclass

from tospec.ir.data import DataModel
from tospec.ir.logic import Logic


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """What a backend remembers, and what it does."""

    data: DataModel
    logic: Logic
