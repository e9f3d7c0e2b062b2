"""Judging what the oracle foresaw."""

from dataclasses import dataclass, replace

from tospec.evidence import Outcome
from tospec.verify.base import Answer, Judgement
from tospec.verify.oracle.contract import Expected, told
from tospec.verify.probes import judging


@dataclass(slots=True)
class Trial(judging.Trial):
    """What a case asked and saw.

    Attributes:
        certain: Whether something was done that must not be: that needs no control to be a fault,
            and may well be why the control does not work.
    """

    certain: bool = False

    def judgement(self) -> Judgement:
        """Return what the case concludes: nothing, if its control did not work."""
        found = judging.Trial.judgement(self)
        return replace(found, outcome=Outcome.FAILED) if self.certain else found


def hold(trial: Trial, what: str, answer: Answer, wanted: Expected) -> bool:
    """Note an answer and whether it is right; return whether it is."""
    fits = wanted.fits(answer)
    trial.found(what, "" if fits else told(answer), seen=told(answer))
    refused = not any(map(_is_success, wanted.statuses))
    trial.certain = trial.certain or (refused and _is_success(answer.status))
    return fits


def control(trial: Trial, what: str, answer: Answer, wanted: Expected) -> None:
    """Note the answer to a positive control."""
    trial.control(what, answer, works=wanted.fits(answer))


def _is_success(status: int) -> bool:
    return 200 <= status < 300
