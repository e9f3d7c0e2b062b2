"""What is emitted grows with the text, however cleverly that is nested."""

import time

import pytest

from tests.expression.demo.names import row_names, table_names
from tests.expression.support import typed
from tospec.expression import is_constant, sql_obstacles
from tospec.lowering.expressions import to_python, to_sqlalchemy

_NESTS = {
    "choice compared with a value": "(({}) == points ? 1 : 2)",
    "choice compared with a choice": "((done ? 1 : 2) == (({}) == 1 ? 1 : 2) ? 1 : 2)",
    "choice in a list": "(({}) in [points, 2] ? 1 : 2)",
    "choice in a choice": "(done ? ({}) : 3)",
    "choice as a test": "((({}) == 1) == done ? 1 : 2)",
    "remainder": "(({}) % 97)",
    "quotient": "(({}) / 2)",
    "negation": "(-({}))",
    "denial": "(!(({}) == 1) ? 1 : 2)",
    "count": "count(subtasks, ({}) > 1)",
}


def _nested(pattern: str, depth: int) -> str:
    text = "points"
    for _ in range(depth):
        text = pattern.format(text)
    return f"{text} == 1"


@pytest.mark.parametrize("pattern", _NESTS.values(), ids=_NESTS.keys())
def test_size_is_in_proportion(pattern: str) -> None:
    started = time.process_time()
    sizes = []
    for depth in (5, 10):
        expression = typed(_nested(pattern, depth))
        is_constant(expression)
        size = len(to_python(expression, row_names()).text)
        if not sql_obstacles(expression):
            size += len(to_sqlalchemy(expression, table_names()).text)
        sizes.append(size)
    assert sizes[1] < 3 * sizes[0]
    assert time.process_time() - started < 5


def test_texts_that_would_grow_are_left_to_python() -> None:
    nested = "((title.contains('a') ? title : 'b').contains('c') ? title : 'd').contains('e')"
    assert {each.code for each in sql_obstacles(typed(nested))} == {"TS0340"}
    assert sql_obstacles(typed("lower(title).contains('a')")) == []
