"""Typed expressions as Python and as SQLAlchemy expressions.

Both come from one tree and agree on every row: `to_python` for a row that is at hand,
`to_sqlalchemy` for the rows of a statement. The caller says by `PythonNames` and `SqlNames` how
paths, permissions and aggregates are spelled; `RowNames` and `TableNames` are such spellings.
"""

from tospec.lowering.expressions.names import PythonNames, SqlNames
from tospec.lowering.expressions.python import to_python
from tospec.lowering.expressions.row_names import RowNames
from tospec.lowering.expressions.sqlalchemy import to_sqlalchemy
from tospec.lowering.expressions.table_names import Link, Schema, TableNames

__all__ = [
    "Link",
    "PythonNames",
    "RowNames",
    "Schema",
    "SqlNames",
    "TableNames",
    "to_python",
    "to_sqlalchemy",
]
