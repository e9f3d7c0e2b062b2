"""`app/events/<entities>.py`: what is announced about an entity."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tospec.ir.events import Event, PayloadItem
from tospec.ir.logic import Logic, Resource
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.members import stored_type
from tospec.profiles.cqrs.render.variables import row_variable, type_name
from tospec.python import Code, attribute, docstring, fill, join, literal, module, symbol


def _account_names(noun: str) -> EntityNames:
    return EntityNames(
        type=noun.capitalize(),
        singular=noun,
        plural=f"{noun}s",
        noun=noun,
        nouns=f"{noun}s",
        article="an" if noun[0] in "aeiou" else "a",
        segment=f"{noun}s",
    )


_TENANT: Final = "Tenant"
_WEBHOOK: Final = "Webhook"
_ACCOUNT_EVENTS: Final = (
    ("tenant_created", "TenantCreated"),
    ("user_invited", "UserInvited"),
    ("user_joined", "UserJoined"),
)
"""What happens to accounts, and the classes by which the scaffold announces it."""
_ACCOUNT_ENTITIES: Final = {
    "tenant_created": _account_names("tenant"),
    "user_invited": _account_names("invitation"),
    "user_joined": _account_names("user"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    type: Code
    name: Code
    docstring: Code
    members: tuple[tuple[Code, Code], ...]
    tenant: Code
    parameters: Code
    of_docstring: Code | None
    values: tuple[tuple[Code, Code], ...]


def event_class(event: Event) -> Code:
    """Return the use of the class of an event."""
    for key, class_ in _ACCOUNT_EVENTS:
        if _ACCOUNT_ENTITIES[key].type == event.of.type:
            return symbol("app.events.accounts", class_)
    if event.sender:
        return symbol(f"app.events.from_{event.sender}", type_name(event.name).text)
    if event.of.type == _WEBHOOK:
        return symbol("app.events.webhooks", "WebhookDisabled")
    return symbol(f"app.events.{event.of.plural}", type_name(event.name).text)


def render_account_events(logic: Logic, path: str) -> str:
    """Return the module of the events about accounts."""
    given = dict(logic.account_events)
    events = [_named(given[key], class_) for key, class_ in _ACCOUNT_EVENTS if key in given]
    silent = [
        _silent(_ACCOUNT_ENTITIES[key], class_)
        for key, class_ in _ACCOUNT_EVENTS
        if key not in given
    ]
    body = TEMPLATES.render("events.py.j2", artifact=path, events=[*events, *silent])
    return module("Events about accounts.", body, artifact=path)


def render_events(resource: Resource, path: str) -> str:
    """Return the module of the events about an entity."""
    events = [_event(event) for event in resource.events]
    body = TEMPLATES.render("events.py.j2", artifact=path, events=events)
    return module(f"Events about {resource.entity.names.nouns}.", body, artifact=path)


def render_told_by(sender: str, told: Iterable[Event], path: str) -> str:
    """Return the module of the events that another service tells."""
    events = [replace(_event(event), of_docstring=None) for event in told]
    body = TEMPLATES.render("events.py.j2", artifact=path, events=events)
    return module(f"What `{sender}` tells of its own accord.", body, artifact=path)


def scaffold_events(of: EntityNames, class_: str, event: Event | None) -> list[_Event]:
    """Return the one event about an entity of the scaffold, announced or not."""
    return [_named(event, class_) if event else _silent(of, class_)]


def _named(event: Event, class_: str) -> _Event:
    return replace(_event(event), type=type_name(class_))


def _silent(of: EntityNames, class_: str) -> _Event:
    """Return an event that the scaffold makes, but that is not announced."""
    row = row_variable(of)
    return _Event(
        type=type_name(class_),
        name=literal(""),
        docstring=docstring("Not announced.", indent=4),
        members=(),
        tenant=_tenant(of, row),
        parameters=fill("{}: {}", row, places.model(of)),
        of_docstring=docstring(f"Return the event about `{row.text}`.", indent=8),
        values=(),
    )


def _tenant(of: EntityNames, row: Code) -> Code:
    return fill("{}.{}", row, Code("id" if of.type == _TENANT else "tenant_id"))


def _event(event: Event) -> _Event:
    row = row_variable(event.of)
    return _Event(
        type=type_name(event.name),
        name=literal(event.name),
        docstring=docstring(event.about, indent=4),
        members=tuple(_members(event)),
        tenant=_tenant(event.of, row),
        parameters=_parameters(event, row),
        of_docstring=docstring(_about(event, row), indent=8),
        values=tuple(_values(event, row)),
    )


def _members(event: Event) -> Iterator[tuple[Code, Code]]:
    for item in event.items:
        yield attribute(item.name), stored_type(event.of, item.member)
    if event.each:
        yield attribute(event.each), symbol("uuid", "UUID")


def _parameters(event: Event, row: Code) -> Code:
    model = places.model(event.of)
    parameters = [fill("{}: {}", row, model)]
    if event.has_before or event.each:
        parameters.append(Code("*"))
    if event.has_before:
        parameters.append(fill("before: {} | None", model))
    if event.each:
        parameters.append(fill("{}: {}", attribute(event.each), symbol("uuid", "UUID")))
    return join(", ", parameters)


def _about(event: Event, row: Code) -> str:
    besides = f" and `{event.each}`" if event.each else ""
    before = ", which was `before`" if event.has_before else ""
    return f"Return the event about `{row.text}`{besides}{before}."


def _values(event: Event, row: Code) -> Iterator[tuple[Code, Code]]:
    for item in event.items:
        yield attribute(item.name), _value(item, row)
    if event.each:
        yield attribute(event.each), attribute(event.each)


def _value(item: PayloadItem, row: Code) -> Code:
    of = attribute(item.of)
    if item.before:
        return fill("None if before is None else before.{}", of)
    return fill("{}.{}", row, of)
