"""Column types that hold the same value exactly in PostgreSQL and in SQLite."""

from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Final

from msgspec.json import Encoder
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

DECIMAL_COLLATION: Final = "decimal"
# The context of the thread would round to 28 digits.
_EXACT: Final = Context(prec=2000)

_ENCODER: Final = Encoder()

Json: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def json_text(value: object) -> str:
    """Return `value` as documents are stored: decimals as text, so that none is rounded."""
    return _ENCODER.encode(value).decode()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python and always UTC, to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC.

        Raises:
            ValueError: If `value` has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "A datetime needs a time zone."
            raise ValueError(msg)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what makes an instant of what the driver returns; asyncpg returns one in UTC."""
        if dialect.name == "postgresql":
            return _aware
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` as an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _aware(value: datetime | None) -> datetime | None:
    """Return `value` in UTC; the last instant there is comes without a time zone from asyncpg."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class TextEnum(Enum):
    """One of the texts of a `StrEnum`."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what finds the member that a text means."""
        members = {member.value: member for member in self.enum_class or ()}
        return {None: None, **members}.__getitem__


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal of fixed precision and scale, never rounded.

    SQLite has no decimals, so there it is text under a collation that compares by
    value; `app.db.engine` registers the collation on every connection.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return text on SQLite, numeric elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text(collation=DECIMAL_COLLATION))
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """Return `value` as the driver wants it.

        Raises:
            ValueError: If `value` does not fit without rounding.
        """
        if value is None:
            return None
        fitted = self._fitted(Decimal(value))
        return format(fitted, "f") if dialect.name == "sqlite" else fitted

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the stored decimal with its full scale."""
        return None if value is None else Decimal(value)

    def _fitted(self, value: Decimal) -> Decimal:
        if not value.is_finite():
            msg = "A decimal must be finite."
            raise ValueError(msg)
        _, digits, exponent = value.normalize(_EXACT).as_tuple()
        places = -int(exponent)
        whole = len(digits) - places
        if places > self.scale or (value and whole > self.precision - self.scale):
            msg = f"A decimal must fit numeric({self.precision}, {self.scale})."
            raise ValueError(msg)
        return value.quantize(Decimal(1).scaleb(-self.scale), context=_EXACT)


def compare_decimals(left: str, right: str) -> int:
    """Compare two decimals written as text: -1, 0 or 1."""
    first, second = Decimal(left), Decimal(right)
    return (first > second) - (first < second)


class Duration(TypeDecorator[timedelta]):
    """A length of time, to the microsecond; stored as a count of them."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Return the microseconds of `value`."""
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        """Return the stored length of time."""
        return None if value is None else timedelta(microseconds=value)
