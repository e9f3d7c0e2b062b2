"""In which way a description of an operation is not what the spec says.

What a description leaves unsaid about a value is no fault; what it says must be so, and members,
parameters and error cases are all of them or none too many.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tospec.model import Entity, Field, FieldType, Kind, Operation, Relation, System
from tospec.verify.oracle.contract import success
from tospec.verify.oracle.filters import filters_of
from tospec.verify.oracle.naming import relation_name, wire_name
from tospec.verify.oracle.predicting import requirements_of
from tospec.verify.oracle.steps import is_required, sent_fields, sent_relations
from tospec.verify.oracle.values import default_of
from tospec.verify.oracle.wire import from_json, state_or_type, values_of
from tospec.verify.oracle.world import Undetermined
from tospec.verify.probes.document import (
    codes_in,
    content_of,
    listed,
    mapping,
    resolved,
    schema_of,
)

_PAGING_ALONE: Final = ("limit", "cursor")
_PAGING: Final = (*_PAGING_ALONE, "sort")
_WRITES: Final = frozenset({Kind.CREATE, Kind.UPDATE})


@dataclass(frozen=True, slots=True)
class Description:
    """What a target tells of an operation.

    Attributes:
        told: The operation in the description.
        document: The whole description, where references lead.
    """

    system: System
    operation: Operation
    told: Mapping[str, Any]
    document: Any

    @property
    def entity(self) -> Entity:
        """The entity that the operation is about."""
        return self.system.entity(self.operation.entity)

    def faults(self) -> Iterator[str]:
        """Yield what is not as the spec says."""
        yield from self._query()
        yield from self._body()
        yield from self._answer()
        yield from self._errors()

    def _query(self) -> Iterator[str]:
        parameters = [resolved(self.document, each) for each in listed(self.told, "parameters")]
        found = {
            str(each.get("name")): schema_of(self.document, each.get("schema"))
            for each in parameters
            if each.get("in") == "query"
        }
        yield from _differing("parameter", found, self._parameters())
        entity = self.entity
        for each in filters_of(entity):
            field = entity.field(each.member)
            if field is not None and each.name in found:
                yield from _values(entity, field, found[each.name], f"parameter {each.name}")
        if self.operation.kind is Kind.LIST and "sort" in found:
            yield from self._sort(found["sort"])

    def _parameters(self) -> tuple[str, ...]:
        if self.operation.upload:
            return tuple(each.name for each in sent_fields(self.entity, updates=False))
        if self.operation.kind is Kind.DELETED:
            return _PAGING_ALONE
        if self.operation.kind is not Kind.LIST:
            return ()
        if self.operation.origin == "spec":
            return _PAGING
        search = ("q",) if self.entity.listing.search else ()
        return (*_PAGING, *search, *(each.name for each in filters_of(self.entity)))

    def _sort(self, schema: Mapping[str, Any]) -> Iterator[str]:
        listing = self.entity.listing
        if "enum" in schema:
            names = [f"{sign}{name}" for name in listing.sort for sign in ("", "-")]
            yield from _differing("sort", listed(schema, "enum"), names)
        order = self.operation.sort or listing.default_sort
        if schema.get("default", order) != order:
            yield f"sort is {schema['default']} by default, not {order}"

    def _body(self) -> Iterator[str]:
        schema = content_of(self.document, self.told.get("requestBody"))
        if "properties" not in schema:
            return
        fields, relations = self._sent()
        names = (*(each.name for each in fields), *map(relation_name, relations))
        properties = mapping(schema["properties"])
        yield from _differing("member", properties, names)
        yield from _differing("required member", listed(schema, "required"), self._required())
        for each in fields:
            if each.name in properties:
                told = schema_of(self.document, properties[each.name])
                yield from self._field(each, told)
        for relation in relations:
            if (name := relation_name(relation)) in properties:
                yield from _relation(relation, schema_of(self.document, properties[name]))

    def _sent(self) -> tuple[tuple[Field, ...], tuple[Relation, ...]]:
        if self.operation.kind not in _WRITES:
            return self.operation.input, ()
        updates = self.operation.kind is Kind.UPDATE
        fields = sent_fields(self.entity, updates=updates)
        return fields, sent_relations(self.entity, updates=updates)

    def _required(self) -> tuple[str, ...]:
        if self.operation.kind is Kind.UPDATE:
            return ()
        fields, relations = self._sent()
        return (
            *(each.name for each in fields if is_required(each)),
            *(relation_name(each) for each in relations if is_required(each)),
        )

    def _field(self, field: Field, told: Mapping[str, Any]) -> Iterator[str]:
        yield from _values(self.entity, field, told, field.name)
        yield from _limits(field, told)
        if bool(told["nullable"]) != field.optional and "type" in told:
            yield f"{field.name} {'takes' if told['nullable'] else 'does not take'} null"
        is_told = "default" in told and self.operation.kind is not Kind.UPDATE
        if is_told and not _is_default(self.entity, field, told["default"]):
            yield f"{field.name} is {told['default']!r} by default"

    def _answer(self) -> Iterator[str]:
        if self.operation.view is None:
            return
        status = str(success(self.system, self.operation).statuses[0])
        answers = mapping(self.told.get("responses"))
        schema = content_of(self.document, answers.get(status))
        if self.operation.kind in {Kind.LIST, Kind.DELETED}:
            items = schema_of(self.document, mapping(schema.get("properties")).get("items"))
            schema = schema_of(self.document, items.get("items"))
        if "properties" not in schema:
            return
        view = self.system.view(self.operation.view)
        names = [wire_name(self.entity, name) for name in view.fields]
        names += [measure.name for measure in view.measures]
        properties = mapping(schema["properties"])
        yield from _differing("member of the answer", properties, names)
        yield from self._shown(properties)

    def _shown(self, properties: Mapping[str, Any]) -> Iterator[str]:
        for field in self.entity.fields:
            if field.name in properties:
                told = schema_of(self.document, properties[field.name])
                yield from _values(self.entity, field, told, f"{field.name} in the answer")
                if "type" in told and bool(told["nullable"]) != field.optional:
                    often = "" if told["nullable"] else "never "
                    yield f"{field.name} in the answer is {often}null"

    def _errors(self) -> Iterator[str]:
        told = list(codes_in(self.document, self.told))
        known = {(str(self.system.error(code).status), code) for code in self._codes()}
        others = {each.code for each in self.system.errors}
        found = {each for each in told if each[1] in others or each[1] == each[1].upper()}
        if told:
            yield from _differing(
                "error",
                [f"{status} {code}" for status, code in found],
                [f"{status} {code}" for status, code in known],
            )

    def _codes(self) -> Iterator[str]:
        yield from (each.error for each in requirements_of(self.system, self.operation))
        if self.operation.kind in _WRITES:
            for relation in self._sent()[1]:
                if relation.tree is not None:
                    yield relation.tree.error


def _differing(what: str, found: Collection[Any], wanted: Collection[str]) -> Iterator[str]:
    told = set(map(str, found))
    missing, more = sorted(set(wanted) - told), sorted(told - set(wanted))
    yield from (f"{what} {name} is missing" for name in missing)
    yield from (f"{what} {name} is not in the spec" for name in more)


def _values(entity: Entity, field: Field, told: Mapping[str, Any], what: str) -> Iterator[str]:
    schema = {**told, **mapping(told.get("items"))}
    if state_or_type(entity, field) is FieldType.ENUM and "enum" in schema:
        yield from _differing(f"value of {what}", listed(schema, "enum"), values_of(entity, field))


def _is_default(entity: Entity, field: Field, told: Any) -> bool:
    """Return whether a JSON value means the default; durations have notations without number."""
    kind = state_or_type(entity, field)
    try:
        return from_json(kind, told) == default_of(field)
    except Undetermined:
        return kind is FieldType.DURATION


def _limits(field: Field, told: Mapping[str, Any]) -> Iterator[str]:
    least, most = field.length or (None, None)
    low, high = field.range or (None, None)
    for name, limit in (
        ("minLength", least),
        ("maxLength", most),
        ("minimum", low),
        ("maximum", high),
    ):
        said = told.get(name)
        # A number of JSON need not be more exact than a float.
        if isinstance(said, int | float) and limit is not None and float(said) != float(limit):
            yield f"{field.name} has the {name} {said}, not {limit}"


def _relation(relation: Relation, told: Mapping[str, Any]) -> Iterator[str]:
    name = relation_name(relation)
    if not relation.many and "type" in told and bool(told["nullable"]) != relation.optional:
        yield f"{name} {'takes' if told['nullable'] else 'does not take'} null"
    if relation.max is not None and told.get("maxItems", relation.max) != relation.max:
        yield f"{name} has at most {told['maxItems']} items, not {relation.max}"
