"""Cleaning up: removes what a run made, newest first, and says what is left."""

import re
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Final

from tospec.model.operations import Kind, Operation
from tospec.model.system import System
from tospec.verify.base import Answer, Person, Request, Unavailable
from tospec.verify.wire.exchange import Exchange, is_success
from tospec.verify.world import World

_ROUNDS: Final = 3
_MOST_ASKED: Final = 3
_GONE: Final = (404, 410)
_NEEDS_PRECONDITION: Final = (412, 428)
_REMOVALS: Final = ("RevokeInvitation", "DeleteWebhook")
_PARAMETER: Final = re.compile(r"\{[^}]*\}")
_ANYTHING: Final = (("if-match", "*"),)


def clean_up(world: World, jobs: int) -> tuple[str, ...]:
    """Remove what was made, newest first, and return what is left.

    It takes several rounds, since some objects hold others. What is refused nevertheless may be
    locked by its state, such as an archived project; then the actions of the spec are tried.

    Returns:
        One line for each kind of object that is left, and why.
    """
    cleaner = _Cleaner(world)
    with ThreadPoolExecutor(jobs) as pool:
        _remove_all(cleaner, pool)
        for action in cleaner.actions():
            list(pool.map(partial(cleaner.act, action), world.ledger.left()))
            _remove_all(cleaner, pool)
    return (*cleaner.rest(), *world.ledger.accounts())


def _remove_all(cleaner: "_Cleaner", pool: Executor) -> None:
    for _ in range(_ROUNDS):
        removed = 0
        for layer in _layers(cleaner.world):
            removed += sum(pool.map(cleaner.remove, layer))
        if not removed:
            return


def _layers(world: World) -> list[list[Exchange]]:
    """Return what is left, newest first: what refers to others goes before them."""
    depths = {entity.name: _depth(world.system, entity.name) for entity in world.system.entities}
    newest = world.ledger.left()[::-1]
    ordered = sorted(newest, key=lambda made: -depths[made.entity])
    return [list(layer) for _, layer in groupby(ordered, key=lambda made: depths[made.entity])]


def _depth(system: System, entity: str, above: tuple[str, ...] = ()) -> int:
    """Return how many entities an entity refers to in a row."""
    relations = (each for each in system.entity(entity).relations if not each.many)
    others = {each.to for each in relations} - {entity, *above}
    return 1 + max((_depth(system, other, (*above, entity)) for other in others), default=0)


@dataclass(slots=True)
class _Cleaner:
    """Removes objects. What cannot be removed is remembered with the first reason."""

    world: World
    _refusals: dict[str, str] = field(default_factory=dict)

    def remove(self, made: Exchange) -> bool:
        """Remove an object; return whether it is gone."""
        operation = self._removal(made.entity)
        if operation is None or made.request.person is None:
            self._refusals.setdefault(made.id, "no operation removes it")
            return False
        for person in self._people(operation, made.request.person):
            answer = self._asked(operation, made.id, person)
            if answer is None:
                self._refusals.setdefault(made.id, "not tried: no requests left, or no answers")
                return False
            if is_success(answer) or answer.status in _GONE:
                self.world.ledger.forget(made.id)
                return True
            self._refusals.setdefault(made.id, f"refused with {answer.fault or answer.status}")
        return False

    def act(self, action: Operation, made: Exchange) -> None:
        """Try an action on an object."""
        if action.entity == made.entity and made.request.person is not None:
            for person in self._people(action, made.request.person)[:1]:
                self._asked(action, made.id, person)

    def actions(self) -> list[Operation]:
        """Return the actions that need nothing but an object which is left."""
        left = {made.entity for made in self.world.ledger.left()}
        return [
            operation
            for operation in self.world.system.operations
            if operation.kind is Kind.ACTION
            and operation.entity in left
            and operation.path.count("{") == 1
            and all(each.optional or each.has_default for each in operation.input)
        ]

    def rest(self) -> Iterator[str]:
        """Yield what is left, by entity and reason."""
        left = [(made.entity, self._refusals.get(made.id, "")) for made in self.world.ledger.left()]
        for (entity, why), alike in groupby(sorted(left)):
            yield f"{len(list(alike))} {entity}: {why}"

    def _asked(self, operation: Operation, id_: str, person: Person) -> Answer | None:
        path = _PARAMETER.sub(lambda _: id_, operation.path)
        answer = self._sent(Request(method=operation.method, path=path, person=person), person)
        if answer is None or answer.status not in _NEEDS_PRECONDITION:
            return answer
        again = Request(method=operation.method, path=path, person=person, headers=_ANYTHING)
        return self._sent(again, person)

    def _sent(self, request: Request, person: Person) -> Answer | None:
        try:
            return self.world.clean(request, self.world.keyring.headers(person))
        except Unavailable:
            return None

    def _removal(self, entity: str) -> Operation | None:
        """Return the operation that removes an object by its id alone."""
        for operation in self.world.system.operations_of(entity):
            removes = operation.kind is Kind.DELETE or operation.name in _REMOVALS
            if removes and operation.path.count("{") == 1 and operation.path.endswith("}"):
                return operation
        return None

    def _people(self, operation: Operation, maker: Person) -> list[Person]:
        """Return who may be asked to remove it: first who made it, then others of the tenant."""
        permission = operation.permission
        roles = self.world.system.permission(permission).roles if permission else None
        others = [
            person
            for person in self.world.keyring.people()
            if person.tenant == maker.tenant and (roles is None or person.role in roles)
        ]
        others.sort(key=lambda person: (person != maker, person.number))
        return others[:_MOST_ASKED]
