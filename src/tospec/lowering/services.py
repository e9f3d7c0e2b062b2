"""From the spec's changes to the methods of services."""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.ir.conditions import RuleSet
from tospec.ir.data import DataModel
from tospec.ir.entities import Entity as Data
from tospec.ir.names import EntityNames
from tospec.ir.operations import Fault
from tospec.ir.places import Places
from tospec.ir.schemas import Member
from tospec.ir.services import (
    ActionMethod,
    Assignment,
    Create,
    Lifecycle,
    Link,
    Reference,
    Restore,
    RuleCall,
    Service,
    Transition,
    Update,
)
from tospec.lowering import events, faults, members, naming, schemas
from tospec.lowering.removals import delete_of
from tospec.lowering.schema import Schema
from tospec.lowering.values import Values
from tospec.model import Assignment as ModelAssignment
from tospec.model import (
    Emit,
    Entity,
    Kind,
    Moment,
    Relation,
    System,
    Write,
)
from tospec.model import Operation as ModelOperation
from tospec.model import Transition as ModelTransition
from tospec.model import Update as UpdateStep
from tospec.python import identifier, name_problem, sentence, snake, title_words

_OWN_METHODS: Final = frozenset(
    ("create", "update", "delete", "remove", "get_for_update", "get_to_restore")
)
_CRUD: Final = frozenset((Kind.CREATE, Kind.UPDATE, Kind.DELETE, Kind.RESTORE))


def service_of(
    system: System, entity: Entity, data: Data, model: DataModel, places: Places
) -> Service:
    """Return what may happen to the rows of an entity."""
    row = identifier(data.names.singular)
    stored = Values(Schema(system), places, entity, row)
    return _Builder(system, entity, data, model, stored).service()


def method_name(data: Data, operation: ModelOperation) -> str:
    """Return the method of a service that carries out an operation."""
    if operation.kind is Kind.TRANSITION and operation.transition:
        name = operation.transition
        taken = name in _OWN_METHODS or name_problem(name)
        return f"{name}_{data.names.singular}" if taken else name
    if operation.relation:
        return f"{operation.kind.value}_{naming.singular(operation.relation)}"
    return operation.kind.value if operation.kind in _CRUD else snake(operation.name)


