"""Names in conditions that are written as SQL."""

from typing import Final

_RESERVED: Final = frozenset(
    {
        *("add", "after", "all", "alter", "analyse", "analyze", "and", "any", "array", "as"),
        *("asc", "asymmetric", "attach", "authorization", "autoincrement", "before", "begin"),
        *("between", "binary", "both", "by", "cascade", "case", "cast", "check", "collate"),
        *("column", "commit", "conflict", "constraint", "create", "cross", "current_catalog"),
        *("current_date", "current_role", "current_schema", "current_time", "current_timestamp"),
        *("current_user", "database", "default", "deferrable", "deferred", "delete", "desc"),
        *("detach", "distinct", "do", "drop", "each", "else", "end", "escape", "except"),
        *("exclusive", "exists", "explain", "fail", "false", "fetch", "for", "foreign"),
        *("freeze", "from", "full", "glob", "grant", "group", "having", "if", "ignore", "ilike"),
        *("immediate", "in", "index", "indexed", "initially", "inner", "insert", "instead"),
        *("intersect", "into", "is", "isnull", "join", "key", "leading", "left", "like"),
        *("limit", "localtime", "localtimestamp", "match", "natural", "new", "not", "notnull"),
        *("null", "of", "off", "offset", "old", "on", "only", "or", "order", "outer", "over"),
        *("overlaps", "placing", "plan", "pragma", "primary", "query", "raise", "references"),
        *("reindex", "rename", "replace", "restrict", "returning", "right", "rollback", "row"),
        *("select", "session_user", "set", "similar", "some", "symmetric", "table", "temp"),
        *("temporary", "then", "to", "trailing", "transaction", "trigger", "true", "union"),
        *("unique", "update", "user", "using", "vacuum", "values", "variadic", "verbose"),
        *("view", "virtual", "when", "where", "window", "with"),
    }
)
"""Words that mean something to PostgreSQL or to SQLite where a column is meant."""


def sql_text(value: str) -> str:
    """Return how SQL writes a text."""
    return "'" + value.replace("'", "''") + "'"


def sql_name(column: str) -> str:
    """Return how SQL names a column: in quotes if the bare name means something else."""
    return f'"{column}"' if column in _RESERVED else column
