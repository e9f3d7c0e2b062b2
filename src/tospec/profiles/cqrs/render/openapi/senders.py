"""Operations by which other services tell something."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.senders import Message, Sender
from tospec.profiles.cqrs.render.members import is_required
from tospec.profiles.cqrs.render.openapi.common import QUOTA, REFERENCE, Common, Schema
from tospec.profiles.cqrs.render.openapi.members import Members
from tospec.profiles.cqrs.render.openapi.problems import Problems
from tospec.profiles.cqrs.render.senders import data_about, data_model, message_model, route_about
from tospec.python import docstring_value

_JSON: Final = "application/json"
_HEADERS: Final = {
    "Webhook-Id": "What the sender knows the message by, however often it is sent.",
    "Webhook-Timestamp": "When it was signed, in seconds since 1970.",
    "Webhook-Signature": "`v1,` and the HMAC-SHA256 of id, time and body; several with blanks.",
}


def receiving(sender: Sender, common: Common, problems: Problems) -> Schema:
    """Return the operation that takes in the messages of a service."""
    raised = (*common.always, *common.raised["BodyReader"], "UnverifiedMessageError")
    limited = (QUOTA,) if common.limited else ()
    about = docstring_value(route_about(sender), indent=4).removesuffix(".").replace("`", "")
    return {
        "tags": ["integrations"],
        "operationId": f"receive_{sender.name}",
        "summary": about,
        "parameters": [_header(name, about) for name, about in _HEADERS.items()],
        "requestBody": {"required": True, "content": {_JSON: {"schema": _body(sender)}}},
        "responses": {
            "204": {"description": "No Content"},
            **problems.answers((*raised, *limited)),
        },
    }


def told_components(sender: Sender, members: Members) -> Iterator[tuple[str, Schema]]:
    """Yield the schemas of the messages of a service, by name."""
    for message in sender.messages:
        yield data_model(message), _data(message, members)
        yield message_model(message), _message(message)


def _header(name: str, about: str) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": about,
        "schema": {"type": "string"},
    }


def _body(sender: Sender) -> Schema:
    models = [{"$ref": f"{REFERENCE}{message_model(each)}"} for each in sender.messages]
    return models[0] if len(models) == 1 else {"anyOf": models, "title": "Body"}


def _data(message: Message, members: Members) -> Schema:
    required = [each.name for each in message.members if is_required(each)]
    return {
        "title": data_model(message),
        "description": docstring_value(data_about(message), indent=4),
        "type": "object",
        "properties": {each.name: members.sent(each, has_default=True) for each in message.members},
    } | ({"required": required} if required else {})


def _message(message: Message) -> Schema:
    return {
        "title": message_model(message),
        "description": docstring_value(message.event.about, indent=4),
        "type": "object",
        "properties": {
            "type": {"const": message.type, "title": "Type", "type": "string"},
            "data": {"$ref": f"{REFERENCE}{data_model(message)}"},
        },
        "required": ["type", "data"],
    }