class _Builder:
    """The methods of one entity's service."""

    def __init__(
        self, system: System, entity: Entity, data: Data, model: DataModel, stored: Values
    ) -> None:
        self._stored = stored
        self._system = system
        self._entity = entity
        self._data = data
        self._model = model
        self._operations = system.operations_of(entity.name)
        self._kinds = frozenset(operation.kind for operation in self._operations)
        self._written = schemas.writable_members(entity)
        self._changed = schemas.changeable_members(entity)

    def service(self) -> Service:
        return Service(
            references=tuple(self._references()),
            audit=self._entity.audit,
            create=self._create() if Kind.CREATE in self._kinds else None,
            update=self._update() if Kind.UPDATE in self._kinds else None,
            delete=delete_of(
                self._system,
                self._entity,
                asked=Kind.DELETE in self._kinds,
                rules=rule_call(self._rule_set("on_delete")),
                forbidden=self._rule_faults("on_delete"),
            ),
            restore=self._restore() if Kind.RESTORE in self._kinds else None,
            lifecycle=self._lifecycle(),
            links=tuple(self._links()),
            link_emissions=events.emissions_on(self._system, self._entity, Moment.LINK),
            actions=tuple(map(self._action, self._of_kind(Kind.ACTION))),
        )

    def _of_kind(self, kind: Kind) -> Iterator[ModelOperation]:
        return (operation for operation in self._operations if operation.kind is kind)

    def _references(self) -> Iterator[Reference]:
        for relation in self._entity.relations:
            name = members.relation_member(relation).name
            if any(member.name == name for member in (*self._written, *self._changed)):
                yield Reference(
                    name=name,
                    to=naming.entity_names(relation.to),
                    has_policy=not self._system.entity(relation.to).built_in,
                )

    def _create(self) -> Create:
        moment = events.emissions_on(self._system, self._entity, Moment.CREATE)
        return Create(
            body=schemas.create_body(self._data),
            under=self._above(),
            under_column=naming.reference_column(self._entity.under or ""),
            generated=tuple(
                naming.reference_column(relation.name)
                for relation in self._entity.relations
                if relation.generated_by_principal
            ),
            rules=rule_call(self._rule_set("on_create")),
            emissions=moment,
            faults=(
                *self._reference_faults(self._written),
                *faults.unique(self._data, (member.name for member in self._written)),
                *self._rule_faults("on_create"),
                *self._tree_faults(self._written),
            ),
            is_file=self._entity.file is not None,
        )

    def _update(self) -> Update:
        return Update(
            body=schemas.update_body(self._data),
            rules=rule_call(self._rule_set("on_update")),
            emissions=events.emissions_on(self._system, self._entity, Moment.UPDATE),
            faults=(
                *self._reference_faults(self._changed),
                *faults.unique(self._data, (member.name for member in self._changed)),
                *self._rule_faults("on_update"),
                *self._tree_faults(self._changed),
            ),
        )

    def _restore(self) -> Restore:
        needs_kept = any(not need.cleared for need in self._data.needs)
        columns = (each for unique in self._data.table.uniques for each in unique.columns)
        return Restore(
            rules=rule_call(self._rule_set("on_restore")),
            emissions=events.emissions_on(self._system, self._entity, Moment.RESTORE),
            faults=(
                faults.NOT_DELETED,
                *((faults.DELETED_REFERENCE,) if needs_kept else ()),
                *faults.unique(self._data, columns),
                *self._rule_faults("on_restore"),
                *faults.trees(self._model, self._data),
            ),
        )

    def _lifecycle(self) -> Lifecycle | None:
        lifecycle = self._entity.lifecycle
        if lifecycle is None or self._data.lifecycle is None:
            return None
        every = _common(transition.emits for transition in lifecycle.transitions)
        moment = events.emissions_on(self._system, self._entity, Moment.TRANSITION)
        return Lifecycle(
            field=lifecycle.field,
            constant=self._data.lifecycle.constant,
            transitions=tuple(
                self._transition(operation, every) for operation in self._of_kind(Kind.TRANSITION)
            ),
            emissions=(*moment, *events.plain_emissions(self._system, every)),
        )

    def _transition(self, operation: ModelOperation, every: tuple[str, ...]) -> Transition:
        move = self._move(operation.transition or "")
        rule_set = self._rule_set(f"on_{move.name}")
        return Transition(
            name=move.name,
            method=method_name(self._data, operation),
            target=move.target,
            body=schemas.input_body(self._data, operation),
            rules=rule_call(rule_set),
            values=self._values(move.set),
            emissions=events.plain_emissions(
                self._system, (name for name in move.emits if name not in every)
            ),
            faults=(faults.TRANSITION, *faults.rules(self._model, rule_set)),
        )

    def _move(self, name: str) -> ModelTransition:
        moves = self._entity.lifecycle.transitions if self._entity.lifecycle else ()
        return next(move for move in moves if move.name == name)

    def _links(self) -> Iterator[Link]:
        for relation in self._entity.relations:
            if relation.many and relation.write is Write.LINKS:
                yield self._link(relation)

    def _link(self, relation: Relation) -> Link:
        other = self._system.entity(relation.to)
        return Link(
            relation=relation.name,
            word=naming.singular(relation.name),
            field=naming.link_field(relation.name),
            to=naming.entity_names(relation.to),
            parameter=self._link_parameter(relation),
            has_policy=not other.built_in,
            limit=relation.max,
            rules=rule_call(self._rule_set("on_link")),
            faults=(
                *((faults.LIMIT,) if relation.max else ()),
                *self._rule_faults("on_link"),
            ),
        )

    def _link_parameter(self, relation: Relation) -> str:
        link = next(e for e in self._data.links if e.field == naming.link_field(relation.name))
        return link.other.column

    def _action(self, operation: ModelOperation) -> ActionMethod:
        method = snake(operation.name)
        rule_set = self._rule_set(f"on_{method}")
        updates = (step for step in operation.steps if isinstance(step, UpdateStep))
        assignments = [assignment for update in updates for assignment in update.set]
        emitted = (step.event for step in operation.steps if isinstance(step, Emit))
        stored = self._values(assignments)
        return ActionMethod(
            operation=operation.name,
            method=method,
            about=sentence(operation.description or title_words(operation.name)),
            body=schemas.input_body(self._data, operation),
            rules=rule_call(rule_set),
            values=stored,
            emissions=events.plain_emissions(self._system, emitted),
            faults=(
                *faults.unique(self._data, (value.field for value in stored)),
                *faults.rules(self._model, rule_set),
            ),
        )

    def _values(self, assignments: Iterable[ModelAssignment]) -> tuple[Assignment, ...]:
        return tuple(map(self._stored.of, assignments))

    def _above(self) -> EntityNames | None:
        relation = self._entity.relation(self._entity.under or "")
        return naming.entity_names(relation.to) if relation else None

    def _reference_faults(self, sent: tuple[Member, ...]) -> tuple[Fault, ...]:
        names = {reference.name for reference in self._references()}
        return (faults.REFERENCE,) if any(member.name in names for member in sent) else ()

    def _tree_faults(self, sent: tuple[Member, ...]) -> tuple[Fault, ...]:
        names = {member.name for member in sent}
        trees = [tree for tree in self._data.trees if tree.column in names]
        return faults.own(self._model, (tree.error for tree in trees))

    def _rule_faults(self, function: str) -> tuple[Fault, ...]:
        return faults.rules(self._model, self._rule_set(function))

    def _rule_set(self, function: str) -> RuleSet | None:
        return next((each for each in self._data.rules if each.function == function), None)


def rule_call(rule_set: RuleSet | None) -> RuleCall | None:
    """Return how a method asks the rules of a moment; None for a moment without any."""
    if rule_set is None:
        return None
    return RuleCall(
        function=rule_set.function,
        inputs=rule_set.inputs,
        uses_settings=rule_set.uses_settings,
    )


def _common(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what all lists hold, in the order of the first."""
    first, *others = list(lists)
    return tuple(item for item in first if all(item in other for other in others))
