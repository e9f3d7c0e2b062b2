"""The application starts, answers, and stops when it is told to."""

from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import Findings, Turn
from tospec.gate.planting import edit
from tospec.gate.serving import ASKED, STOPS_WITHIN, Served, served
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest

_START: Final = Rule("does-not-start", "Run `python -m app serve` and mend what it says.")
_ANSWER: Final = Rule("wrong-answer", "A service that has just started must answer 200 here.")
_STOP: Final = Rule("does-not-stop", "Let SIGTERM end it in time, with exit code 0.")
_OK: Final = 200
_STEPS: Final = 2


def _judge(tree: TreeUnderTest) -> Findings:
    seen = served(tree)
    total = len(ASKED) + _STEPS
    return Findings(
        candidates=total,
        checked=1 if seen.fault else total,
        violations=tuple(_violations(seen)),
        note=f"answered after {seen.start:.1f} s, stopped within {seen.stop:.1f} s",
    )


def _violations(seen: Served) -> Iterator[Violation]:
    if seen.fault:
        yield _START.at("", f"The application does not start: {seen.fault}.")
        return
    for path in ASKED:
        status, _ = seen.answers.get(path, (0, b""))
        if status != _OK:
            said = f"is answered with {status}" if status else "is not answered"
            yield _ANSWER.at("", f"GET {path} {said}.")
    if seen.code is None:
        yield _STOP.at("", f"It did not stop within {STOPS_WITHIN:g} s of SIGTERM.")
    elif seen.code:
        yield _STOP.at("", f"It ended with {seen.code} after SIGTERM.")
    if seen.traceback:
        yield _STOP.at("", "It printed a traceback.")


_MAIN: Final = "app/__main__.py"
_DEAF: Final = """import signal

signal.signal = lambda *_: None
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
"""


def _unable(text: str) -> str:
    return text.replace("def main(", 'raise RuntimeError("planted")\n\n\ndef main(', 1)


def _deaf(text: str) -> str:
    return text.replace("def main(", f"{_DEAF}\n\ndef main(", 1)


GATE: Final = TreeGate(
    name="serves",
    title="the application starts, answers, and stops in time",
    looked_for="start, four answers, stop",
    judge=_judge,
    paths=lambda tree: tree.paths,
    plants=(edit("broken", _MAIN, _unable), edit("deaf", _MAIN, _deaf)),
    executed=True,
    turn=Turn.EARLY,
)
