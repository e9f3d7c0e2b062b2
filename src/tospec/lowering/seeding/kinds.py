"""How the example rows of each entity are made."""

from collections.abc import Iterator

from tospec.ir.logic import Logic, Resource
from tospec.ir.names import EntityNames
from tospec.ir.operations import Operation, OperationKind
from tospec.ir.seed import Kind, Link, Move, Reference, Seed, Value
from tospec.lowering import members, naming
from tospec.lowering.cases.uniques import has_few_rows
from tospec.lowering.seeding.order import USER, in_order, is_after, main_of
from tospec.lowering.seeding.values import name_of, value_of
from tospec.model import Entity, Field, Relation, System, Transition


def seed_of(system: System, logic: Logic) -> Seed:
    """Return the rows of an example tenant."""
    resources = {each.entity.name: each for each in logic.resources}
    order = in_order(system)
    if not order:
        return Seed(kinds=())
    main = main_of(order)
    kinds: list[Kind] = []
    for entity in order:
        made = {kind.entity.name for kind in kinds} | {entity.name, USER}
        builder = _Builder(system, entity, resources[entity.name], made, main)
        if builder.can_be_made():
            kinds.append(builder.kind())
    return Seed(kinds=tuple(kinds))


class _Builder:
    """Makes the plan of one entity.

    Args:
        made: Entities that a row may refer to.
        main: The entity with most to show.
    """

    def __init__(
        self, system: System, entity: Entity, resource: Resource, made: set[str], main: Entity
    ) -> None:
        self._system = system
        self._entity = entity
        self._resource = resource
        self._operations = [case.operation for case in resource.operations]
        self._made = made
        self._is_main = entity.name == main.name
        self._is_after = is_after(entity, main)
        self._noun = resource.entity.names.noun

    def can_be_made(self) -> bool:
        """Whether all that a row needs is there, for as many rows as there are to be."""
        if has_few_rows(self._entity):
            return False
        filled = {value.member.name for value in self._values()}
        needed = {field.name for field in self._written() if not _may_lack(field)}
        relations = (each for each in self._entity.relations if each.writable and not each.many)
        return needed <= filled and all(
            each.optional or (each.to in self._made and each.to != self._entity.name)
            for each in relations
        )

    def kind(self) -> Kind:
        """Return how rows are made."""
        moves = list(self._moves())
        return Kind(
            entity=self._resource.entity,
            create=self._of_kind(OperationKind.CREATE)[0],
            above=self._above(),
            references=tuple(self._references()),
            values=tuple(self._values()),
            links=tuple(self._links()),
            moves=tuple(move for _, move in moves),
            ways=tuple(self._ways(moves)),
            is_main=self._is_main,
            is_after=self._is_after,
        )

    def _of_kind(self, kind: OperationKind) -> list[Operation]:
        return [operation for operation in self._operations if operation.kind is kind]

    def _written(self) -> list[Field]:
        state = self._entity.state_field
        return [each for each in self._entity.fields if each.writable and each.name != state]

    def _values(self) -> Iterator[Value]:
        unique = {name for each in self._entity.unique for name in each.fields}
        name = name_of(self._entity)
        for field in self._written():
            value = value_of(
                field,
                members.field_member(self._entity, field),
                self._noun,
                distinct=field.name in unique,
                is_name=field.name == name,
                are_many=self._is_main or self._is_after,
            )
            if value is not None:
                yield value

    def _above(self) -> Reference | None:
        relation = self._entity.relation(self._entity.under or "")
        if relation is None:
            return None
        parameter = self._of_kind(OperationKind.CREATE)[0].parameters[0]
        return Reference(name=parameter, to=self._to(relation))

    def _references(self) -> Iterator[Reference]:
        for relation in self._entity.relations:
            if not relation.writable or relation.name == self._entity.under:
                continue
            if relation.to in self._made:
                yield self._reference(relation)

    def _reference(self, relation: Relation) -> Reference:
        return Reference(
            name=members.relation_member(relation).name,
            to=self._to(relation),
            many=relation.many,
            optional=relation.optional,
            permission=self._worker() if relation.to == USER else None,
            shared=() if relation.many else tuple(self._shared(relation)),
            is_self=relation.to == self._entity.name,
            limit=relation.max,
        )

    def _to(self, relation: Relation) -> EntityNames | None:
        return None if relation.to == USER else naming.entity_names(relation.to)

    def _shared(self, relation: Relation) -> Iterator[str]:
        """Yield the required references that rows at both ends have to the same entity."""
        target = self._system.entity(relation.to)
        for each in self._entity.relations:
            other = target.relation(each.name)
            if other is None or target.built_in or each.many or each.optional:
                continue
            if other.to == each.to and each.writable and each.to in self._made:
                yield naming.reference_column(each.name)

    def _worker(self) -> str | None:
        """Return the permission that somebody needs who is to do something with a row."""
        lifecycle = self._entity.lifecycle
        if lifecycle and lifecycle.transitions:
            return lifecycle.transitions[0].permission
        return dict(self._entity.crud).get("update")

    def _links(self) -> Iterator[Link]:
        relations = {each.relation: each for each in self._resource.service.links}
        for operation in self._of_kind(OperationKind.LINK):
            for name, link in relations.items():
                relation = self._entity.relation(name)
                if relation and operation.method == f"link_{link.word}":
                    yield from self._link(operation, link.field, relation)

    def _link(self, operation: Operation, field: str, relation: Relation) -> Iterator[Link]:
        if operation.view and relation.to in self._made and relation.to != self._entity.name:
            yield Link(operation=operation, field=field, to=self._to(relation))

    def _moves(self) -> Iterator[tuple[Transition, Move]]:
        lifecycle, service = self._entity.lifecycle, self._resource.service.lifecycle
        if lifecycle is None or service is None:
            return
        operations = {each.method: each for each in self._of_kind(OperationKind.TRANSITION)}
        methods = {each.name: each.method for each in service.transitions}
        for transition in lifecycle.transitions:
            operation = operations.get(methods[transition.name])
            values = tuple(self._inputs(operation, transition)) if operation else ()
            if operation and operation.view and len(values) == len(transition.input):
                yield transition, Move(operation=operation, values=values)

    def _inputs(self, operation: Operation, transition: Transition) -> Iterator[Value]:
        bodies = (each for each in self._resource.schemas.bodies if each.type == operation.body)
        sent = {member.name: member for body in bodies for member in body.members}
        for field in transition.input:
            value = value_of(field, sent[field.name], self._noun)
            if value is not None:
                yield value

    def _ways(self, moves: list[tuple[Transition, Move]]) -> Iterator[tuple[str, ...]]:
        """Yield the shortest way to each state, the nearest first."""
        if self._entity.lifecycle is None or not moves:
            return
        ways: dict[str, tuple[str, ...]] = {self._entity.lifecycle.initial: ()}
        reached = list(ways)
        for state in reached:
            for transition, move in moves:
                if state in transition.sources and transition.target not in ways:
                    ways[transition.target] = (*ways[state], move.operation.function)
                    reached.append(transition.target)
        yield from ways.values()


def _may_lack(field: Field) -> bool:
    return field.optional or field.has_default
