"""Other services, as health tells of them."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import FastAPI

from app.core.errors import ServiceUnavailableError
from app.core.settings import Settings
from app.db.engine import Database
from app.worker.upkeep import alive

_SILENT_LEASES: Final = 3


def watch_integrations(
    app: FastAPI, database: Database, settings: Settings, configured: Mapping[str, bool]
) -> None:
    """Let the health of `app` tell whether other services are asked as usual.

    Workers tell, since it is they who ask; `configured` says of each service whether the
    installation tells where it is.
    """
    silence = timedelta(seconds=settings.worker_lease) * _SILENT_LEASES
    for name, is_configured in configured.items():
        state = partial(_state, database, silence, name, is_configured=is_configured)
        app.state.runtime.optional[name] = state


async def _state(
    database: Database, silence: timedelta, name: str, *, is_configured: bool
) -> dict[str, str]:
    if not is_configured:
        raise ServiceUnavailableError(reason="not configured")
    troubled = [told[name] for told in await alive(database, silence) if name in told]
    if "open" in troubled:
        raise ServiceUnavailableError(breaker="open")
    return {"breaker": next(iter(troubled), "closed")}
