"""Entities of the spec: their fields, and what can be done to their rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tospec.ir.logic import Resource, UseCase
from tospec.ir.operations import Operation, OperationKind, Precondition, Selection
from tospec.ir.schemas import Body, Member, MemberKind, Parameters, View
from tospec.ir.services import Link
from tospec.profiles.cqrs.render.admin.fields import (
    Described,
    Names,
    filter_of,
    segment_of,
    sent_field,
    shown_field,
)
from tospec.profiles.cqrs.render.openapi.json_text import Json
from tospec.python import kebab, title_words

_UNSEEN: Final = ("id", "version")
"""What rows have that tells people nothing."""
_CALLED: Final = ("name", "title", "subject", "label", "email", "key", "code", "reference")
_TEXTS: Final = (MemberKind.STRING, MemberKind.SLUG, MemberKind.EMAIL, MemberKind.TEXT)


def resource_of(resource: Resource, names: Names) -> Described:
    """Return what the page has to know of an entity."""
    entity = resource.entity
    fields = names.of_fields(entity)
    members = _members(resource)
    found: Described = {
        "name": entity.names.singular,
        "segment": segment_of(entity),
        "noun": entity.names.noun,
        "nouns": entity.names.nouns,
        "about": entity.description,
        "audited": entity.audit,
        "fields": [shown_field(each, fields) for each in members if each.name not in _UNSEEN],
        "label": _label(members),
    }
    if entity.lifecycle:
        found["state"] = entity.lifecycle.field
    return found | _operations(resource, fields)


def _members(resource: Resource) -> tuple[Member, ...]:
    """Return all that reading and listing rows shows, what reading shows first."""
    views = _views(resource)
    found = {
        member.name: member
        for kind in (OperationKind.READ, OperationKind.LIST)
        for case in resource.operations
        if case.operation.kind is kind and case.operation.view
        for member in views[case.operation.view].members
    }
    return tuple(found.values())


def _views(resource: Resource) -> dict[str, View]:
    return {view.type: view for view in resource.schemas.views}


def _label(members: Iterable[Member]) -> str:
    """Return the field by which people call a row: a name, else the first text, else the id."""
    known = {each.name: each for each in members}
    called = next((name for name in _CALLED if name in known), "")
    texts = (each.name for each in known.values() if each.kind in _TEXTS)
    return called or next(texts, "id")


def _operations(resource: Resource, references: Mapping[str, str]) -> Described:
    bodies = {body.type: body for body in resource.schemas.bodies}
    parameters = {each.type: each for each in resource.schemas.parameters}
    views = _views(resource)
    found: Described = {}
    lists: list[Described] = []
    for operation in (case.operation for case in resource.operations):
        described = _described(operation, bodies, references)
        match operation.kind:
            case OperationKind.LIST if operation.selection is Selection.DELETED:
                columns = _columns(views[operation.view or ""])
                found["deleted"] = described | {"columns": columns}
            case OperationKind.LIST:
                lists.append(
                    _list(operation, parameters[operation.query or ""], references)
                    | {"columns": _columns(views[operation.view or ""])}
                )
            case OperationKind.CREATE:
                found["create"] = described | _creation(resource, operation)
            case (
                OperationKind.READ
                | OperationKind.UPDATE
                | OperationKind.DELETE
                | OperationKind.RESTORE
                | OperationKind.DOWNLOAD as kind
            ):
                found[kind.value] = described
            case _:
                pass
    return found | {
        "lists": lists,
        "commands": list(_commands(resource, bodies, references)),
        "links": [_link(resource, each) for each in resource.service.links],
    }


def _columns(view: View) -> list[Json]:
    return [each.name for each in view.members if each.name not in _UNSEEN]


def _described(
    operation: Operation, bodies: Mapping[str, Body], references: Mapping[str, str]
) -> Described:
    found: Described = {
        "method": operation.http_method.upper(),
        "path": operation.path,
        "permission": operation.permission,
    }
    if operation.precondition is not Precondition.NONE:
        found["versioned"] = True
    if operation.body in bodies:
        creates = operation.kind is not OperationKind.UPDATE
        members = bodies[operation.body or ""].members
        found["fields"] = [sent_field(each, references, creates=creates) for each in members]
    return found


def _creation(resource: Resource, operation: Operation) -> Described:
    found: Described = {"keyed": operation.keyed}
    if operation.under:
        found["under"] = operation.under.singular
    if operation.upload and resource.entity.file:
        found["max_size"] = resource.entity.file.max_size
    return found


def _list(operation: Operation, parameters: Parameters, references: Mapping[str, str]) -> Described:
    found: Described = {
        "title": title_words(operation.name) if operation.selection is Selection.FIXED else "All",
        "path": operation.path,
        "permission": operation.permission,
        "filters": [filter_of(each, references) for each in parameters.filters],
        "sorts": list(parameters.sorts),
        "sort": parameters.default_sort,
    }
    if operation.selection is Selection.UNDER and operation.under:
        found["under"] = operation.under.singular
    return found


def _commands(
    resource: Resource, bodies: Mapping[str, Body], references: Mapping[str, str]
) -> Iterator[Described]:
    """Yield what can be asked of one row beside changing its fields."""
    moves = {case.operation.name: case.operation for case in resource.operations}
    for operation in moves.values():
        if operation.kind in {OperationKind.TRANSITION, OperationKind.ACTION}:
            described = _described(operation, bodies, references)
            title = title_words(
                operation.function.removesuffix(f"_{resource.entity.names.singular}")
            )
            told = {"title": title, "about": operation.about} | described
            yield told | _move(resource, operation) | _needs(resource, operation)


def _needs(resource: Resource, operation: Operation) -> Described:
    """Return what a row must be like so that a command is of use, as far as it is shown."""
    shown = {member.name for member in _members(resource)}
    needs: list[Json] = [
        {"field": each.member, "is" if each.equal else "not": each.value}
        for each in operation.tellings
        if each.member in shown
    ]
    return {"needs": needs} if needs else {}


def _move(resource: Resource, operation: Operation) -> Described:
    moves, edges = resource.service.lifecycle, resource.entity.lifecycle
    if operation.kind is not OperationKind.TRANSITION or moves is None or edges is None:
        return {}
    values = dict(edges.enum.members)
    name = next(each.name for each in moves.transitions if each.method == operation.method)
    edge = next(each for each in edges.transitions if each.name == name)
    return {
        "move": name,
        "from": [values[each] for each in edge.sources],
        "to": values[edge.target],
    }


def _link(resource: Resource, link: Link) -> Described:
    found: Described = {
        "field": link.field,
        "noun": title_words(link.word).lower(),
        "to": link.to.singular,
    }
    for kind in (OperationKind.LINK, OperationKind.UNLINK):
        for case in resource.operations:
            if case.operation.kind is kind and _is_about(case, link):
                found[kind.value] = _described(case.operation, {}, {})
    return found


def _is_about(case: UseCase, link: Link) -> bool:
    return f"/{kebab(link.relation)}/{{" in case.operation.path
