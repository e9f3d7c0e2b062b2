"""Relations to many: tables of links between rows."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, insert

from app.db.links import leads_somewhere
from app.db.parameters import ROW, TENANT, gathered, parameter
from app.db.statements import Fixed
from app.db.subqueries import value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMany:
    """A relation to many, and the table that holds its links.

    Attributes:
        field: The entity's field that holds the ids of the other rows.
        table: The table of the links.
        own: Its column that refers to the entity.
        other: Its column that refers to the other row.
    """

    field: str
    table: Table
    own: str
    other: str

    def ids_of(self, row: Table) -> ColumnElement[Any]:
        """Return the ids of the rows that `row` is linked to."""
        link = self.table.alias()
        own, other = link.c[self.own], link.c[self.other]
        belongs = and_(link.c.tenant_id == row.c.tenant_id, own == row.c.id)
        return value_of(link, gathered(other), belongs, leads_somewhere(other))

    def of_row(self) -> ColumnElement[bool]:
        """Hold for the links of the row `ROW` of `TENANT`."""
        return and_(self.table.c.tenant_id == TENANT, self.table.c[self.own] == ROW)

    def to_other(self) -> ColumnElement[bool]:
        """Hold for the link of the row `ROW` to the one that the parameter `other` names."""
        other = self.table.c[self.other]
        return and_(self.of_row(), other == parameter("other", other))


@cache
def added(link: ToMany) -> Fixed:
    """Return the statement that links the row `ROW` to the one that the parameter `other` names."""
    other = parameter("other", link.table.c[link.other])
    values = {"tenant_id": TENANT, link.own: ROW, link.other: other}
    return Fixed(insert(link.table).values(values))
