"""The answer to several changes asked for at once."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request, Response
from msgspec import Raw

from app.api.deps import runtime
from app.api.problems import Problems
from app.api.responses import json_response
from app.core.bulk import Outcome
from app.core.errors import AppError
from app.schemas.wire import Wire, encode


def bulk_results[R](
    request: Request, outcomes: Sequence[Outcome[R]], shown: Callable[[R], Wire]
) -> Response:
    """Return what became of each item, as it would have been answered alone."""
    problems = Problems(runtime(request).public_url)
    told = [_told(outcome, shown, problems) for outcome in outcomes]
    failed = sum(outcome.error is not None for outcome in outcomes)
    counts = {"succeeded": len(told) - failed, "failed": failed}
    return json_response(encode({"results": told, **counts}))


def _told[R](outcome: Outcome[R], shown: Callable[[R], Wire], problems: Problems) -> dict[str, Any]:
    if isinstance(outcome.result, AppError):
        alone = problems.response(outcome.result)
        return {"id": outcome.id, "status": alone.status_code, "problem": Raw(bytes(alone.body))}
    return {"id": outcome.id, "status": 200, "item": shown(outcome.result)}
