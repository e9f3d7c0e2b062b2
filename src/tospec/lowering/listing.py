"""From the options of lists to filters."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.listing import Filter, FilterKind, FixedList, Listing
from tospec.ir.names import EntityNames
from tospec.ir.places import Places
from tospec.lowering import naming
from tospec.lowering.conditions import Conditions
from tospec.lowering.fields import column_of
from tospec.lowering.schema import Schema
from tospec.lowering.tables import word_table
from tospec.model import Entity, Field, FieldType, Kind, Operation, Relation, System
from tospec.model.parameters import SEARCH, computed_type, parameters_of
from tospec.python import Code, snake, symbol

_UUID: Final = symbol("uuid", "UUID")
_EQUAL: Final = {
    FieldType.STRING: Code("str"),
    FieldType.TEXT: Code("str"),
    FieldType.UUID: _UUID,
    FieldType.EMAIL: Code("str"),
    FieldType.URL: Code("str"),
    FieldType.SLUG: Code("str"),
}
_RANGE: Final = (FilterKind.AT_LEAST, FilterKind.AT_MOST)
_PERIOD: Final = (FilterKind.AT_LEAST, FilterKind.BEFORE)
_BOUNDS: Final = {
    FieldType.INT: (Code("int"), _RANGE),
    FieldType.DECIMAL: (symbol("decimal", "Decimal"), _RANGE),
    FieldType.DURATION: (symbol("datetime", "timedelta"), _RANGE),
    FieldType.TIMESTAMP: (symbol("datetime", "datetime"), _PERIOD),
    FieldType.DATE: (symbol("datetime", "date"), _PERIOD),
}


def unlisted(system: System, entity: Entity) -> Iterator[str]:
    """Yield the computed values, and the fields with ids of other rows, that no list tells.

    Those by which a list is sorted are worked out for it all the same.
    """
    views = (o.view for o in system.operations_of(entity.name) if o.kind is Kind.LIST)
    told = {name for view in views if view for name in system.view(view).fields}
    needed = {*told, *entity.listing.sort}
    yield from (each.name for each in entity.computed if each.name not in needed)
    many = (each.name for each in entity.relations if each.many)
    yield from (naming.link_field(name) for name in many if name not in told)


class Lists:
    """Lowers the lists of one entity."""

    def __init__(
        self, schema: Schema, places: Places, conditions: Conditions, entity: Entity
    ) -> None:
        self._schema = schema
        self._places = places
        self._conditions = conditions
        self._entity = entity

    def listing(self, operations: tuple[Operation, ...]) -> Listing:
        """Return what lists of the entity offer."""
        options = self._entity.listing
        under = self._entity.under
        return Listing(
            filters=tuple(self._filters()),
            sorts=options.sort,
            default_sort=options.default_sort,
            fixed=tuple(self._fixed(each) for each in operations if _is_fixed(each)),
            under=naming.reference_column(under) if under else None,
        )

    def _fixed(self, operation: Operation) -> FixedList:
        where = operation.where
        return FixedList(
            function=snake(operation.name),
            operation=operation.name,
            condition=self._conditions.listed(self._entity, where) if where else None,
        )

    def _filters(self) -> Iterator[Filter]:
        for name in self._entity.listing.filter:
            relation = self._entity.relation(name)
            field = self._entity.field(name)
            if relation is not None:
                yield self._of_relation(relation)
            elif field is not None:
                yield from self._of_field(field)
            else:
                yield from self._of_computed(name)
        words = word_table(self._entity)
        if words is not None:
            yield Filter(
                name=SEARCH,
                kind=FilterKind.SEARCH,
                of="",
                type=Code("str"),
                columns=(words.own.column,),
                table=words.name,
            )

    def _of_relation(self, relation: Relation) -> Filter:
        if not relation.many:
            column = naming.reference_column(relation.name)
            return Filter(
                name=column, kind=FilterKind.EQUAL, of=relation.name, type=_UUID, columns=(column,)
            )
        many = self._schema.many(self._entity.name, relation.name)
        return Filter(
            name=naming.reference_column(naming.singular(relation.name)),
            kind=FilterKind.LINKED,
            of=relation.name,
            type=_UUID,
            columns=(many.column, many.link_column),
            table=many.link[1] if many.link else "",
        )

    def _of_field(self, field: Field) -> Iterator[Filter]:
        enum = column_of(self._entity, field).enum
        if enum is not None:
            type_ = self._places.enum(self._names, enum.type)
            yield self._filter(field.name, FilterKind.AMONG, field.name, type_, is_field=True)
        else:
            yield from self._of_type(field.name, field.type, is_field=True)

    def _of_computed(self, name: str) -> Iterator[Filter]:
        computed = self._schema.computed(self._entity.name, name)
        type_ = computed_type(computed) if computed else FieldType.STRING
        yield from self._of_type(name, type_, is_field=False)

    def _of_type(self, name: str, type_: FieldType, *, is_field: bool) -> Iterator[Filter]:
        if type_ is FieldType.BOOL:
            yield self._filter(name, FilterKind.TRUTH, name, Code("bool"), is_field=is_field)
        elif type_ in _BOUNDS:
            code, kinds = _BOUNDS[type_]
            for parameter, kind in zip(parameters_of(name, type_), kinds, strict=True):
                yield self._filter(parameter, kind, name, code, is_field=is_field)
        else:
            code = _EQUAL.get(type_, Code("str"))
            yield self._filter(name, FilterKind.EQUAL, name, code, is_field=is_field)

    def _filter(
        self, name: str, kind: FilterKind, of: str, type_: Code, *, is_field: bool
    ) -> Filter:
        columns = (of,) if is_field else ()
        computed = "" if is_field else of
        return Filter(name=name, kind=kind, of=of, type=type_, columns=columns, computed=computed)

    @property
    def _names(self) -> EntityNames:
        return naming.entity_names(self._entity.name)


def _is_fixed(operation: Operation) -> bool:
    return operation.kind is Kind.LIST and operation.origin == "spec"
