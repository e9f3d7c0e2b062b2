"""`app/inbox`: what other services tell of their own accord, and where it comes in."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.ir.logic import Logic
from tospec.ir.names import EntityNames
from tospec.ir.senders import Message, Sender
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.events import event_class, render_told_by
from tospec.profiles.cqrs.render.members import default_of, sent_type
from tospec.profiles.cqrs.render.project import duration
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import (
    Code,
    attribute,
    constant,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    snake,
    symbol,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    type: Code
    model: Code
    own: Code
    data: Code
    docstring: Code
    data_docstring: Code
    members: tuple[Code, ...]
    function: Code
    function_docstring: Code
    event: Code
    values: tuple[tuple[Code, Code], ...]
    table: Code
    about: Code
    subject: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    path: Code
    function: Code
    sender: Code
    docstring: Code


def render_senders(logic: Logic, path: str) -> str:
    """Return the module that lists the services that send messages."""
    names = [sender_constant(each) for each in logic.senders]
    listed = fill("({},)" if len(names) == 1 else "({})", join(", ", names))
    body = TEMPLATES.render("senders.py.j2", artifact=path, senders=listed)
    return module("What other services tell of their own accord.", body, artifact=path)


def render_sender(sender: Sender, path: str) -> str:
    """Return the module of the messages of one service."""
    now, before = sender.secrets
    body = TEMPLATES.render(
        "sender.py.j2",
        artifact=path,
        constant=constant(sender.name),
        known_as=literal(sender.name),
        at=literal(sender.path),
        secret=attribute(now),
        previous=attribute(before),
        tolerance=duration(sender.tolerance),
        keep=duration(sender.keep),
        refuses_unknown=literal(sender.refuses_unknown),
        messages=[_message(sender, each) for each in sender.messages],
    )
    return module(_served(sender), body, artifact=path)


def render_told(sender: Sender, path: str) -> str:
    """Return the module of the form of the messages of one service."""
    messages = [_message(sender, each) for each in sender.messages]
    body = TEMPLATES.render("told.py.j2", artifact=path, messages=messages)
    return module(f"Form of the messages of `{sender.name}`.", body, artifact=path)


def render_told_events(sender: Sender, path: str) -> str:
    """Return the module of the events that messages of one service become."""
    return render_told_by(sender.name, (each.event for each in sender.messages), path)


def render_inbox_routes(logic: Logic, path: str) -> str:
    """Return the module of the routes that take in messages."""
    routes = [_route(each) for each in logic.senders]
    body = TEMPLATES.render("inbox_routes.py.j2", artifact=path, routes=routes)
    header = "Routes of messages from other services: translate HTTP, and nothing else."
    return module(header, body, artifact=path)


def sender_constant(sender: Sender) -> Code:
    """Return the use of what is known of a service."""
    return symbol(f"app.inbox.{identifier(sender.name).text}", constant(sender.name).text)


def message_model(message: Message) -> str:
    """Return the name of the class of a message."""
    return f"{message.event.name}Message"


def data_model(message: Message) -> str:
    """Return the name of the class of what a message tells."""
    return f"{message.event.name}Data"


def route_about(sender: Sender) -> str:
    """Return one sentence about the route that takes in the messages of a service."""
    return f"Take in what `{sender.name}` tells of its own accord."


def data_about(message: Message) -> str:
    """Return one sentence about what a message tells."""
    return f"What `{message.type}` tells."


def _served(sender: Sender) -> str:
    served = f" ({', '.join(sender.requirements)})" if sender.requirements else ""
    return f"What `{sender.name}` tells of its own accord{served}."


def _message(sender: Sender, message: Message) -> _Message:
    event, of = message.event, message.event.of
    schemas = f"app.schemas.from_{sender.name}"
    return _Message(
        type=literal(message.type),
        model=symbol(schemas, type_name(message_model(message)).text),
        own=type_name(message_model(message)),
        data=type_name(data_model(message)),
        docstring=docstring(event.about, indent=4),
        data_docstring=docstring(data_about(message), indent=4),
        members=tuple(_members(of, message)),
        function=fill("_{}", identifier(snake(event.name))),
        function_docstring=docstring(f"Return the event that `{message.type}` is.", indent=4),
        event=event_class(event),
        values=tuple(
            (attribute(item.name), fill("message.data.{}", attribute(item.name)))
            for item in event.items
            if item.name != event.subject
        ),
        table=places.table(of, of.plural),
        about=attribute(message.about),
        subject=attribute(event.subject),
    )


def _members(of: EntityNames, message: Message) -> Iterator[Code]:
    for member in message.members:
        declared = fill("{}: {}", attribute(member.name), sent_type(of, member))
        default = default_of(of, member)
        yield declared if default is None else fill("{} = {}", declared, default)


def _route(sender: Sender) -> _Route:
    return _Route(
        path=literal(sender.path),
        function=fill("receive_{}", identifier(sender.name)),
        sender=sender_constant(sender),
        docstring=docstring(route_about(sender), indent=4),
    )
