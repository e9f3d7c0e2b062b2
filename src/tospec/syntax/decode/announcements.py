"""Error cases and events."""

import builtins
from collections.abc import Iterable, Iterator
from typing import Final

from tospec.model import ErrorCase, Event, PayloadItem
from tospec.python import kebab
from tospec.syntax import codes
from tospec.syntax.conventions import accounts_1, lifecycle_1, rest_1
from tospec.syntax.declaring import Catalogue, error_class
from tospec.syntax.decode.environment import Environment
from tospec.syntax.keys import Word
from tospec.syntax.parts import Part

_TAKEN_CLASSES: Final = frozenset(
    f"{stem}Error"
    for stem in (
        "App",
        "Configuration",
        "Field",
        "LastOwner",
        "MissingTenant",
        "Problem",
        "Referenced",
        "Rule",
        "TooManyAttempts",
        "UniqueConflict",
        "Validation",
    )
)


def decode_errors(parts: Iterable[Part], names: Catalogue) -> Iterator[ErrorCase]:
    """Yield the error cases of the spec."""
    for part in parts:
        for name, spec in part.keys.named("errors"):
            _check_code(name, names)
            _check_class(name, names)
            yield ErrorCase(
                code=name.text,
                status=spec.whole("status") or 0,
                message=spec.text("message"),
                requirements=part.requirements,
                span=name.span,
            )


def _check_class(name: Word, names: Catalogue) -> None:
    """Report an error case whose exception would have the name of one of every backend."""
    class_name = error_class(name.text)
    if class_name in _TAKEN_CLASSES or hasattr(builtins, class_name):
        message = f"'{name.text}' would be called {class_name}, which every backend has."
        names.problems.add(codes.RESERVED_NAME, name.span, message, "Say more in the name.")


def _check_code(name: Word, names: Catalogue) -> None:
    taken = (accounts_1.LAST_OWNER, lifecycle_1.INVALID_TRANSITION)
    if name.text in taken or kebab(name.text) in rest_1.PROBLEMS:
        message = f"'{name.text}' is a problem that every backend has."
        help_ = "Leave it out, or give the error case another name."
        names.problems.add(codes.RESERVED_NAME, name.span, message, help_)


def announce_events(parts: Iterable[Part], environment: Environment) -> None:
    """Let entities and operations know what each event is about."""
    for part in parts:
        for name, spec in part.keys.named("events"):
            of = spec.text("of")
            if of in environment.skeletons:
                environment.event_of.setdefault(name.text, (of, spec.text("each")))


def decode_events(parts: Iterable[Part], environment: Environment) -> Iterator[Event]:
    """Yield the events of the spec."""
    for part in parts:
        for name, spec in part.keys.named("events"):
            of = spec.word("of")
            if of is None:
                continue
            environment.names.resolve(codes.UNKNOWN_ENTITY, of, environment.names.entities)
            each = spec.word("each")
            payload = tuple(_payload(spec.words("payload"), of.text, environment))
            _check_each(each, payload, environment)
            yield Event(
                name=name.text,
                of=of.text,
                payload=payload,
                each=each.text if each else None,
                description=spec.text("description"),
                requirements=part.requirements,
                span=name.span,
            )


def _payload(words: Iterable[Word], of: str, environment: Environment) -> Iterator[PayloadItem]:
    skeleton = environment.skeletons.get(of)
    for word in words:
        path = word.text.removeprefix("before.")
        if skeleton and path not in skeleton.members:
            environment.unknown_member(Word(path, word.span), of)
        yield PayloadItem(path=path, before=path != word.text, span=word.span)


def _check_each(
    each: Word | None, payload: tuple[PayloadItem, ...], environment: Environment
) -> None:
    carried = [item.path for item in payload if not item.before]
    if each and each.text in carried:
        message = f"The payload carries a '{each.text}' of its own."
        help_ = "Give the item another name."
        environment.problems.add(codes.DUPLICATE_NAME, each.span, message, help_)
