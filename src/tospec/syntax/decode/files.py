"""Entities whose rows are files."""

from typing import Final

from tospec.model import Field, FieldType, FileRule, Generated, Relation
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.keys import Keys
from tospec.syntax.problems import Problems

ORIGIN: Final = "file"
NAME: Final = "name"
"""The only member of a file's row that a client writes."""

_LONGEST_NAME: Final = 255
_NAME_PATTERN: Final = "[^/\\\\\x00-\x1f\x7f]+"
"""Neither separators of paths nor control characters, which stand for themselves here."""
_LONGEST_TYPE: Final = 127
_DIGEST: Final = 64


def file_rule(keys: Keys) -> FileRule | None:
    """Return what the files of an entity may be; None when its rows are no files."""
    spec = keys.record("file")
    if spec is None:
        return None
    return FileRule(
        max_size=spec.octets("max_size") or 0,
        media_types=tuple(word.text for word in spec.words("media_types")),
        span=keys.key_place("file"),
    )


def file_fields(keys: Keys) -> tuple[Field, ...]:
    """Return the fields that every file has: its name, and what its bytes tell."""
    if "file" not in keys:
        return ()
    span = keys.key_place("file")
    return (
        Field(
            name=NAME,
            type=FieldType.STRING,
            span=span,
            length=(1, _LONGEST_NAME),
            pattern=_NAME_PATTERN,
            description="What the file is called; no path.",
            origin=ORIGIN,
        ),
        _told("media_type", FieldType.STRING, span, length=(1, _LONGEST_TYPE)),
        _told("size", FieldType.INT, span),
        _told("sha256", FieldType.STRING, span, length=(_DIGEST, _DIGEST)),
    )


def check_file(
    keys: Keys, fields: tuple[Field, ...], relations: tuple[Relation, ...], problems: Problems
) -> None:
    """Report members that a client would have to send beside a file."""
    if "file" not in keys:
        return
    crud = keys.record("crud")
    under = crud.text("under") if crud else ""
    written = [(field.name, field.span) for field in fields if field.writable]
    written += [(r.name, r.span) for r in relations if r.writable and r.name != under]
    for name, span in written:
        message = f"The body that creates the row is the file; nothing in it could say '{name}'."
        help_ = "Make it managed, and let a command set it; or name the relation in `crud.under`."
        problems.add(codes.MISPLACED_KEY, span, message, help_)


_ABOUT: Final = {
    "media_type": "What the client said that the file is.",
    "size": "How many bytes it has.",
    "sha256": "The SHA-256 of its bytes, in hexadecimal.",
}


def _told(
    name: str, type_: FieldType, span: Span, *, length: tuple[int, int] | None = None
) -> Field:
    return Field(
        name=name,
        type=type_,
        span=span,
        length=length,
        generated=Generated.FILE,
        immutable=True,
        description=_ABOUT[name],
        origin=ORIGIN,
    )
