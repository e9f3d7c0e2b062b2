"""What compiled expressions of the demo call."""

from tests.expression.demo.columns import as_written, by_value, microseconds
from tests.expression.demo.measures import (
    as_duration,
    max_among,
    max_of,
    median_among,
    median_of,
    min_among,
    min_of,
    sum_among,
    sum_of,
)

__all__ = [
    "as_duration",
    "as_written",
    "by_value",
    "max_among",
    "max_of",
    "median_among",
    "median_of",
    "microseconds",
    "min_among",
    "min_of",
    "sum_among",
    "sum_of",
]
