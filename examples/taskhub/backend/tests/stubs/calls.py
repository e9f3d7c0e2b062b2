"""What a stub takes and answers: the contract with another service, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

type Values = Mapping[str, Any]

_SAMPLES: Final[Mapping[str, Any]] = {
    "string": "some",
    "text": "some text",
    "email": "ada@example.com",
    "url": "https://example.com/some",
    "slug": "some",
    "int": 7,
    "bool": True,
}
"""A value of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing that a service may be asked for.

    Attributes:
        proof: Header that carries what proves who asks; None if nothing has to.
        keyed: Whether it takes an `Idempotency-Key`.
        body: The kind of each value that it takes; one that ends in `?` may be null.
        answer: The kind of each value that it answers.
    """

    integration: str
    name: str
    method: str
    path: str
    proof: str | None
    keyed: bool
    body: Mapping[str, str]
    answer: Mapping[str, str]

    @property
    def target(self) -> str:
        """Where a stub serves it."""
        return f"/{self.integration}{self.path}"

    def example(self) -> dict[str, Any]:
        """Return values that it takes."""
        return {name: _SAMPLES[kind.rstrip("?")] for name, kind in self.body.items()}

    def answered(self) -> dict[str, Any]:
        """Return what it answers, which is never the same twice."""
        own = {"string": uuid4().hex}
        kinds = {name: kind.rstrip("?") for name, kind in self.answer.items()}
        return {name: own.get(kind, _SAMPLES[kind]) for name, kind in kinds.items()}

    def faults(self, body: object) -> Iterator[str]:
        """Yield what is wrong with a body."""
        if not isinstance(body, dict):
            yield "no object"
            return
        yield from (f"unknown: {name}" for name in body if name not in self.body)
        for name, kind in self.body.items():
            if not _fits(body.get(name), kind):
                yield f"not {kind}: {name}"


def _fits(value: object, kind: str) -> bool:
    if value is None:
        return kind.endswith("?")
    match kind.rstrip("?"):
        case "int":
            return type(value) is int
        case "bool":
            return type(value) is bool
        case "email":
            return isinstance(value, str) and 0 < value.find("@") < len(value) - 1
        case _:
            return isinstance(value, str)
