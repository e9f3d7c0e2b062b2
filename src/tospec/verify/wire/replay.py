"""Replays: the requests of a case as lines for bash, complete and without a secret in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from tospec.evidence import Replay
from tospec.verify.base import NOTHING, Answer, Request
from tospec.verify.wire.encoding import body_bytes, outgoing_of
from tospec.verify.wire.exchange import Exchange
from tospec.verify.wire.secrets import Secrets, placeholder_name
from tospec.verify.wire.shell import bytes_expression, one_line, quoted
from tospec.verify.wire.target import Target

type History = Callable[[str, int], Sequence[Exchange]]
"""Returns what happened to the object of an id before the exchange of a number."""

MAX_EXCHANGES: Final = 60
_MAX_TEXT: Final = 8_000
_MAX_SEEN: Final = 400
_UNSENT_BY_CURL: Final = ("accept", "content-length", "user-agent")
_WORD: Final = re.compile(r"[A-Za-z0-9_\-]+")
_LEAST_ID: Final = 12
_TAKE_ID: Final = (
    'printf %s "$ANSWER" | tr -d "\\r" | sed "1,/^$/d" |'
    """ python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])'"""
)
_TAKE_TAG: Final = 'printf %s "$ANSWER" | tr -d "\\r" | sed -n "s/^[Ee][Tt][Aa][Gg]: //p"'
_CONDITIONS: Final = ("if-match", "if-none-match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayer:
    """Writes exchanges with a target as `curl` lines.

    What signs somebody in is a variable such as `$MEMBER_1_TENANT_A`, which holds the value of the
    header. Ids of objects and their entity tags are variables too, set by the lines that get them.
    """

    target: Target
    secrets: Secrets
    history: History

    def replay(self, exchanges: Sequence[Exchange]) -> Replay:
        """Return the lines; of very many exchanges the last ones."""
        shown = _complete(exchanges[-MAX_EXCHANGES:], self.history)
        page = _Page(self.target, self.secrets, _ids_used(shown), _tags_used(shown))
        left = len(exchanges) - MAX_EXCHANGES
        lines = [f"# after {left} other requests"] if left > 0 else []
        for group, together in groupby(shown, key=lambda exchange: exchange.group):
            lines += [line for exchange in together for line in page.lines(exchange)]
            lines += ["wait"] if group else []
        return Replay(lines=tuple(lines))

    def seen(self, answer: Answer) -> str:
        """Return in a few words what came back."""
        return _seen(answer, self.secrets.masked)


@dataclass(slots=True)
class _Page:
    """The lines of one replay. `ids` and `tags` are those that requests need."""

    target: Target
    secrets: Secrets
    ids: frozenset[str]
    tags: frozenset[str]
    _variables: dict[str, str] = field(default_factory=dict)
    _short: dict[str, str] = field(default_factory=dict)
    _tag_variables: dict[str, str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def lines(self, exchange: Exchange) -> Iterator[str]:
        """Yield the command of an exchange, what it sets, and as a comment what came back."""
        command = self._command(exchange)
        setting = list(self._setting(exchange))
        if exchange.group:
            yield f"{command} &"
        elif setting:
            yield f"ANSWER=$({command})"
            yield from setting
        else:
            yield command
        yield f"# -> {_seen(exchange.answer, self._masked)}"

    def _setting(self, exchange: Exchange) -> Iterator[str]:
        """Yield the lines that set what later requests need; a race sets nothing."""
        if exchange.group:
            return
        id_, known = exchange.id, self._variables if len(exchange.id) >= _LEAST_ID else self._short
        if id_ in self.ids and id_ not in known:
            known[id_] = self._name(f"{exchange.entity}_id")
            yield f"{known[id_]}=$({_TAKE_ID})"
        tag = exchange.answer.headers.get("etag", "")
        if tag in self.tags:
            self._tag_variables[tag] = self._name("etag")
            yield f"{self._tag_variables[tag]}=$({_TAKE_TAG})"

    def _command(self, exchange: Exchange) -> str:
        request = exchange.request
        outgoing = outgoing_of(request, exchange.credentials)
        words = ["curl -sS -i", *_method(request), self._url(outgoing.target)]
        for name, value in outgoing.headers:
            if name not in _UNSENT_BY_CURL or (name, value) in request.headers:
                words.append(f"-H {self._header(name, value)}")
        body = body_bytes(request.body)
        if body is None:
            return " ".join(words)
        if not any(name.lower() == "content-type" for name, _ in outgoing.headers):
            words.append("-H 'content-type:'")
        feeder, option = self._body(body)
        return " ".join([*feeder, *words, option])

    def _body(self, body: bytes) -> tuple[list[str], str]:
        """Return what feeds a body into curl, and the option that takes it."""
        text = body.decode("utf-8", "replace")
        if b"\0" not in body and len(body) <= _MAX_TEXT and text.encode() == body:
            return [], f"--data-raw {self._quoted(text)}"
        script = f"import sys; sys.stdout.buffer.write({bytes_expression(body)})"
        return [f"python3 -c {self._quoted(script)} |"], "--data-binary @-"

    def _url(self, target: str) -> str:
        """Return the URL; an id that is too short to be told from other text counts as a part."""
        parts = f"{self.target.url}{target}".split("/")
        words = [f'"${self._short[p]}"' if p in self._short else None for p in parts]
        if not any(words):
            return self._quoted("/".join(parts))
        return "/".join(word or self._quoted(part) for word, part in zip(words, parts, strict=True))

    def _header(self, name: str, value: str) -> str:
        variable = self._tag_variables.get(value) if name.lower() in _CONDITIONS else None
        if variable is not None:
            return f'{quoted(f"{name}: ")}"${variable}"'
        return self._quoted(f"{name}: {value}")

    def _quoted(self, text: str) -> str:
        if len(text) > _MAX_TEXT:
            return self._long(text)
        pieces = self.secrets.pieces(text, self._variables)
        words = [f'"${piece}"' if is_name else quoted(piece) for piece, is_name in pieces]
        return "".join(words) or "''"

    def _long(self, text: str) -> str:
        """Return a text that is mostly repetition as a short expression, and others cut."""
        masked = self.secrets.masked(text)
        expression = bytes_expression(masked.encode("utf-8", "surrogateescape"))
        if masked == text and len(expression) <= _MAX_TEXT:
            script = f"import sys; sys.stdout.buffer.write({expression})"
            return f'"$(python3 -c {quoted(script)})"'
        return quoted(f"{masked[:_MAX_TEXT]}[{len(text)} in all]")

    def _masked(self, text: str) -> str:
        return self.secrets.masked(text, self._variables)

    def _name(self, what: str) -> str:
        name = placeholder_name(what)
        self._counts[name] += 1
        return f"{name}_{self._counts[name]}"


def _complete(exchanges: Sequence[Exchange], history: History) -> list[Exchange]:
    """Return exchanges after all that made and changed the objects that they are about."""
    found = {exchange.number: exchange for exchange in exchanges}
    waiting = list(exchanges)
    seen: set[str] = set()
    while waiting and len(found) < 2 * MAX_EXCHANGES:
        exchange = waiting.pop()
        for id_ in _ids(exchange):
            if id_ not in seen:
                seen.add(id_)
                earlier = [e for e in history(id_, exchange.number) if e.number not in found]
                found |= {e.number: e for e in earlier}
                waiting += earlier
    return [found[number] for number in sorted(found)]


def _ids_used(exchanges: Sequence[Exchange]) -> frozenset[str]:
    return frozenset(id_ for exchange in exchanges for id_ in _ids(exchange))


def _tags_used(exchanges: Sequence[Exchange]) -> frozenset[str]:
    headers = (header for exchange in exchanges for header in exchange.request.headers)
    return frozenset(value for name, value in headers if name.lower() in _CONDITIONS)


def _ids(exchange: Exchange) -> list[str]:
    """Return what may be ids in a request, in order: parts of the path, long words elsewhere."""
    request = exchange.request
    body = (body_bytes(request.body) or b"")[:_MAX_TEXT].decode("utf-8", "replace")
    elsewhere = " ".join([*(value for _, value in request.query), body])
    parts = request.path.split("?")[0].split("/")
    words = [word for word in _WORD.findall(elsewhere) if len(word) >= _LEAST_ID]
    return list(dict.fromkeys([part for part in parts if part] + words))


def _method(request: Request) -> list[str]:
    """Return the options that make curl use a method, which it derives from others as well."""
    method, has_body = request.method, request.body is not NOTHING
    if method in ("GET", "HEAD") and not has_body:
        return [] if method == "GET" else ["--head"]
    # curl would wait for the body that an answer to HEAD does not have.
    patience = ["--max-time 10"] if method == "HEAD" else []
    return [*patience, "-X", method if method.isalpha() else quoted(method)]


def _seen(answer: Answer, masked: Callable[[str], str]) -> str:
    if answer.fault:
        return one_line(masked(answer.fault))
    text = masked(answer.body[: 10 * _MAX_SEEN].decode("utf-8", "replace"))
    tail = "…" if len(text) > _MAX_SEEN else ""
    return one_line(f"{answer.status} {text[:_MAX_SEEN]}{tail}".rstrip())
