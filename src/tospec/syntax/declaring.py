"""First pass over a spec: which names it declares, so that the second can resolve them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tospec.model.integrations import previous
from tospec.python import pascal, snake
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.conventions import webhooks_1
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import (
    BUILT_IN_ENTITIES,
    Declared,
    check_class_name,
    check_integration_name,
    check_setting_name,
    check_tables,
    check_word,
)
from tospec.syntax.parts import Part, all_of
from tospec.syntax.problems import Problems

_SECRETS: Final = ("bearer", "secret")
"""Keys of `auth` that name a setting."""
_SUFFIXES: Final = ("Create", "Update", "ListParameters", "Filters", "Repository", "Service")
"""Ends of the names of classes that every entity has beside its own."""


@dataclass(slots=True)
class Catalogue:
    """The names that a spec declares, by kind.

    Attributes:
        classes: All names that become classes, whatever their kind, with kind and place.
    """

    problems: Problems
    entities: Declared = field(init=False)
    views: Declared = field(init=False)
    operations: Declared = field(init=False)
    bulks: Declared = field(init=False)
    jobs: Declared = field(init=False)
    schedules: Declared = field(init=False)
    integrations: Declared = field(init=False)
    events: Declared = field(init=False)
    errors: Declared = field(init=False)
    permissions: Declared = field(init=False)
    roles: Declared = field(init=False)
    settings: Declared = field(init=False)
    classes: dict[str, tuple[str, Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entities = Declared("entity", self.problems)
        self.views = Declared("view", self.problems)
        self.operations = Declared("operation", self.problems)
        self.bulks = Declared("bulk", self.problems)
        self.jobs = Declared("job", self.problems)
        self.schedules = Declared("schedule", self.problems)
        self.integrations = Declared("integration", self.problems)
        self.events = Declared("event", self.problems)
        self.errors = Declared("error case", self.problems)
        self.permissions = Declared("permission", self.problems)
        self.roles = Declared("role", self.problems)
        self.settings = Declared("setting", self.problems)

    def add_class(self, name: str, what: str, span: Span) -> None:
        """Take in a name that becomes a class; report one that another kind of thing has."""
        first, first_span = self.classes.setdefault(name, (what, span))
        if first != what:
            message = f"The {what} '{name}' has the name of the {first} '{name}'."
            related = ((first_span, f"The {first} is here."),)
            help_ = "Both would be one class in the code; give one of them another name."
            self.problems.add(codes.CLASS_CLASH, span, message, help_, related)

    def resolve(self, code: str, word: Word, declared: Declared) -> str:
        """Return a name and report it when nothing of its kind is called so.

        A spec without any roles has one question to answer, not one for each place that names a
        role or a permission; so these are reported only when there are some.
        """
        of_roles = declared is self.roles or declared is self.permissions
        unsaid = of_roles and not self.roles.spans
        if word.text not in declared.spans and not unsaid:
            self.problems.unknown(code, word.span, declared.what, word.text, declared.spans.keys())
        return word.text


def declare(parts: tuple[Part, ...], problems: Problems) -> Catalogue:
    """Return the names that the parts declare; report those that are taken or alike."""
    names = Catalogue(problems)
    for name in BUILT_IN_ENTITIES:
        names.entities.spans[name] = Span("", 1, 1)
    if all_of(parts, "webhooks"):
        for name in (webhooks_1.WEBHOOK, webhooks_1.DELIVERY):
            names.entities.spans[name] = Span("", 1, 1)
    for kind, declared in (("entity", names.entities), ("view", names.views)):
        _declare_classes(all_of(parts, kind), kind, declared, names)
    for kind in ("command", "query", "measures"):
        _declare_classes(all_of(parts, kind), "operation", names.operations, names)
    for kind, declared in (
        ("bulk", names.bulks),
        ("job", names.jobs),
        ("schedule", names.schedules),
    ):
        _declare_classes(all_of(parts, kind), kind, declared, names)
    for word in _events(parts):
        _declare_class(word, "event", names.events, names)
    _declare_words(parts, names)
    _declare_integrations(all_of(parts, "integration"), names)
    check_tables(((p.name.text, p.name.span) for p in all_of(parts, "entity")), problems)
    return names


def _events(parts: tuple[Part, ...]) -> Iterator[Word]:
    """Yield the events that happen here, and those that other services tell."""
    for part in all_of(parts, "events"):
        yield from (word for word, _ in part.keys.entries("events"))
    for part in all_of(parts, "integration"):
        sends = part.keys.record("sends")
        yield from (word for word, _ in (sends.entries("messages") if sends else ()))


def _declare_classes(
    parts: Iterable[Part], what: str, declared: Declared, names: Catalogue
) -> None:
    for part in parts:
        if part.keys.word(part.kind):
            _declare_class(part.name, what, declared, names)


def _declare_class(word: Word, what: str, declared: Declared, names: Catalogue) -> None:
    check_class_name(word.text, what, word.span, names.problems)
    built_in = what == "entity" and word.text in BUILT_IN_ENTITIES
    if built_in or not declared.add(word.text, word.span):
        return
    names.add_class(word.text, what, word.span)
    for suffix in _SUFFIXES if what == "entity" else ():
        names.add_class(f"{word.text}{suffix}", f"part of {word.text}", word.span)


def _declare_words(parts: tuple[Part, ...], names: Catalogue) -> None:
    for part in all_of(parts, "roles"):
        for role in part.keys.words("roles"):
            check_word(role.text, "role", role.span, names.problems)
            names.roles.add(role.text, role.span)
        for word, _ in part.keys.entries("permissions"):
            names.permissions.add(word.text, word.span)
    for kind, declared in (("errors", names.errors), ("settings", names.settings)):
        for part in all_of(parts, kind):
            for word, _ in part.keys.entries(kind):
                declared.add(word.text, word.span)


def _declare_integrations(parts: Iterable[Part], names: Catalogue) -> None:
    """Take in the names of integrations, and of the settings that they bring."""
    for part in parts:
        check_integration_name(part.name.text, part.name.span, names.problems)
        names.integrations.add(part.name.text, part.name.span)
        auth = part.keys.record("auth")
        secrets = [auth.word(key) for key in _SECRETS] if auth else []
        for word in (part.keys.word("url"), *secrets, *_signing(part.keys.record("sends"))):
            if word:
                check_setting_name(word.text, word.span, names.problems)
                names.settings.add(word.text, word.span)


def _signing(sends: Keys | None) -> Iterator[Word]:
    """Yield the settings with what signs the messages of a service, and with what did before."""
    word = sends.word("secret") if sends else None
    if word:
        yield word
        yield Word(previous(word.text), word.span)


def variable(entity: str) -> str:
    """Return the name of a row of an entity in expressions and paths: `task` for `Task`."""
    return snake(entity)


def enum_class(entity: str, field_name: str) -> str:
    """Return the name of the class that holds the values of an enum field."""
    return f"{entity}{pascal(field_name)}"


def error_class(code: str) -> str:
    """Return the name of the class of an error case."""
    return f"{pascal(code).removesuffix('Error')}Error"


__all__ = ["Catalogue", "Keys", "declare", "enum_class", "error_class", "variable"]
