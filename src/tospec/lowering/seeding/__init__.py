"""From a system to the example data of its backend."""

from tospec.lowering.seeding.kinds import seed_of

__all__ = ["seed_of"]
