"""What a job must send: as regular expressions, since what is not known may be anything."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from tospec.expression import Arithmetic, Kind, Path, Typed
from tospec.model import Job
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.reading import parts
from tospec.verify.oracle.wire import to_json
from tospec.verify.oracle.world import Undetermined, World
from tospec.verify.stubs.called import Called, Fits, fits_texts

_ANYTHING: Final = ".*"
_IDENTIFYING: Final = frozenset({Kind.STRING, Kind.UUID})

type Spell = Callable[[str], str]
"""Gives the id for a key; other texts stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a job must send of one event.

    Attributes:
        call: Name of the call.
        patterns: What each value must match, by name.
        personal: Names of values about somebody who was made for this event alone.
        telling: Names of other values that no other event would give.
    """

    call: str
    patterns: Mapping[str, str]
    personal: frozenset[str]
    telling: frozenset[str]

    @property
    def fits(self) -> Fits:
        """Whether a request tells of the event, as it has to."""
        return self._fitting(self.patterns)

    @property
    def is_telling(self) -> bool:
        """Whether a request that tells of this event can be told from others."""
        return bool(self.personal or self.telling)

    @property
    def strays(self) -> Fits:
        """Whether a request tells somebody else of the event."""
        rest = {name: p for name, p in self.patterns.items() if name not in self.personal}
        about_it, right = self._fitting(rest), self.fits
        certain = bool(self.telling and self.personal)
        return lambda called: certain and about_it(called) and not right(called)

    def _fitting(self, patterns: Mapping[str, str]) -> Fits:
        texts = fits_texts(patterns)

        def fits(called: Called) -> bool:
            return called.call == self.call and texts(called)

        return fits


def sent_of(
    job: Job,
    event: Mapping[str, object],
    world: World,
    spell: Spell,
    fresh: Collection[str],
) -> Sent:
    """Return what a job must send of an event, as far as that is known.

    Args:
        job: A job that asks for something.
        event: What the event carries, as far as that is known.
        world: What its rows are looked up in.
        spell: What ids are written with.
        fresh: Members of the event that are people whom nothing else is about.
    """
    around = Around(world=world, event=event)
    values = [(name, each.tree.root) for name, each in job.ask.values] if job.ask else []
    personal = {n for n, e in values if any(path.names[0] in fresh for path in _known(e, around))}
    told = {n for n, e in values if any(_identifies(path) for path in _known(e, around))}
    return Sent(
        call=job.ask.call if job.ask else "",
        patterns={name: _pattern(each, around, spell) for name, each in values},
        personal=frozenset(personal),
        telling=frozenset(told - personal),
    )


def _known(part: Typed, around: Around) -> list[Path]:
    """Return what an expression reads of the event that is known and not null."""
    found = [each for each in parts(part) if isinstance(each, Path) and each.root.name == "event"]
    return [each for each in found if each.names and _value(each, around) is not None]


def _value(part: Typed, around: Around) -> object:
    try:
        return value_of(part, around)
    except Undetermined:
        return None


def _identifies(path: Path) -> bool:
    # What is behind a person or a row that is there already says the same of other events.
    return len(path.names) == 1 and path.type.kind in _IDENTIFYING


def _pattern(part: Typed, around: Around, spell: Spell) -> str:
    try:
        value = value_of(part, around)
    except Undetermined:
        if isinstance(part, Arithmetic) and part.operator == "+":
            return _pattern(part.left, around, spell) + _pattern(part.right, around, spell)
        return _ANYTHING
    if value is None:
        return _ANYTHING
    shown = spell(value) if isinstance(value, str) else to_json(value)
    return re.escape(shown if isinstance(shown, str) else json.dumps(shown))
