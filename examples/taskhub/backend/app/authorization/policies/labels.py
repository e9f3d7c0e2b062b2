"""Who may see a label; permissions have been asked before."""

from sqlalchemy import ColumnElement, FromClause, true

from app.authorization.principal import Principal
from app.models.label import labels


def visible(principal: Principal, label: FromClause = labels) -> ColumnElement[bool]:
    """Hold where `principal` may know that the label exists."""
    return true()
