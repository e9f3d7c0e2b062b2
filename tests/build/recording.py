"""A plugin for pytest that writes down which test got which answer to which request.

Stands alone: it runs inside a built backend, whose own package is called `tests`, too.
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

_ANSWERS: list[tuple[str, str, str, int]] = []
_SEND = httpx.AsyncClient.send


async def _recorded(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> Any:
    response = await _SEND(client, request, **options)
    test, _, phase = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")
    if phase == "(call)":
        _ANSWERS.append((test, request.method, request.url.path, response.status_code))
    return response


def pytest_configure() -> None:
    """Listen to every client."""
    httpx.AsyncClient.send = _recorded  # type: ignore[assignment]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was heard, each process into a file of its own."""
    folder = Path(os.environ["RECORDED"])
    (folder / f"{os.getpid()}.json").write_text(json.dumps(_ANSWERS), encoding="utf-8")
