"""From the spec's operations to commands and queries."""

import re
from dataclasses import replace
from typing import Final

from tospec.ir.conditions import Action
from tospec.ir.entities import Entity as Data
from tospec.ir.operations import Fault, Operation, OperationKind, Precondition, Selection
from tospec.ir.services import Service
from tospec.lowering import faults, naming, schemas
from tospec.lowering.bulks import shared_by_bulks
from tospec.lowering.offers import tellings_of
from tospec.lowering.services import method_name
from tospec.model import Entity, Kind, System
from tospec.model import Operation as ModelOperation
from tospec.python import sentence, snake, title_words

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_VERBS: Final = {
    Kind.CREATE: "Create",
    Kind.READ: "Read",
    Kind.LIST: "List",
    Kind.UPDATE: "Change",
    Kind.DELETE: "Delete",
    Kind.RESTORE: "Restore",
    Kind.DELETED: "List",
    Kind.DOWNLOAD: "Hand out",
}
_QUERIES: Final = frozenset(kind for kind in OperationKind if kind.is_query)
_CREATE: Final = OperationKind.CREATE


def operations_of(
    system: System, entity: Entity, data: Data, service: Service
) -> tuple[Operation, ...]:
    """Return the operations about an entity, in the spec's order; accounts are scaffold."""
    shared = shared_by_bulks(system, entity)
    return tuple(
        replace(
            operation_of(entity, data, service, operation),
            keyed=system.takes_key(operation),
            shared=operation.name in shared,
        )
        for operation in system.operations_of(entity.name)
        if operation.kind is not Kind.ACCOUNT
    )


def operation_of(
    entity: Entity, data: Data, service: Service, operation: ModelOperation
) -> Operation:
    """Return one operation."""
    kind = _kind(operation)
    path = path_of(data, operation)
    parameters = tuple(_PARAMETER.findall(path))
    is_list = kind is OperationKind.LIST
    return Operation(
        name=operation.name,
        function=snake(operation.name),
        kind=kind,
        about=about(data, operation),
        http_method=operation.method.lower(),
        path=path,
        parameters=parameters,
        permission=operation.permission,
        policy=_policy(data, operation),
        under=naming.entity_names(_above(entity)) if _is_below(entity, operation) else None,
        body=_body(data, operation),
        method=method_name(data, operation),
        other=parameters[-1] if operation.relation else None,
        precondition=_precondition(entity, kind),
        view=schemas.view_type(entity, operation.view) if operation.view else None,
        query=schemas.parameters_type(data, operation) if is_list else None,
        selection=_selection(entity, data, operation),
        has_filters=bool(data.listing.filters) and schemas.is_own_list(operation),
        versioned=entity.optimistic and kind is not OperationKind.MEASURE,
        upload=operation.upload,
        faults=_faults(service, kind, operation),
        requirements=operation.requirements,
        tellings=tuple(tellings_of(entity, operation)),
    )


def _kind(operation: ModelOperation) -> OperationKind:
    if operation.kind is Kind.DELETED:
        return OperationKind.LIST
    return OperationKind(operation.kind.value)


def path_of(data: Data, operation: ModelOperation) -> str:
    """Return an operation's path with the parameters that its endpoint has."""
    path = _PARAMETER.sub(lambda found: f"{{{found[1]}_id}}", operation.path)
    if operation.relation is None:
        return path
    field = naming.link_field(operation.relation)
    link = next(each for each in data.links if each.field == field)
    # Both ends of a link may be rows of one entity.
    return f"{path[: path.rindex('{')]}{{{link.other.column}}}"


def about(data: Data, operation: ModelOperation) -> str:
    """Return what an operation does, in a sentence."""
    if operation.description:
        return sentence(operation.description)
    if operation.kind in {Kind.LINK, Kind.UNLINK}:
        return _about_link(data, operation)
    if operation.kind is Kind.TRANSITION:
        return f"Move {data.names.a_noun} to `{_target(data, operation)}`."
    if operation.origin == "spec":
        return f"{title_words(operation.name)}."
    nouns = {Kind.LIST: data.names.nouns, Kind.DELETED: f"deleted {data.names.nouns}"}
    return f"{_VERBS[operation.kind]} {nouns.get(operation.kind, data.names.a_noun)}."


def _about_link(data: Data, operation: ModelOperation) -> str:
    relation = (operation.relation or "").replace("_", " ")
    other = _PARAMETER.findall(operation.path)[-1].replace("_", " ")
    article = "an" if other[0] in "aeio" else "a"
    if operation.kind is Kind.LINK:
        return f"Add {article} {other} to the {relation} of {data.names.a_noun}."
    return f"Take {article} {other} from the {relation} of {data.names.a_noun}."


def _target(data: Data, operation: ModelOperation) -> str:
    if data.lifecycle is None:
        return ""
    found = (t.target for t in data.lifecycle.transitions if t.name == operation.transition)
    member = next(found)
    return next(value for name, value in data.lifecycle.enum.members if name == member)


def _policy(data: Data, operation: ModelOperation) -> Action | None:
    wanted = operation.policy
    return next((action for action in data.policy.actions if action.name == wanted), None)


def _above(entity: Entity) -> str:
    relation = entity.relation(entity.under or "")
    return relation.to if relation else entity.name


def _is_below(entity: Entity, operation: ModelOperation) -> bool:
    if entity.under is None:
        return False
    own = operation.kind is Kind.LIST and schemas.is_own_list(operation)
    return own or operation.kind is Kind.CREATE


def _body(data: Data, operation: ModelOperation) -> str | None:
    match operation.kind:
        case Kind.CREATE:
            return schemas.create_body(data)
        case Kind.UPDATE:
            return schemas.update_body(data)
        case _:
            return schemas.input_body(data, operation)


def _precondition(entity: Entity, kind: OperationKind) -> Precondition:
    if not entity.optimistic or kind in _QUERIES or kind is _CREATE:
        return Precondition.NONE
    return Precondition.REQUIRED if kind is OperationKind.UPDATE else Precondition.OPTIONAL


def _selection(entity: Entity, data: Data, operation: ModelOperation) -> Selection:
    if operation.kind is Kind.DELETED:
        return Selection.DELETED
    if not schemas.is_own_list(operation):
        return Selection.FIXED
    if entity.under is not None:
        return Selection.UNDER
    return Selection.MATCHING if data.listing.filters else Selection.ALL


def _faults(service: Service, kind: OperationKind, operation: ModelOperation) -> tuple[Fault, ...]:
    found = _method_faults(service, kind, operation)
    if kind in _QUERIES or kind is _CREATE:
        return found
    return tuple(dict.fromkeys((*(f for f in found if not f.is_own), faults.CONCURRENT, *found)))


def _method_faults(
    service: Service, kind: OperationKind, operation: ModelOperation
) -> tuple[Fault, ...]:
    """Return the errors of the method behind an operation."""
    single = {
        OperationKind.CREATE: service.create,
        OperationKind.UPDATE: service.update,
        OperationKind.DELETE: service.delete,
        OperationKind.RESTORE: service.restore,
    }
    if method := single.get(kind):
        return method.faults
    moves = service.lifecycle.transitions if service.lifecycle else ()
    found = (
        *(each.faults for each in moves if each.name == operation.transition),
        *(each.faults for each in service.links if each.relation == operation.relation),
        *(each.faults for each in service.actions if each.operation == operation.name),
    )
    return next(iter(found), ())
