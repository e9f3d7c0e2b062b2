"""The answer to several changes asked for at once."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request, Response
from pydantic_core import from_json

from app.api.deps import runtime
from app.api.problems import Problems
from app.api.responses import document
from app.core.bulk import Outcome
from app.core.errors import AppError
from app.schemas.base import View


def bulk_results[R](
    request: Request, outcomes: Sequence[Outcome[R]], shown: Callable[[R], View]
) -> Response:
    """Return what became of each item, as it would have been answered alone."""
    problems = Problems(runtime(request).public_url)
    told = [_told(outcome, shown, problems) for outcome in outcomes]
    failed = sum(outcome.error is not None for outcome in outcomes)
    return document({"results": told, "succeeded": len(told) - failed, "failed": failed})


def _told[R](outcome: Outcome[R], shown: Callable[[R], View], problems: Problems) -> dict[str, Any]:
    if isinstance(outcome.result, AppError):
        alone = problems.response(outcome.result)
        problem = from_json(bytes(alone.body))
        return {"id": outcome.id, "status": alone.status_code, "problem": problem}
    return {"id": outcome.id, "status": 200, "item": shown(outcome.result)}
