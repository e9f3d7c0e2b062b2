"""Secrets: known ones become placeholders in everything that is printed or kept."""

import re
from collections.abc import Collection, Iterator, Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

from tospec.verify.base import Answer

HIDDEN: Final = "[secret]"
_LEAST: Final = 8
_NAMES: Final = re.compile(
    r"(?i)(token|secret|passw|api[_-]?key|jwt|credential|authorization|cookie|session[_-]?id)"
)
_NOT_SECRET: Final = re.compile(r"(?i)(_type|_at|_in|expires|lifetime|_count|_length)$")
_SIGNED: Final = re.compile(r"(?:[A-Za-z]+ )?eyJ[\w\-]+\.[\w\-]+")
_COOKIE: Final = re.compile(r"(?:^|,)\s*([^=;,\s]+)=([^;,\s]+)")
_LONGEST: Final = 8_192
_MOST: Final = 50_000
_MAX_DEPTH: Final = 20
_MAX_VALUES: Final = 10_000
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Secrets:
    """The secrets of a run, by value, each with a name for placeholders; for many threads.

    A text that shares eight characters or more with a secret loses them, so that a tampered or a
    cut token gives nothing away either.

    Args:
        members: Names of members of answers that hold secrets, besides those that look like it.
    """

    def __init__(self, members: Collection[str] = ()) -> None:
        self._members = frozenset(members)
        self._names: dict[str, str] = {}
        self._grams: set[str] = set()
        self._short: dict[str, str] = {}
        self._lock = Lock()

    def add(self, value: str, name: str, *, least: int = _LEAST) -> None:
        """Remember a secret; the first name stays. Shorter texts than `least` are no secrets."""
        value = value[:_LONGEST]
        with self._lock:
            if len(value) < max(least, 1) or value in self._names or len(self._names) > _MOST:
                return
            names = self._names if len(value) >= _LEAST else self._short
            names[value] = placeholder_name(name)
            for part in _secret_parts(value):
                self._grams.update(_grams(part))

    def learn(self, answer: Answer) -> None:
        """Remember what an answer hands out: tokens in its body, cookies in its headers."""
        for name, value in self._handed_out(answer.json):
            self.add(value, name)
        for name, value in answer.headers.items():
            if name == "set-cookie":
                for cookie, content in _COOKIE.findall(value):
                    self.add(content, cookie)
            elif _names_a_secret(name) and name != "www-authenticate":
                self.add(value, name)

    def learn_body(self, body: Any) -> None:
        """Remember the secrets in a body that the target accepted, such as a new password."""
        for name, value in self._handed_out(body):
            self.add(value, name)

    def pieces(self, text: str, others: Mapping[str, str] = _NONE) -> list[tuple[str, bool]]:
        """Split a text: plain pieces, and names of secrets (True) in place of their values.

        Args:
            text: What may hold secrets.
            others: Further values with names, which are no secrets.
        """
        with self._lock:
            names = {**others, **self._short, **(self._names if self._touches(text) else {})}
        found = [value for value in names if value in text]
        if not found:
            return [(self._blurred(text), False)] if text else []
        pattern = "|".join(map(re.escape, sorted(found, key=lambda v: (-len(v), v))))
        pieces: list[tuple[str, bool]] = []
        for piece in re.split(f"({pattern})", text):
            if piece in names:
                pieces.append((names[piece], True))
            elif piece:
                pieces.append((self._blurred(piece), False))
        return pieces

    def masked(self, text: str, others: Mapping[str, str] = _NONE) -> str:
        """Return a text with `$NAME` in place of each secret; see `pieces`."""
        pieces = self.pieces(text, others)
        return "".join(f"${piece}" if is_name else piece for piece, is_name in pieces)

    def _handed_out(self, json: Any) -> Iterator[tuple[str, str]]:
        """Yield names and values of the members that hold secrets, as far as is worth looking."""
        waiting, seen = [(json, "", 0)], 0
        while waiting and seen < _MAX_VALUES:
            value, name, depth = waiting.pop()
            seen += 1
            if isinstance(value, str):
                if name in self._members or _names_a_secret(name):
                    yield name, value
            elif isinstance(value, Mapping) and depth < _MAX_DEPTH:
                waiting += [(inner, str(key), depth + 1) for key, inner in value.items()]
            elif isinstance(value, list) and depth < _MAX_DEPTH:
                waiting += [(inner, name, depth + 1) for inner in value]

    def _touches(self, text: str) -> bool:
        """Return whether a text may hold a secret: quick, since nearly none does."""
        return any(gram in self._grams for gram in _grams(text))

    def _blurred(self, text: str) -> str:
        """Return a text without what it shares with a secret."""
        grams = self._grams
        hits = [at for at in range(len(text) - _LEAST + 1) if text[at : at + _LEAST] in grams]
        out, end = [], 0
        for begin, stop in _runs(hits):
            out += [text[end:begin], HIDDEN]
            end = stop
        return "".join([*out, text[end:]])


def placeholder_name(name: str) -> str:
    """Return a name as one of a shell variable, such as `MEMBER_1_TENANT_A`."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()[:60]
    return plain if plain and not plain[0].isdigit() else f"SECRET_{plain}".rstrip("_")


def _names_a_secret(name: str) -> bool:
    return bool(_NAMES.search(name)) and not _NOT_SECRET.search(name)


def _secret_parts(value: str) -> list[str]:
    """Return what of a secret is secret: of a signed token, its signature."""
    head, _, signature = value.rpartition(".")
    return [signature] if _SIGNED.fullmatch(head) else [value]


def _grams(text: str) -> Iterator[str]:
    return (text[at : at + _LEAST] for at in range(len(text) - _LEAST + 1))


def _runs(hits: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that overlapping hits cover."""
    begin = end = -1
    for hit in hits:
        if hit > end:
            if begin >= 0:
                yield begin, end
            begin = hit
        end = hit + _LEAST
    if begin >= 0:
        yield begin, end
