"""`app/commands/<entities>/<operation>.py`: one change, from the lookup to the service."""

from collections.abc import Iterator

from tospec.ir.conditions import Action, Form
from tospec.ir.entities import Entity
from tospec.ir.logic import UseCase
from tospec.ir.names import EntityNames
from tospec.ir.operations import Operation, OperationKind, Precondition
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.headers import operation_header
from tospec.profiles.cqrs.render.messages import id_field, message, payload_field, schema
from tospec.profiles.cqrs.render.variables import row_variable, type_name
from tospec.python import Code, attribute, docstring, fill, join, literal, module, symbol

_BODY = Code("body = command.body.value")
_POLICIES = "app.authorization.policies"


def render_command(case: UseCase, path: str) -> str:
    """Return the module of one command."""
    entity, operation = case.entity, case.operation
    result = places.model(entity.names) if operation.view else Code("None")
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
        shared=operation.shared,
        transaction=symbol("app.db.engine", "Transaction"),
    )
    return module(operation_header(operation), body, artifact=path)


def _fields(entity: Entity, operation: Operation) -> Iterator[Code]:
    for parameter in operation.parameters:
        yield id_field(parameter)
    if operation.body:
        yield payload_field(_input(operation), schema(entity, operation.body))
    if operation.precondition is not Precondition.NONE:
        yield fill("condition: {}", symbol("app.core.preconditions", "Precondition"))


def _input(operation: Operation) -> str:
    return "changes" if operation.kind is OperationKind.UPDATE else "body"


def _statements(entity: Entity, operation: Operation) -> Iterator[Code]:
    if operation.kind is not OperationKind.CREATE:
        yield from _change(entity, operation)
    elif operation.under is None:
        yield _service(entity)
        yield Code("return await service.create(body)")
    else:
        above = row_variable(operation.under)
        yield found(operation.under, operation.parameters[0], "command")
        yield _service(entity)
        yield fill("return await service.create({}.id, command.body.value)", above)


def _change(entity: Entity, operation: Operation) -> Iterator[Code]:
    row = row_variable(entity.names)
    arguments = [row, *(fill("command.{}", attribute(each)) for each in operation.parameters[1:])]
    yield _service(entity)
    key = attribute(operation.parameters[0])
    yield fill("{} = await service.get_for_update(command.{})", row, key)
    if operation.policy:
        yield from _decision(entity, row, operation.policy)
    if operation.body:
        name = attribute(_input(operation))
        yield fill("{0} = command.{0}.value", name)
        arguments.append(name)
    if operation.precondition is not Precondition.NONE:
        yield fill("command.condition.check({})", row)
    method = attribute(operation.method)
    call = fill("await service.{}({})", method, join(", ", arguments))
    yield fill("return {}", call) if operation.view else call


def _decision(entity: Entity, row: Code, action: Action) -> Iterator[Code]:
    allowed = fill("{}(actor, {})", _may(entity, f"may_{action.name}"), row)
    if action.form is Form.SQL:
        yield _asked(entity, row, action)
        allowed = Code("allowed")
    yield fill(
        "{}({}, actor=actor, action={}, resource={}, resource_id={}.id)",
        symbol("app.authorization.decisions", "require_object"),
        allowed,
        literal(action.name),
        literal(entity.names.singular),
        row,
    )


def _asked(entity: Entity, row: Code, action: Action) -> Code:
    """Return the statement that asks the database whether the actor may do an action."""
    names = entity.names
    return fill(
        "allowed = await {}(transaction).holds({}.id, {}({}.of(actor)), tenant_id=actor.tenant_id)",
        symbol(f"app.repositories.{names.plural}", f"{names.type}Repository"),
        row,
        _may(entity, f"allows_{action.name}"),
        symbol("app.authorization.principal", "Principal"),
    )


def _may(entity: Entity, function: str) -> Code:
    return symbol(f"{_POLICIES}.{entity.names.plural}", attribute(function).text)


def _service(entity: Entity) -> Code:
    names = entity.names
    service = symbol(f"app.services.{names.plural}", f"{names.type}Service")
    return fill("service = {}(transaction, actor, self._settings)", service)


def found(names: EntityNames, parameter: str, message_name: str) -> Code:
    """Return the statement that finds the row above, as far as the actor sees it."""
    return fill(
        "{} = await {}(transaction).get({}.{}, tenant_id=actor.tenant_id, visible={}.visible({}))",
        row_variable(names),
        symbol(f"app.repositories.{names.plural}", f"{names.type}Repository"),
        attribute(message_name),
        attribute(parameter),
        places.policy(names),
        fill("{}.of(actor)", symbol("app.authorization.principal", "Principal")),
    )
