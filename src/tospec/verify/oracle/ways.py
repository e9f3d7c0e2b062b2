"""What rows need so that they can be brought into a state, wherever in a situation they are."""

from collections.abc import Iterator
from threading import RLock
from typing import TYPE_CHECKING

from tospec.model import Entity
from tospec.verify.oracle.goals import Goal, done
from tospec.verify.oracle.reading import Place, target_of
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.world import Somebody

if TYPE_CHECKING:
    from tospec.verify.oracle.planning import Planner


class Ways:
    """Ways into states, each found once.

    Args:
        planner: Finds situations in which the last move of a way succeeds.
    """

    def __init__(self, planner: "Planner") -> None:
        self._planner = planner
        self._known: dict[tuple[str, object, str], Choices] = {}
        # Whoever asks while another one looks for a way must not take it for none.
        self._looking = RLock()

    def of(self, me: Somebody, entity: Entity, choices: Choices) -> Choices:
        """Return what has to be chosen so that rows can come into the states that are chosen.

        Args:
            me: Who acts.
            entity: What the situation is about.
            choices: What was chosen about it.
        """
        return dict(self._all(me, entity, choices))

    def _all(
        self, me: Somebody, entity: Entity, choices: Choices
    ) -> Iterator[tuple[Place, object]]:
        for place, state in choices.items():
            owner = None if place[0].startswith("@") else self._owner(entity, place)
            if owner is not None and place[-1] == owner.state_field:
                for end, value in self._into(owner, state, me).items():
                    if not end[0].startswith("@"):
                        yield (*place[:-1], *end), value

    def _owner(self, entity: Entity, place: Place) -> Entity | None:
        owner: Entity | None = entity
        for name in place[:-1]:
            owner = target_of(self._planner.system, owner, name) if owner else None
        return owner

    def _into(self, entity: Entity, state: object, me: Somebody) -> Choices:
        key = (entity.name, state, me.key)
        with self._looking:
            if key not in self._known:
                self._known[key] = {}  # A way that needs itself is none.
                self._known[key] = self._found(entity, state, me)
            return self._known[key]

    def _found(self, entity: Entity, state: object, me: Somebody) -> Choices:
        lifecycle = entity.lifecycle
        if lifecycle is None or state == lifecycle.initial:
            return {}
        moves = {each.name for each in lifecycle.transitions if each.target == state}
        for operation in self._planner.system.operations_of(entity.name):
            if operation.transition in moves:
                plot = self._planner.find(Goal(operation=operation, me=me, wanted=done))
                if plot is not None:
                    own = (lifecycle.field,)
                    return {p: value for p, value in plot.choices.items() if p != own}
        return {}
