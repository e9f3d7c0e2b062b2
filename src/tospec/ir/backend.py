"""A whole backend, before it has files."""

from dataclasses import dataclass

from tospec.ir.case_tables import Suite
from tospec.ir.data import DataModel
from tospec.ir.logic import Logic
from tospec.ir.seed import Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """What a backend remembers and does, what an example of it holds, and what proves it."""

    data: DataModel
    logic: Logic
    seed: Seed
    tests: Suite
