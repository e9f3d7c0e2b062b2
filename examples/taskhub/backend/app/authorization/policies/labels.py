"""Who may see a label; permissions have been asked before."""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause, true

from app.authorization.principal import CALLER, Principal
from app.models.label import labels


@lru_cache(maxsize=64)
def visible(principal: Principal = CALLER, label: FromClause = labels) -> ColumnElement[bool]:
    """Hold where `principal` may know that the label exists."""
    return true()
