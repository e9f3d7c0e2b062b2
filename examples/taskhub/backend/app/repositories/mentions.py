"""People whose handle stands in a text."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Table, select

from app.authorization.principal import Principal
from app.core.ids import TenantId
from app.db.parameters import ROW, TENANT, given, one_of
from app.db.statements import Fixed
from app.db.subqueries import any_of
from app.db.transactions import Transaction
from app.models.user import users

MAX_MENTIONS: Final = 50
_HANDLE: Final = re.compile(r"(?<![\w@.-])@([a-z0-9]+(?:-[a-z0-9]+)*)", re.ASCII | re.IGNORECASE)

type Visible = Callable[[Principal, FromClause], ColumnElement[bool]]


def handles(text: str) -> list[str]:
    """Return the handles that follow an `@` in `text`, each once, at most fifty."""
    found = dict.fromkeys(match.group(1).lower() for match in _HANDLE.finditer(text))
    return list(found)[:MAX_MENTIONS]


class MentionRepository:
    """Finds the people of one tenant that texts mention."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def mentioned(
        self, text: str, *, tenant_id: TenantId, table: Table, row_id: UUID, visible: Visible
    ) -> list[UUID]:
        """Return the ids of the people mentioned in `text` who may see the row it belongs to.

        Args:
            text: What somebody wrote.
            tenant_id: The tenant of the row and of the people.
            table: The table of the row.
            row_id: The row.
            visible: The policy that says who sees a row of `table`.
        """
        names = handles(text)
        if not names:
            return []
        values = given(tenant_id, row_id, {"handles": names})
        rows = await self._transaction.all(_mentioned(table, visible), values)
        return [row.id for row in rows]


@lru_cache(maxsize=64)
def _mentioned(table: Table, visible: Visible) -> Fixed:
    row = table.alias()
    sees = any_of(
        row,
        row.c.tenant_id == TENANT,
        row.c.id == ROW,
        visible(Principal.row(users), row),
    )
    found = select(users.c.id).where(
        users.c.tenant_id == TENANT, one_of(users.c.handle, "handles"), sees
    )
    return Fixed(found.order_by(users.c.id))
