"""Which answers are right: the exact table where rest-1 is adopted, otherwise the tolerant sets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Answer
from tospec.verify.oracle.steps import Prediction, Situation

REST: Final = "rest-1"
_CREATIONS: Final = ("InviteUser", "CreateWebhook")
"""Operations on accounts that make something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An answer that is right.

    Attributes:
        statuses: Any of these.
        codes: Any of these in the problem document; empty when it need not have one.
    """

    statuses: tuple[int, ...]
    codes: tuple[str, ...] = ()

    def fits(self, answer: Answer) -> bool:
        """Return whether an answer is this one."""
        if answer.status not in self.statuses:
            return False
        return not self.codes or code_of(answer) in self.codes

    def __str__(self) -> str:
        statuses = " or ".join(map(str, self.statuses))
        return f"{statuses} {' or '.join(self.codes)}".rstrip()


def code_of(answer: Answer) -> str:
    """Return the `code` of a problem document; empty when there is none."""
    code = answer.json.get("code") if isinstance(answer.json, dict) else None
    return code if isinstance(code, str) else ""


def told(answer: Answer) -> str:
    """Return an answer in a few words."""
    if answer.fault:
        return f"no answer: {answer.fault}"
    return f"{answer.status} {code_of(answer)}".rstrip()


_PROBLEMS: Final = {
    Situation.NO_PERMISSION: ((403,), (403, 404), "permission-denied"),
    Situation.HIDDEN: ((404,), (404, 403), "not-found"),
    Situation.FORBIDDEN: ((403,), (403, 404), "permission-denied"),
    Situation.BAD_VALUE: ((422,), (422, 400), "validation-error"),
    Situation.BAD_REFERENCE: ((422,), (422, 400, 404, 409), "invalid-reference"),
    Situation.NOT_UNIQUE: ((409,), (409, 422, 400), "conflict-unique"),
    Situation.BAD_MOVE: ((409,), (409, 422, 400), "invalid-transition"),
    Situation.REFERENCED: ((409,), (409, 422, 400), "conflict-referenced"),
    Situation.NOT_DELETED: ((409,), (409, 404, 422, 400), "not-deleted"),
    Situation.REFERENCE_DELETED: ((409,), (409, 422, 400), "reference-deleted"),
}
_CHANGES: Final = frozenset({Kind.UPDATE, Kind.TRANSITION, Kind.LINK, Kind.READ, Kind.LIST})


def expected(system: System, operation: Operation, prediction: Prediction) -> Expected:
    """Return the right answer to a step."""
    if prediction.done:
        return success(system, operation)
    return refusal(system, prediction.situation, prediction.errors)


def refusal(system: System, situation: Situation, errors: Iterable[str] = ()) -> Expected:
    """Return the right answer to a step that does not succeed."""
    if situation is Situation.RULE:
        cases = [system.error(code) for code in errors]
        statuses = tuple(dict.fromkeys(case.status for case in cases))
        return Expected(statuses=statuses, codes=_codes(system, (case.code for case in cases)))
    exact, tolerant, code = _PROBLEMS[situation]
    if system.has(REST):
        return Expected(statuses=exact, codes=(code,))
    return Expected(statuses=tolerant)


def _codes(system: System, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(codes) if system.has(REST) else ()


def problem(system: System, status: int, code: str, *, tolerant: tuple[int, ...] = ()) -> Expected:
    """Return a problem of the HTTP contract; other statuses are right without rest-1."""
    if system.has(REST):
        return Expected(statuses=(status,), codes=(code,))
    return Expected(statuses=(status, *tolerant))


def success(system: System, operation: Operation) -> Expected:
    """Return the right answer to an operation that succeeds."""
    if not system.has(REST):
        return Expected(statuses=(200, 201, 202, 204))
    return Expected(statuses=(_success(operation),))


def _success(operation: Operation) -> int:
    if operation.kind is Kind.CREATE or operation.name in _CREATIONS:
        return 201
    return 200 if operation.view is not None or operation.kind.is_query else 204
