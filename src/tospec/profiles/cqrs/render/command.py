"""`app/commands/<entities>/<operation>.py`: one change, from the lookup to the service."""

from collections.abc import Iterator

from tospec.ir.conditions import Action, Form
from tospec.ir.entities import Entity
from tospec.ir.logic import UseCase
from tospec.ir.operations import Operation, OperationKind, Precondition
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.finding import found, service
from tospec.profiles.cqrs.render.headers import operation_header
from tospec.profiles.cqrs.render.keys import created, request_field
from tospec.profiles.cqrs.render.messages import id_field, message, payload_field, schema
from tospec.profiles.cqrs.render.restoring import restorable_repository
from tospec.profiles.cqrs.render.transfers import render_upload
from tospec.profiles.cqrs.render.variables import row_variable, type_name
from tospec.python import Code, attribute, docstring, fill, join, literal, module, symbol

_BODY = Code("body = command.body.value")
_POLICIES = "app.authorization.policies"


def render_command(case: UseCase, path: str) -> str:
    """Return the module of one command."""
    entity, operation = case.entity, case.operation
    result = places.model(entity.names) if operation.view else Code("None")
    if operation.upload and entity.file:
        return render_upload(case, entity.file, path)
    flat = operation.kind is OperationKind.CREATE and operation.under is None
    body = TEMPLATES.render(
        "command.py.j2",
        artifact=path,
        type=type_name(operation.name),
        message=message(operation, result, list(_fields(entity, operation))),
        result=result,
        docstring=docstring(f"Carries out `{operation.name}` in one transaction.", indent=4),
        before=[_BODY] if flat else [],
        statements=list(_statements(entity, operation)),
        files=_files(entity, operation),
        afterwards=_afterwards(entity, operation),
        shared=operation.shared,
        transaction=symbol("app.db.transactions", "Transaction"),
    )
    return module(operation_header(operation), body, artifact=path)


def _files(entity: Entity, operation: Operation) -> Code | None:
    """Return the class of what a handler removes objects from, if it does."""
    removes = operation.kind is OperationKind.DELETE and entity.file and not entity.soft_delete
    return places.file_store() if removes else None


def _afterwards(entity: Entity, operation: Operation) -> Code | None:
    if _files(entity, operation) is None:
        return None
    row = row_variable(entity.names)
    return fill("await self._files.remove({}.id, tenant_id=actor.tenant_id)", row)


def _fields(entity: Entity, operation: Operation) -> Iterator[Code]:
    for parameter in operation.parameters:
        yield id_field(parameter)
    if operation.body:
        yield payload_field(_input(operation), schema(entity, operation.body))
    if operation.precondition is not Precondition.NONE:
        yield fill("condition: {}", symbol("app.core.preconditions", "Precondition"))
    if operation.keyed:
        yield request_field(entity)


def _input(operation: Operation) -> str:
    return "changes" if operation.kind is OperationKind.UPDATE else "body"


def _statements(entity: Entity, operation: Operation) -> Iterator[Code]:
    if operation.kind is not OperationKind.CREATE:
        yield from _change(entity, operation)
    elif operation.under is None:
        yield service(entity)
        yield created(operation, Code("service.create(body)"))
    else:
        above = row_variable(operation.under)
        yield found(operation.under, operation.parameters[0], "command")
        yield service(entity)
        if operation.keyed:
            # What is wrong with the body is told before the key is looked at.
            yield _BODY
        body = Code("body") if operation.keyed else Code("command.body.value")
        yield created(operation, fill("service.create({}.id, {})", above, body))


def _change(entity: Entity, operation: Operation) -> Iterator[Code]:
    row = row_variable(entity.names)
    arguments = [row, *(fill("command.{}", attribute(each)) for each in operation.parameters[1:])]
    yield service(entity)
    if operation.kind is OperationKind.UPDATE and entity.trees:
        yield _turn(entity).indented(8 if operation.shared else 12)
    key = attribute(operation.parameters[0])
    find = "get_to_restore" if operation.kind is OperationKind.RESTORE else "get_for_update"
    yield fill("{} = await service.{}(command.{})", row, Code(find), key)
    yield from _decision(entity, row, operation)
    if operation.body:
        name = attribute(_input(operation))
        yield fill("{0} = command.{0}.value", name)
        arguments.append(name)
    if operation.precondition is not Precondition.NONE:
        yield fill("command.condition.check({})", row)
    method = attribute(operation.method)
    call = fill("await service.{}({})", method, join(", ", arguments))
    yield fill("return {}", call) if operation.view else call


def _turn(entity: Entity) -> Code:
    """Return the statement that waits for other moves, if this is one."""
    columns = join(", ", (literal(tree.column) for tree in entity.trees))
    moves = fill("{}(command.changes, {})", symbol("app.schemas.base", "names"), columns)
    hold = fill("await {}(transaction).hold_trees(tenant_id=actor.tenant_id)", _repository(entity))
    return fill("if {}:\n    {}", moves, hold)


def _repository(entity: Entity) -> Code:
    return symbol(f"app.repositories.{entity.names.plural}", f"{entity.names.type}Repository")


def _decision(entity: Entity, row: Code, operation: Operation) -> Iterator[Code]:
    action = operation.policy
    if action is None:
        return
    allowed = fill("{}(actor, {})", _may(entity, f"may_{action.name}"), row)
    if action.form is Form.SQL:
        yield _asked(entity, row, action, operation)
        allowed = Code("allowed")
    yield fill(
        "{}({}, actor=actor, action={}, resource={}, resource_id={}.id)",
        symbol("app.authorization.decisions", "require_object"),
        allowed,
        literal(action.name),
        literal(entity.names.singular),
        row,
    )


def _asked(entity: Entity, row: Code, action: Action, operation: Operation) -> Code:
    """Return the statement that asks the database whether the actor may do an action."""
    restored = operation.kind is OperationKind.RESTORE
    repository = restorable_repository(entity.names) if restored else _repository(entity)
    return fill(
        "allowed = await {}(transaction).holds({}.id, {}(), tenant_id=actor.tenant_id)",
        repository,
        row,
        _may(entity, f"allows_{action.name}"),
    )


def _may(entity: Entity, function: str) -> Code:
    return symbol(f"{_POLICIES}.{entity.names.plural}", attribute(function).text)
