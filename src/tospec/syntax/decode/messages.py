"""What other services tell of their own accord, and the events that it becomes."""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.model import Event, Field, FieldType, Integration, Message, Sending
from tospec.syntax import codes
from tospec.syntax.conventions import integrations_1
from tospec.syntax.decode.custom import http_of
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.fields import decode_field
from tospec.syntax.decode.relations import USER
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import BUILT_IN_ENTITIES, check_member_name
from tospec.syntax.notations import parameters
from tospec.syntax.parts import Part
from tospec.syntax.problems import Problems

_GIVEN: Final = ("tolerance", "unknown", "keep")
_TOLD: Final = frozenset(
    (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.SLUG)
) | {FieldType.INT, FieldType.BOOL, FieldType.UUID, FieldType.DATE, FieldType.TIMESTAMP}
_TAKEN: Final = ("tenant_id",)


def announce_messages(parts: Iterable[Part], environment: Environment) -> None:
    """Let entities, operations and jobs know which events other services tell."""
    for part in parts:
        sends = part.keys.record("sends")
        for name, _ in sends.named("messages") if sends else ():
            environment.sender_of.setdefault(name.text, part.name.text)


def decode_sending(part: Part, environment: Environment) -> Sending | None:
    """Return what an integration tells; integrations-1 fills in what the spec leaves out."""
    keys = part.keys.record("sends")
    if keys is None:
        return None
    _check_http(keys, environment.problems)
    messages = tuple(_message(*each, environment) for each in keys.named("messages"))
    _check_types(keys, messages, environment.problems)
    method_and_path = http_of(keys)
    return Sending(
        path=method_and_path[1] if method_and_path else integrations_1.path_of(part.name.text),
        secret=keys.text("secret"),
        tolerance=keys.seconds("tolerance") or integrations_1.TOLERANCE,
        unknown=keys.text("unknown") or integrations_1.UNKNOWN,
        keep=keys.seconds("keep") or integrations_1.KEEP,
        messages=messages,
        given=tuple(key for key in _GIVEN if key in keys),
        span=keys.span,
    )


def events_told(integrations: Iterable[Integration]) -> Iterator[Event]:
    """Yield the events that messages of other services become."""
    for each in integrations:
        for message in each.sends.messages if each.sends else ():
            yield Event(
                name=message.event,
                of=message.of,
                payload=(),
                each=None,
                description=message.description,
                requirements=each.requirements,
                span=message.span,
                message=message,
                sender=each.name,
            )


def _check_http(keys: Keys, problems: Problems) -> None:
    method, path = http_of(keys) or ("POST", "")
    if method != "POST":
        message = "Messages come by POST."
        problems.add(codes.BAD_PATH, keys.place("http"), message, f"POST {path}")
    if parameters(keys.text("http")):
        message = "The path of messages has no parameters."
        help_ = "What a message is about stands in its `data`."
        problems.add(codes.BAD_PATH, keys.place("http"), message, help_)


def _message(name: Word, keys: Keys, environment: Environment) -> Message:
    references = [each for each in keys.named("data") if "ref" in each[1]]
    data = [each for each in keys.named("data") if "ref" not in each[1]]
    for word, _ in (*references, *data):
        _check_name(word, environment.problems)
    for word, _ in references[1:]:
        message = "A message is about one row, whose tenant it is about."
        help_ = "Let it be a `uuid` that nobody looks up."
        environment.problems.add(codes.MISPLACED_KEY, word.span, message, help_)
    return Message(
        event=name.text,
        type=keys.text("type"),
        about=_about(*references[0]) if references else None,
        of=_entity(references[0][1], environment) if references else "",
        data=tuple(_told(word, each, environment.problems) for word, each in data),
        span=name.span,
        description=keys.text("description"),
    )


def _about(name: Word, keys: Keys) -> Field:
    return Field(
        name=name.text,
        type=FieldType.UUID,
        span=name.span,
        optional=keys.flag("optional"),
        description=keys.text("description"),
    )


def _check_name(word: Word, problems: Problems) -> None:
    check_member_name(word.text, "input", word.span, problems)
    if word.text in _TAKEN:
        message = f"'{word.text}' is a part of every event."
        problems.add(codes.RESERVED_NAME, word.span, message, "Let the service call it otherwise.")


def _entity(keys: Keys, environment: Environment) -> str:
    word = keys.word("ref")
    if word is None:
        return ""
    environment.names.resolve(codes.UNKNOWN_ENTITY, word, environment.names.entities)
    skeleton = environment.skeletons.get(word.text)
    is_brought = skeleton is not None and skeleton.part is None
    if word.text != USER and (word.text in BUILT_IN_ENTITIES or is_brought):
        message = f"No message is about a row of '{word.text}', which the conventions keep."
        help_ = "Name an entity of the spec, or User."
        environment.problems.add(codes.WRONG_ENTITY, word.span, message, help_)
    return word.text


def _told(word: Word, keys: Keys, problems: Problems) -> Field:
    field = decode_field(word, keys, problems)
    if field.type not in _TOLD:
        message = f"A {field.type} is not taken from other services."
        help_ = f"It is one of {', '.join(sorted(_TOLD))}."
        problems.add(codes.WRONG_MEMBER, field.span, message, help_)
    return field


def _check_types(keys: Keys, messages: Iterable[Message], problems: Problems) -> None:
    """Report messages of one type, of which each would be two events."""
    first: dict[str, Message] = {}
    for message, (_, spec) in zip(messages, keys.named("messages"), strict=True):
        known = first.setdefault(message.type, message)
        if known is not message:
            text = f"{known.event} is of the type '{message.type}' already."
            related = ((known.span, f"{known.event} is here."),)
            place = spec.place("type")
            problems.add(codes.DUPLICATE_NAME, place, text, "Let jobs follow one event.", related)
