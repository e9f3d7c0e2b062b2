"""What a refusal has to be, and what it must not tell."""

from typing import Final

from tospec.verify.base import Answer, Stage
from tospec.verify.probes.judging import CONTRACT, Trial, code_of, shown
from tospec.verify.probes.problem import leaks, problem_faults

NAME: Final = "problems"
CANARY: Final = "canary0b5e55ed"
"""Stands in what is sent, and must not come back."""
REFERENCE: Final = "RFC 9457 §3"


def document(status: int, code: str) -> str:
    """Return in words what a refusal must be."""
    return f"a problem document {code} with the status {status}"


def inspect(stage: Stage, trial: Trial, answer: Answer, status: int, code: str) -> None:
    """Hold a refusal against what it has to be."""
    told = answer.status
    refused = told == status if stage.system.has(CONTRACT) else 400 <= told < 500
    trial.need("status", holds=refused, got=shown(answer))
    for fault in leaks(answer):
        trial.found("body", fault)
    trial.need("body", holds=CANARY.encode() not in answer.body, got="what was sent comes back")
    if not stage.system.has(CONTRACT):
        return
    trial.need("code", holds=code_of(answer) == code, got=code_of(answer) or "missing")
    for fault in problem_faults(answer):
        trial.found("document", fault)
    kind = answer.json.get("type") if isinstance(answer.json, dict) else None
    named = str(kind).endswith(f"/problems/{code}")
    trial.need("type", holds=named, got=str(kind))
    id_ = answer.headers.get("x-request-id", "missing")
    instance = answer.json.get("instance") if isinstance(answer.json, dict) else None
    trial.need("instance", holds=instance == f"urn:uuid:{id_}", got=f"{instance} for {id_}")


def describe(stage: Stage, trial: Trial, code: str, problem: Answer) -> None:
    """Note whether the type of a problem is described at the target, under the same title."""
    if stage.system.has(CONTRACT):
        answer = stage.send(None, "GET", f"/problems/{code}")
        told = answer.json if isinstance(answer.json, dict) else {}
        right = answer.status == 200 and isinstance(told.get("title"), str)
        trial.need("the type's description", holds=right, got=shown(answer))
        title = problem.json.get("title") if isinstance(problem.json, dict) else None
        trial.need("the title", holds=not right or title == told["title"], got=str(title))
