"""Attempts to reach the objects of other tenants, for the security log."""

from collections.abc import Sequence
from typing import Final

from loguru import logger

from app.authorization.actor import Actor
from app.authorization.decisions import log_cross_tenant_attempt
from app.core.errors import AppError, Missing
from app.db.engine import Database
from app.db.metadata import metadata

MAX_PROBES: Final = 20


class CrossTenantWatch:
    """Tells a wrong id from one that belongs to another tenant; the client learns neither."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, actor: Actor, missing: Sequence[Missing]) -> None:
        """Log those of `missing` that another tenant has, twenty at most."""
        try:
            for name, object_id in missing[:MAX_PROBES]:
                table = metadata.tables[name]
                if await self._database.exists_elsewhere(table, object_id, actor.tenant_id):
                    log_cross_tenant_attempt(actor, resource=name, resource_id=object_id)
        except AppError:
            logger.bind(event="cross_tenant_probe").warning("cross-tenant probe failed")
