"""Relations of a table to itself: how deep they nest, and whether they run in a circle."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import CTE, Select, Table, Text, and_, cast, func, literal, select

from app.core.errors import RuleError
from app.db.parameters import ROW, TENANT
from app.db.statements import Fixed, Parameters
from app.db.transactions import Transaction

_TREES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Nesting:
    """A relation by which rows of one table form trees.

    Attributes:
        column: Refers to the parent.
        max_depth: How many rows may stand one below another.
        error: What to raise when a tree is deeper, or a row is its own ancestor.
    """

    column: str
    max_depth: int
    error: type[RuleError]


def ancestors(table: Table, tree: Nesting) -> CTE:
    """Return the row `ROW` of `TENANT` and those above it, with `id` and `depth` from 1.

    It ends one row past the depth that is allowed, and so in a circle, too.
    """
    own = select(table.c.id, table.c[tree.column].label("next"), literal(1).label("depth"))
    found = own.where(table.c.tenant_id == TENANT, table.c.id == ROW)
    above = found.cte(f"above_{tree.column}", recursive=True)
    step = select(table.c.id, table.c[tree.column], above.c.depth + 1).where(
        table.c.tenant_id == TENANT,
        table.c.id == above.c.next,
        above.c.depth <= tree.max_depth,
    )
    return above.union_all(step)


def descendants(table: Table, tree: Nesting) -> CTE:
    """Return the row `ROW` of `TENANT` and those below it, with `id` and `depth` from 1."""
    own = select(table.c.id, literal(1).label("depth"))
    found = own.where(table.c.tenant_id == TENANT, table.c.id == ROW)
    below = found.cte(f"below_{tree.column}", recursive=True)
    step = select(table.c.id, below.c.depth + 1).where(
        table.c.tenant_id == TENANT,
        table.c[tree.column] == below.c.id,
        below.c.depth <= tree.max_depth,
    )
    return below.union_all(step)


def depth(table: Table, tree: Nesting) -> Select[Any]:
    """Return how many rows stand one below another on the longest way through `ROW`."""
    above = ancestors(table, tree)
    below = descendants(table, tree)
    highest = select(func.max(above.c.depth)).scalar_subquery()
    lowest = select(func.max(below.c.depth)).scalar_subquery()
    return select(highest + lowest - 1)


def turn(table: Table) -> Select[Any]:
    """Return the statement that waits until no other transaction of `TENANT` has its turn.

    It is one of PostgreSQL; SQLite lets one transaction at a time write as it is.
    """
    names = (literal(table.name), cast(TENANT, Text))
    return select(func.pg_advisory_xact_lock(*map(func.hashtext, names)))


async def require_shallow(
    transaction: Transaction, table: Table, tree: Nesting, values: Parameters
) -> None:
    """Hold the stored row `ROW` of `TENANT` and its place in a tree against the tree's limit.

    Raises:
        RuleError: The error of the tree, if it is too deep or runs in a circle.
    """
    # Two moves that would close a circle between them must not both pass.
    await transaction.all(_held_above(table, tree), values)
    if await transaction.scalar(_depth(table, tree), values) > tree.max_depth:
        raise tree.error


@lru_cache(maxsize=_TREES)
def _held_above(table: Table, tree: Nesting) -> Fixed:
    above = ancestors(table, tree)
    rows = and_(table.c.tenant_id == TENANT, table.c.id.in_(select(above.c.id)))
    held = select(table.c.id).where(rows).order_by(table.c.id)
    return Fixed(held.with_for_update(read=True, of=table))


@lru_cache(maxsize=_TREES)
def _depth(table: Table, tree: Nesting) -> Fixed:
    return Fixed(depth(table, tree))
