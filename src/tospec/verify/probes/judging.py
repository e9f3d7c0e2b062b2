"""What an answer must be, and how what was seen becomes a judgement."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tospec.evidence import Outcome
from tospec.model import System
from tospec.verify.base import Answer, Judgement

CONTRACT: Final = "rest-1"
"""The convention that says which of several sensible answers is given."""
_MOST_TOLD: Final = 5
_REFUSED: Final = 400
_LONGEST_TOLD: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must be.

    Attributes:
        statuses: Any of these.
        code: The `code` of the problem document; empty when it does not matter.
        headers: Names in lower case, and what their whole values must match.
    """

    statuses: tuple[int, ...]
    code: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def fault(self, answer: Answer) -> str:
        """Return in which way an answer is not as expected; empty when it is."""
        if answer.fault:
            return f"no answer ({answer.fault})"
        if answer.status not in self.statuses:
            return shown(answer)
        if self.code and code_of(answer) != self.code:
            return f"{answer.status} with the code {code_of(answer) or 'missing'}"
        return next(filter(None, (_header_fault(answer, *each) for each in self.headers)), "")

    def __str__(self) -> str:
        statuses = " or ".join(map(str, self.statuses))
        names = dict.fromkeys(name for name, _ in self.headers)
        headers = "".join(f", with {_title(name)}" for name in names)
        return " ".join(filter(None, (statuses, self.code))) + headers


def expectation(
    system: System,
    status: int,
    code: str = "",
    *,
    tolerated: Iterable[int] = (),
    musts: Iterable[tuple[str, str]] = (),
    contract: Iterable[tuple[str, str]] = (),
) -> Expectation:
    """Return what a system must answer.

    Args:
        system: The system: one that adopts the contract has to follow it to the letter.
        status: What the contract says.
        code: What the contract says about the problem's code.
        tolerated: Other statuses that are right where the contract is not adopted.
        musts: Headers that HTTP itself asks for.
        contract: Headers that the contract asks for.
    """
    if system.has(CONTRACT):
        headers = (*musts, *contract)
        return Expectation(statuses=(status,), code=code, headers=headers)
    return Expectation(statuses=(status, *tolerated), headers=tuple(musts))


def code_of(answer: Answer) -> str:
    """Return the `code` of a problem document; empty when there is none."""
    code = answer.json.get("code") if isinstance(answer.json, dict) else None
    return code if isinstance(code, str) else ""


def succeeded(answer: Answer) -> bool:
    """Whether an answer says that what was asked has been done."""
    return 200 <= answer.status < 300


def shown(answer: Answer) -> str:
    """Return an answer in few words."""
    if answer.fault and not answer.status:
        return f"no answer ({answer.fault})"
    code = code_of(answer)
    return f"{answer.status} {code}" if code else str(answer.status)


@dataclass(slots=True)
class Trial:
    """What a case asked and saw.

    Attributes:
        expected: What must come back, in words.
        certain: Whether something was done that must not be: that needs no later control to be a
            fault, and may well be why one does not work.
    """

    expected: str
    certain: bool = False
    _faults: list[str] = field(default_factory=list)
    _seen: list[str] = field(default_factory=list)
    _controls: list[str] = field(default_factory=list)
    _broken: list[str] = field(default_factory=list)

    def control(self, what: str, answer: Answer, *, works: bool) -> None:
        """Note the positive control: what was asked, and whether it worked."""
        told = f"{what}: {shown(answer)}"
        self._controls.append(told)
        if not works or answer.fault:
            self._broken.append(told)

    def expect(self, what: str, answer: Answer, wanted: Expectation) -> None:
        """Hold an answer against what it must be."""
        self.found(what, wanted.fault(answer), seen=shown(answer))
        refused = all(status >= _REFUSED for status in wanted.statuses)
        # What should have been refused and was not is sure only if all before it worked.
        self.certain = self.certain or (refused and succeeded(answer) and not self._broken)

    def need(self, what: str, *, holds: bool, got: str) -> None:
        """Note a condition that must hold."""
        self.found(what, "" if holds else got or "nothing", seen="right")

    def found(self, what: str, fault: str, *, seen: str = "") -> None:
        """Note a fault; none when it is empty."""
        self._seen.append(f"{what}: {seen}")
        if fault:
            self._faults.append(f"{what}: {fault}"[:_LONGEST_TOLD])

    def judgement(self) -> Judgement:
        """Return what the case concludes: nothing, if its control did not work."""
        outcome = Outcome.FAILED if self._faults else Outcome.PASSED
        if (self._broken and not self.certain) or not self._seen:
            outcome = Outcome.INCONCLUSIVE
        return Judgement(
            outcome=outcome,
            expected=self.expected,
            got=_told(self._faults or self._seen),
            control=_told(self._controls),
            detail=self._detail(),
        )

    def _detail(self) -> str:
        if self._broken:
            return f"The control did not work: {_told(self._broken)}"
        return "" if self._seen else "Nothing was asked."


def inconclusive(expected: str, reason: str) -> Judgement:
    """Return the judgement of a case that could not be put."""
    return Judgement(outcome=Outcome.INCONCLUSIVE, expected=expected, detail=reason)


def skipped(expected: str, reason: str) -> Judgement:
    """Return the judgement of a case that does not concern this target."""
    return Judgement(outcome=Outcome.SKIPPED, expected=expected, detail=reason)


def _told(notes: list[str]) -> str:
    more = f"; and {len(notes) - _MOST_TOLD} more" if len(notes) > _MOST_TOLD else ""
    return "; ".join(dict.fromkeys(notes[:_MOST_TOLD])) + more


def _header_fault(answer: Answer, name: str, pattern: str) -> str:
    value = answer.headers.get(name)
    if value is None:
        return f"{shown(answer)} without {_title(name)}"
    if not re.fullmatch(pattern, value, re.DOTALL | re.IGNORECASE):
        return f"{shown(answer)} with {_title(name)}: {value}"
    return ""


def _title(name: str) -> str:
    return "-".join("WWW" if part == "www" else part.capitalize() for part in name.split("-"))
