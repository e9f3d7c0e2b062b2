"""The step to judge, in a situation that is built for it."""

from dataclasses import dataclass, replace

from tospec.model import Entity, Kind, Operation, Relation
from tospec.verify.oracle.building import Builder, Impossible, initial_value
from tospec.verify.oracle.choices import BODY, Other
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import (
    ABOUT_DELETED,
    FRESH,
    PEOPLE,
    Step,
    sent_fields,
    sent_relations,
)
from tospec.verify.oracle.values import default_of
from tospec.verify.oracle.world import Key, Somebody


@dataclass(frozen=True, slots=True)
class Staging:
    """Builds a situation in which somebody carries out an operation."""

    operation: Operation
    entity: Entity
    builder: Builder

    def staged(self) -> tuple[Step, Key]:
        """Return the step to judge, and the key of the row that it is about.

        Raises:
            Impossible: If the situation cannot be brought about.
        """
        operation, builder = self.operation, self.builder
        me = builder.cast.me
        if operation.kind is Kind.CREATE:
            step = builder.creation(self.entity, (), {}, {})
            builder.finish()
            return replace(step, by=me), step.makes or ""
        key = builder.make(self.entity)
        if operation.kind in ABOUT_DELETED:
            builder.delete(self.entity, key)
            on = key if operation.kind is Kind.RESTORE else None
            step = Step(operation=operation, by=me, on=on)
        else:
            step = self._step(key)
        builder.finish()
        return step, key

    def _step(self, key: Key) -> Step:
        operation, me = self.operation, self.builder.cast.me
        plain = Step(operation=operation, by=me, on=key)
        match operation.kind:
            case Kind.UPDATE:
                return replace(plain, body=self._changes(key))
            case Kind.LINK:
                return replace(plain, other=self._linkable())
            case Kind.UNLINK:
                return replace(plain, other=self._linked(key))
            case Kind.TRANSITION | Kind.ACTION:
                return replace(self.builder.about(operation, key), by=me)
            case Kind.LIST:
                above = self.builder.world.rows[key].refs.get(self.entity.under or "")
                return replace(plain, on=above if "{" in operation.path else None)
        return plain

    def _changes(self, key: Key) -> dict[str, object]:
        choices = self.builder.choices
        chosen = {p[1]: p for p in choices if p[0] == BODY and len(p) == 2}
        body = {name: self._value(place, key) for name, place in chosen.items()}
        return body or self._harmless(key)

    def _value(self, place: Place, key: Key) -> object:
        value, relation = self.builder.choices[place], self.entity.relation(place[1])
        if relation is None or value is None:
            return value
        if relation.many:
            return self.builder.linked(relation, place, {})
        if value is Other.SAME:
            return self._of_other_relation(relation, key)
        if isinstance(value, Somebody):
            self.builder.world = self.builder.world.with_person(value)
            return value.key
        shared: dict[str, Key] = {}
        if value is Other.NEAR:
            self.builder.share(key, shared)
        return self.builder.make(self.builder.system.entity(relation.to), place, shared)

    def _of_other_relation(self, relation: Relation, key: Key) -> Key:
        """Return what another relation of the row leads to, to an entity of the same kind."""
        for other in self.entity.relations:
            target = self.builder.world.rows[key].refs.get(other.name)
            if other.name != relation.name and other.to == relation.to and target is not None:
                return target
        raise Impossible(f"{relation.name} as another relation")

    def _harmless(self, key: Key) -> dict[str, object]:
        """Return a change that most rows can bear."""
        fields = sent_fields(self.entity, updates=True)
        for each in fields:
            if initial_value(self.entity, each) is FRESH:
                return {each.name: FRESH}
        for each in fields:
            value = initial_value(self.entity, each)
            return {each.name: default_of(each) if value is None else value}
        for relation in sent_relations(self.entity, updates=True):
            row = self.builder.world.rows[key]
            known = row.links if relation.many else row.refs
            return {relation.name: known.get(relation.name)}
        return {}

    def _relation(self) -> Relation:
        relation = self.entity.relation(self.operation.relation or "")
        if relation is None:
            raise Impossible(f"{self.operation.name} links nothing")
        return relation

    def _linked(self, key: Key) -> Key:
        """Return a row or person that is linked, by a link that is made now if there is none."""
        relation, builder = self._relation(), self.builder
        linked = builder.world.rows[key].links.get(relation.name, ())
        if linked:
            return linked[0]
        for operation in builder.system.operations_of(self.entity.name):
            if operation.kind is Kind.LINK and operation.relation == relation.name:
                other = self._linkable()
                step = Step(operation=operation, by=builder.maker, on=key, other=other)
                builder.take(step, builder.actors)
                return other
        raise Impossible(f"there is no operation to link {relation.name}")

    def _linkable(self) -> Key:
        relation, builder = self._relation(), self.builder
        if relation.to == PEOPLE:
            builder.world = builder.world.with_person(builder.cast.other)
            return builder.cast.other.key
        return builder.make(builder.system.entity(relation.to), ("@other",), {})
