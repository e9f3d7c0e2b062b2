"""What bodies and queries must look like: small functions that take a value or raise a fault."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tests.verify.peers.todo.problems import faults

type Reader = Callable[[Any], Any]

REQUIRED: Final[Any] = object()
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)


class Wrong(ValueError):  # noqa: N818 - caught two lines further on
    """A value that does not fit.

    Args:
        place: Where in the value, such as `/0`.
    """

    def __init__(self, code: str, detail: str, place: str = "") -> None:
        super().__init__(code)
        self.told = (code, detail)
        self.place = place


def text(least: int, most: int) -> Reader:
    """Read a text by its number of code points."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("type", "Must be a text.")
        if not least <= len(value) <= most:
            raise Wrong("length", f"Must have {least} to {most} characters.")
        return value

    return read


def one_of(*values: str) -> Reader:
    """Read one of some texts."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in values:
            raise Wrong("enum", f"Must be one of {', '.join(values)}.")
        return value

    return read


def nullable(reader: Reader) -> Reader:
    """Read null, or what `reader` reads."""
    return lambda value: None if value is None else reader(value)


def boolean(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Wrong("type", "Must be true or false.")
    return value


def truth(value: Any) -> bool:
    """Read `true` or `false` in a query."""
    if value not in {"true", "false"}:
        raise Wrong("type", "Must be true or false.")
    return bool(value == "true")


def number(least: int, most: int) -> Reader:
    """Read a whole number in a query."""

    def read(value: Any) -> int:
        if not re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", value) or not least <= int(value) <= most:
            raise Wrong("range", f"Must be a whole number from {least} to {most}.")
        return int(value)

    return read


def identifier(value: Any) -> str:
    """Read a UUID; it comes out in lower case."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Wrong("type", "Must be a UUID.")
    return str(uuid.UUID(value))


def email(value: Any) -> str:
    """Read an address."""
    if not isinstance(value, str) or len(value) > 254 or not _EMAIL.fullmatch(value):
        raise Wrong("format", "Must be an e-mail address.")
    return value


def instant(value: Any) -> datetime:
    """Read a moment with its offset; it comes out in UTC."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise Wrong("format", "Must be a date and time with an offset.")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("range", "There is no such moment.") from None


def identifiers(most: int) -> Reader:
    """Read a list of UUIDs, none of them twice."""

    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > most:
            raise Wrong("type", f"Must be a list of at most {most}.")
        found = [_at(place, each) for place, each in enumerate(value)]
        if len(set(found)) < len(found):
            raise Wrong("distinct", "Must not hold anything twice.")
        return found

    return read


def _at(place: int, value: Any) -> str:
    try:
        return identifier(value)
    except Wrong as wrong:
        raise Wrong(*wrong.told, place=f"/{place}") from None


class Body:
    """The members of a body: a reader each, and what stands for one that is left out.

    Args:
        defaults: Values of members that may be left out; the others are required.
        partial: Whether every member may be left out, and then is left out of the result.
    """

    def __init__(
        self,
        readers: Mapping[str, Reader],
        defaults: Mapping[str, Any] | None = None,
        *,
        partial: bool = False,
    ) -> None:
        self._readers = readers
        self._defaults = {} if partial else dict(defaults or {})
        self._optional = set(readers) if partial else set(self._defaults)

    def read(self, value: Any) -> dict[str, Any]:
        """Return the members.

        Raises:
            Refused: With all that is wrong.
        """
        if not isinstance(value, dict):
            raise faults([("#", "type", "Must be an object.")])
        found = [("#", "unknown", "Unknown member.") for name in value if name not in self._readers]
        missing = self._readers.keys() - self._optional - value.keys()
        found += [(f"#/{name}", "missing", "Is required.") for name in sorted(missing)]
        members = dict(self._defaults)
        for name in [name for name in self._readers if name in value]:
            try:
                members[name] = self._readers[name](value[name])
            except Wrong as wrong:
                found.append((f"#/{name}{wrong.place}", *wrong.told))
        if found:
            raise faults(found)
        return members


def parameters(
    pairs: Sequence[tuple[str, str]], readers: Mapping[str, Reader], lists: frozenset[str]
) -> dict[str, Any]:
    """Return the parameters of a query; those in `lists` may come several times.

    Raises:
        Refused: With all that is wrong.
    """
    found: list[tuple[str, str, str]] = []
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name not in readers:
            found.append(("?", "unknown", "Unknown parameter."))
        elif name in values and name not in lists:
            found.append((f"?{name}", "repeated", "May be given only once."))
        else:
            try:
                read = readers[name](value)
                values[name] = [*values.get(name, []), read] if name in lists else read
            except Wrong as wrong:
                found.append((f"?{name}", *wrong.told))
    if found:
        raise faults(found)
    return values
