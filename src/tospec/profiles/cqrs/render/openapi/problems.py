"""Answers that are problem documents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from tospec.profiles.cqrs.render.openapi.common import REFERENCE, Common, Problem, Schema
from tospec.profiles.cqrs.render.openapi.json_text import Shared

_INSTANCE: Final = "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057"
_MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problems:
    """Puts problems into answers; the same problems are the same answer."""

    common: Common
    _known: dict[tuple[Problem, ...], Shared] = field(default_factory=dict)

    def answers(self, raised: Iterable[str]) -> Schema:
        """Return the answers to errors, named by their classes, by status."""
        found = {self.common.errors[name] for name in raised}
        ordered = sorted(found, key=lambda each: (each.status, each.slug))
        grouped = groupby(ordered, key=lambda each: each.status)
        return {str(status): self._answer(tuple(each)) for status, each in grouped}

    def _answer(self, problems: tuple[Problem, ...]) -> Shared:
        if problems not in self._known:
            self._known[problems] = Shared(_answer(problems, self.common.public_url))
        return self._known[problems]


def _answer(problems: tuple[Problem, ...], public_url: str) -> Schema:
    content = {
        "schema": {"$ref": f"{REFERENCE}Problem"},
        "examples": {each.slug: {"value": _example(each, public_url)} for each in problems},
    }
    lines = (f"`{each.slug}`: {each.title}" for each in problems)
    return {"description": "\n\n".join(lines), "content": {_MEDIA_TYPE: content}}


def _example(problem: Problem, public_url: str) -> Schema:
    return {
        "type": f"{public_url}/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.title,
        "instance": _INSTANCE,
        "code": problem.code,
    }
