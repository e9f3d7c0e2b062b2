"""From choices about a situation to the steps that bring it about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tospec.model import Entity, Field, Kind, Relation
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.reading import Place, inverse_of, target_of
from tospec.verify.oracle.steps import PEOPLE, Step, is_required, sent_fields, sent_relations
from tospec.verify.oracle.taking import Choices, Impossible, Taker, initial_value
from tospec.verify.oracle.world import Key, Somebody

_DEEPEST: Final = 6


@dataclass(slots=True)
class Builder(Taker):
    """Makes rows and all that they need, as they are chosen."""

    late: list[tuple[Key, str, object]] = field(default_factory=list)
    count: int = 0
    root: Entity | None = None

    def make(
        self,
        entity: Entity,
        place: Place = (),
        shared: Mapping[str, Key] | None = None,
        fixed: Mapping[str, Key] | None = None,
    ) -> Key:
        """Make a row and what it needs; return its key.

        Args:
            entity: What to make a row of.
            place: Where the row is, seen from the one that the situation is about.
            shared: Rows that may be used again, by entity.
            fixed: What relations of the row lead to.

        Raises:
            Impossible: If clients cannot.
        """
        step = self.creation(entity, place, shared or {}, fixed or {})
        self.take(step, self._makers(entity, place))
        key = step.makes or ""
        self.move_on(entity, key, place)
        self._below(entity, key, place)
        return key

    def creation(
        self, entity: Entity, place: Place, shared: Mapping[str, Key], fixed: Mapping[str, Key]
    ) -> Step:
        """Return the step that makes a row, after those that make what it needs.

        Raises:
            Impossible: If there is no such operation.
        """
        operation = self.operation_of(entity, Kind.CREATE)
        if len(place) > _DEEPEST:
            raise Impossible(f"{entity.name} below {'.'.join(place)}")
        self.root = self.root or entity
        around = dict(shared)
        body: dict[str, object] = {}
        on = None
        if entity.under is not None:
            above = entity.relation(entity.under)
            on = self._one(above, place, around, fixed) if above else None
        for relation in sent_relations(entity, updates=False):
            self._choose_relation(relation, place, around, fixed, body)
        for each in sent_fields(entity, updates=False):
            self._choose_field(entity, each, place, body)
        self.count += 1
        key = f"#{entity.name}-{self.count}"
        by = self._makers(entity, place)[0]
        return Step(operation=operation, by=by, on=on, body=body, makes=key)

    def _makers(self, entity: Entity, place: Place) -> tuple[Somebody, ...]:
        """Return who may make a row: who was chosen, or first whoever makes the rows around it."""
        chosen = self._chosen_maker(entity, place)
        if chosen is not None:
            return (chosen,)
        above = (
            self._chosen_maker(owner, place[:size])
            for size in range(len(place) - 1, -1, -1)
            if (owner := self._at(place[:size])) is not None
        )
        return tuple(dict.fromkeys((*(each for each in above if each), *self.actors)))

    def _chosen_maker(self, entity: Entity, place: Place) -> Somebody | None:
        for relation in entity.relations:
            chosen = self.choices.get((*place, relation.name))
            if relation.generated_by_principal and isinstance(chosen, Somebody):
                return chosen
        return None

    def _at(self, place: Place) -> Entity | None:
        """Return what is at a place, seen from the row that the situation is about."""
        owner = self.root
        for name in place:
            owner = target_of(self.system, owner, name) if owner else None
        return owner

    def _choose_field(
        self, entity: Entity, each: Field, place: Place, body: dict[str, object]
    ) -> None:
        chosen = (*place, each.name)
        if chosen in self.choices:
            body[each.name] = self.choices[chosen]
        elif is_required(each):
            body[each.name] = initial_value(entity, each)

    def _choose_relation(
        self,
        relation: Relation,
        place: Place,
        around: dict[str, Key],
        fixed: Mapping[str, Key],
        body: dict[str, object],
    ) -> None:
        chosen = (*place, relation.name)
        if relation.many:
            if chosen in self.choices:
                body[relation.name] = self.linked(relation, chosen, around)
        elif relation.name in fixed or chosen in self.choices or is_required(relation):
            body[relation.name] = self._one(relation, place, around, fixed)

    def linked(
        self, relation: Relation, chosen: Place, around: Mapping[str, Key]
    ) -> tuple[Key, ...]:
        """Return the keys of the rows or people that a relation to many shall lead to.

        Raises:
            Impossible: If they cannot be made.
        """
        options = self.choices[chosen]
        keys: list[Key] = []
        for each in options if isinstance(options, tuple) else ():
            keys.append(self._found(relation, each, chosen, around))
        return tuple(keys)

    def _one(
        self, relation: Relation, place: Place, around: dict[str, Key], fixed: Mapping[str, Key]
    ) -> Key | None:
        if relation.name in fixed:
            found: Key | None = fixed[relation.name]
        else:
            chosen = (*place, relation.name)
            default = around.get(relation.to, Other.NEW)
            found = self._found(relation, self.choices.get(chosen, default), chosen, around)
        if found is not None and relation.to != PEOPLE:
            around.setdefault(relation.to, found)
            self.share(found, around)
        return found or None

    def share(self, key: Key, around: dict[str, Key]) -> None:
        """What a row above leads to is used again by the row below."""
        row = self.world.rows.get(key)
        for name, target in (row.refs if row else {}).items():
            relation = self.world.entity_of(row).relation(name) if row else None
            if relation and target and relation.to != PEOPLE:
                around.setdefault(relation.to, target)

    def _found(
        self, relation: Relation, option: object, chosen: Place, around: Mapping[str, Key]
    ) -> Key:
        if option is None:
            return ""
        if relation.to == PEOPLE:
            who = option if isinstance(option, Somebody) else self.cast.other
            self.world = self.world.with_person(who)
            return who.key
        if isinstance(option, str):
            return option
        if option is Other.SAME:
            if relation.to not in around:
                raise Impossible(f"{'.'.join(chosen)} as another relation")
            return around[relation.to]
        target = self.system.entity(relation.to)
        if target.built_in:
            raise Impossible(f"no {target.name} is at hand")
        own = {name: key for name, key in around.items() if name != relation.to}
        return self.make(target, chosen, own)

    def move_on(self, entity: Entity, key: Key, place: Place) -> None:
        """Bring the state and what only operations write to what is chosen.

        Raises:
            Impossible: If no operations lead there.
        """
        state = entity.state_field
        if state is not None and (*place, state) in self.choices:
            self.reach(key, state, self.choices[*place, state])
        sent = {each.name for each in sent_fields(entity, updates=False)}
        for each in entity.fields:
            chosen = (*place, each.name)
            if chosen in self.choices and each.name not in {*sent, state}:
                self.late.append((key, each.name, self.choices[chosen]))
        for relation in entity.relations:
            chosen = (*place, relation.name)
            if chosen in self.choices and relation.many and not relation.writable:
                self._link(entity, relation, key, chosen)

    def _link(self, entity: Entity, relation: Relation, key: Key, chosen: Place) -> None:
        operations = self.system.operations_of(entity.name)
        for operation in operations:
            if operation.kind is Kind.LINK and operation.relation == relation.name:
                for other in self.linked(relation, chosen, {}):
                    step = Step(operation=operation, by=self.maker, on=key, other=other)
                    self.take(step, self.actors)

    def _below(self, entity: Entity, key: Key, place: Place) -> None:
        size = len(place)
        names = {p[size] for p in self.choices if p[:size] == place and len(p) > size}
        for name in sorted(names):
            found = inverse_of(self.system, entity, name)
            times = self.choices.get((*place, name))
            if found is None or entity.relation(name) is not None or not isinstance(times, int):
                continue
            other, relation = found
            if relation.many:
                raise Impossible(f"{name} from the other end")
            shared = {entity.name: key}
            self.share(key, shared)
            for _ in range(times):
                self.make(other, (*place, name), shared, {relation.name: key})

    def delete(self, entity: Entity, key: Key) -> None:
        """Delete a row, once it is as it was chosen to be.

        Raises:
            Impossible: If no operation does, or nobody may.
        """
        own = [each for each in self.late if each[0] == key]
        self.late = [each for each in self.late if each[0] != key]
        for _, name, wanted in reversed(own):
            self.reach(key, name, wanted)
        operation = self.operation_of(entity, Kind.DELETE)
        self.take(Step(operation=operation, by=self.maker, on=key), self.actors)

    def finish(self) -> None:
        """Do at last what would hinder other steps, such as archiving.

        Raises:
            Impossible: If no operations lead there.
        """
        for key, name, wanted in reversed(self.late):
            self.reach(key, name, wanted)
        self.late.clear()


__all__ = ["Builder", "Choices", "Impossible", "initial_value"]
