"""Functions of `app/seed.py` that say what is to be done with a row."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.entities import Entity
from tospec.ir.names import EntityNames
from tospec.ir.operations import Operation, Precondition
from tospec.ir.seed import Kind
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.messages import message_class, schema
from tospec.profiles.cqrs.render.variables import row_variable
from tospec.python import Code, attribute, fill, identifier, join, lines, symbol

_TAKEN: Final = frozenset(("crew", "crews", "each", "linked", "rows", "turn", "turns"))


def steps_of(kind: Kind) -> Iterator[Code]:
    """Yield the functions that say what is to be done with a row."""
    used = {name for way in kind.ways for name in way}
    for link in kind.links:
        yield _factory(kind, link.operation, "user_id" if link.to is None else "other_id")
    for move in kind.moves:
        if move.operation.function in used and move.operation.body:
            yield _factory(kind, move.operation, "body")
        elif move.operation.function in used:
            yield _plain(kind, move.operation)


def _plain(kind: Kind, operation: Operation) -> Code:
    names = kind.entity.names
    message = message_class(kind.entity, operation)
    row = seed_row(names)
    return lines(
        (
            fill(
                "def {}({}: {}) -> {}:", step_function(operation), row, places.model(names), message
            ),
            fill("    return {}", _message(kind, operation, ())),
        )
    )


def _factory(kind: Kind, operation: Operation, name: str) -> Code:
    """Return the function of a step that needs more than the row."""
    parameter = identifier(name)
    if name == "body":
        type_ = body_class(kind.entity, operation)
        payload = symbol("app.core.inputs", "Payload")
        extra = ("body", fill("{}.of({})", payload, parameter))
    else:
        type_ = symbol("uuid", "UUID")
        extra = (operation.parameters[-1], parameter)
    model = places.model(kind.entity.names)
    return lines(
        (
            fill(
                "def {}({}: {}) -> crews.Step[{}]:",
                step_function(operation),
                parameter,
                type_,
                model,
            ),
            fill(
                "    return lambda {}: {}",
                seed_row(kind.entity.names),
                _message(kind, operation, (extra,)),
            ),
        )
    )


def _message(kind: Kind, operation: Operation, extra: tuple[tuple[str, Code], ...]) -> Code:
    own = (operation.parameters[0], fill("{}.id", seed_row(kind.entity.names)))
    condition = (
        [("condition", symbol("app.core.preconditions", "NO_PRECONDITION"))]
        if operation.precondition is not Precondition.NONE
        else []
    )
    return called(message_class(kind.entity, operation), [own, *extra, *condition])


def body_class(entity: Entity, operation: Operation) -> Code:
    """Return the use of the class of an operation's body."""
    return schema(entity, operation.body or "")


def step_function(operation: Operation) -> Code:
    """Return the function of a step."""
    return fill("_{}", attribute(operation.function))


def seed_row(names: EntityNames) -> Code:
    """Return the variable of one row."""
    row = row_variable(names)
    return identifier(f"{row.text}_row") if row.text in _TAKEN else row


def called(maker: Code, members: list[tuple[str, Code]]) -> Code:
    """Return a call with arguments by name."""
    arguments = (fill("{}={}", attribute(name), value) for name, value in members)
    return fill("{}({})", maker, join(", ", arguments))
