"""TS0514."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System

MONEY: Final = frozenset({"amount", "price", "total", "cost", "fee", "balance", "salary", "budget"})


@check("TS0514", Domain.DATA, Blocker.AMBIGUITY, answerable=True)
def money_without_unit(system: System) -> Iterator[Finding]:
    """A number that looks like money does not say in which currency and unit it is.

    Why:
        12 can be twelve euros or twelve cents.

    Fix:
        Write `unit: cents of EUR`, or add a currency field and decide.
    """
    for entity, field in own_fields(system):
        looks_like_money = bool(MONEY & set(field.name.split("_")))
        numeric = field.type in (FieldType.INT, FieldType.DECIMAL)
        if looks_like_money and numeric and not field.unit:
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} looks like money without a currency or unit.",
                questions=("Which currency is it in, and is it whole units or hundredths?",),
                options=("unit: cents of EUR", "unit: the currency in `currency`"),
                impact="Sums and comparisons may add different currencies.",
            )
