"""`app/schemas/<entities>.py`: bodies, parameters of lists, views."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.ir.entities import FileRule
from tospec.ir.listing import FilterKind
from tospec.ir.logic import Resource
from tospec.ir.names import EntityNames
from tospec.ir.schemas import Body, Parameter, Parameters, View
from tospec.ir.tables import EnumType
from tospec.profiles.cqrs.render.bulk_schemas import bulk_schemas
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.members import (
    default_of,
    queried_type,
    sent_type,
    shown_type,
)
from tospec.profiles.cqrs.render.prose import enum_about
from tospec.profiles.cqrs.render.schema_parts import Schema, absent
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, attribute, docstring, fill, join, literal, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Enum:
    type: Code
    docstring: Code
    members: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    max_size_name: Code
    max_size: Code
    media_types_name: Code
    media_types: Code


def render_schemas(resource: Resource, path: str) -> str:
    """Return the module of an entity's wire format."""
    body = TEMPLATES.render(
        "schemas.py.j2",
        artifact=path,
        enums=[_enum(resource.entity.names, each) for each in resource.schemas.own_enums],
        file=_file(resource.entity.file) if resource.entity.file else None,
        schemas=list(_schemas(resource)),
    )
    return module(f"Wire format of {resource.entity.names.nouns}.", body, artifact=path)


def _file(rule: FileRule) -> _File:
    listed = join(", ", map(literal, rule.media_types))
    return _File(
        max_size_name=Code(f"{rule.constant}_MAX_SIZE"),
        max_size=Code(f"{rule.max_size:_}"),
        media_types_name=Code(f"{rule.constant}_MEDIA_TYPES"),
        media_types=fill("({},)", listed),
    )


def _schemas(resource: Resource) -> Iterator[Schema]:
    names = resource.entity.names
    for body in resource.schemas.bodies:
        yield _body(names, body)
    for case in resource.bulks:
        yield from bulk_schemas(resource.entity, case.operation)
    for parameters in resource.schemas.parameters:
        yield _parameters(names, parameters)
    for view in resource.schemas.views:
        yield _view(names, view)


def _body(names: EntityNames, body: Body) -> Schema:
    return Schema(
        type=type_name(body.type),
        base=Code("Changes" if body.is_change else "Input"),
        docstring=docstring(body.about, indent=4),
        members=tuple(_members(names, body)),
    )


def _members(names: EntityNames, body: Body) -> Iterator[Code]:
    left_out = absent({member.name for member in body.members})
    for member in body.members:
        default = left_out if body.is_change else default_of(names, member)
        declared = fill("{}: {}", attribute(member.name), sent_type(names, member))
        yield declared if default is None else fill("{} = {}", declared, default)


def _parameters(names: EntityNames, parameters: Parameters) -> Schema:
    filters = (_filter(names, each) for each in parameters.filters)
    sort = [_sort(parameters)] if parameters.sorts else []
    return Schema(
        type=type_name(parameters.type),
        base=Code("ListParameters"),
        docstring=docstring(parameters.about, indent=4),
        members=(*filters, *sort),
    )


def _filter(names: EntityNames, parameter: Parameter) -> Code:
    name = attribute(parameter.filter.name)
    if parameter.member is None:
        return fill("{}: {} | None = None", name, symbol("app.schemas.fields", "SearchText"))
    value = queried_type(names, parameter.member)
    if parameter.filter.kind is FilterKind.AMONG:
        return fill("{}: tuple[{}, ...] = ()", name, value)
    return fill("{}: {} | None = None", name, value)


def _sort(parameters: Parameters) -> Code:
    choices = join(", ", map(literal, sort_choices(parameters)))
    default = literal(parameters.default_sort)
    return fill("sort: {}[{}] = {}", symbol("typing", "Literal"), choices, default)


def sort_choices(parameters: Parameters) -> tuple[str, ...]:
    """Return what a client may write for `sort`: each name, and each behind a minus sign."""
    return tuple(sort for name in parameters.sorts for sort in (name, f"-{name}"))


def _view(names: EntityNames, view: View) -> Schema:
    members = (fill("{}: {}", attribute(m.name), shown_type(names, m)) for m in view.members)
    return Schema(
        type=type_name(view.type),
        base=Code("View"),
        docstring=docstring(view.about, indent=4),
        members=tuple(members),
    )


def _enum(names: EntityNames, enum: EnumType) -> _Enum:
    return _Enum(
        type=type_name(enum.type),
        docstring=docstring(enum_about(names, enum), indent=4),
        members=tuple((Code(name), literal(value)) for name, value in enum.members),
    )
