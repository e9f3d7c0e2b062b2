"""How people sign in, stay signed in, are locked out, and lose what they had."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from tospec.model import System
from tospec.verify.base import PlannedCase
from tospec.verify.cases.sessions import (
    invitations,
    lockout,
    passwords,
    people,
    privileges,
    sight,
    tokens,
)
from tospec.verify.cases.sessions.common import NAME
from tospec.verify.probes.accounts import auth_of
from tospec.verify.probes.topics import Kind


def _planned(system: System) -> Iterator[PlannedCase]:
    if auth_of(system) is None:
        return iter(())
    modules = (tokens, lockout, passwords, people, privileges, sight, invitations)
    return chain.from_iterable(module.planned(system) for module in modules)


KIND: Final = Kind(NAME, _planned)
