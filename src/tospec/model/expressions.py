"""Expressions of the spec, checked against the model."""

from dataclasses import dataclass

from tospec.expression import TypedExpression
from tospec.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression with its text as written and its typed tree."""

    text: str
    tree: TypedExpression
    span: Span
