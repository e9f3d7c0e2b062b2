"""From a system to its backend."""

from tospec.ir.backend import Backend
from tospec.ir.places import Places
from tospec.lowering.cases.suite import suite_of
from tospec.lowering.data import data_of
from tospec.lowering.logic import logic_of
from tospec.lowering.seeding import seed_of
from tospec.model import System


def backend_of(system: System, places: Places) -> Backend:
    """Return the backend of a spec that passed assessment, laid out as `places` says."""
    data = data_of(system, places)
    logic = logic_of(system, data, places)
    seed, tests = seed_of(system, logic), suite_of(system)
    return Backend(data=data, logic=logic, seed=seed, tests=tests)
