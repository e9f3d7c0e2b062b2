"""Judging what the oracle foresaw."""

from tospec.verify.base import Answer
from tospec.verify.oracle.contract import Expected, told
from tospec.verify.probes.judging import Trial


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


__all__ = ["Trial", "control", "hold"]
