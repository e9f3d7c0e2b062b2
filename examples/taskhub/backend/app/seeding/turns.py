"""Values for example rows: they look arbitrary, and are the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5
from zlib import crc32

_LEFT_OUT: Final = 5
_RARE: Final = 4
_DAYS_PAST: Final = 7
_DAYS_AHEAD: Final = 28
_FIRST_HOUR: Final = 8
_HOURS: Final = 10


class NoChoiceError(LookupError):
    """There is nothing to choose from, so the row cannot be made."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The place of one row among those of its kind, and when it is made.

    Each choice is named after what it is for, so that two of them go different ways.

    Attributes:
        number: From 1.
        now: Aware, in UTC.
    """

    number: int
    now: datetime

    def text(self, pattern: str) -> str:
        """Return `pattern` with the turn's number in place of `{}`."""
        return pattern.replace("{}", str(self.number))

    def pick[T](self, name: str, options: Sequence[T]) -> T:
        """Return one of `options`; as many turns in a row take each of them once.

        Raises:
            NoChoiceError: If there are none.
        """
        if not options:
            raise NoChoiceError(name)
        round_, place = divmod(self.number - 1, len(options))
        return options[(place + crc32(f"{name} {round_}".encode())) % len(options)]

    def some[T](self, name: str, options: Sequence[T], most: int) -> tuple[T, ...]:
        """Return up to `most` of `options`, none of them twice."""
        count = self._arbitrary(f"{name} count") % (min(most, len(options)) + 1)
        start = self._arbitrary(name)
        return tuple(options[(start + each) % len(options)] for each in range(count))

    def perhaps[T](self, name: str, value: T) -> T | None:
        """Return `value`, or now and then None."""
        return None if self._arbitrary(f"{name} absent") % _LEFT_OUT == 0 else value

    def either[T](self, name: str, options: Sequence[T]) -> T | None:
        """Return one of `options`, or now and then None; None where there are none."""
        return self.perhaps(name, self.pick(name, options)) if options else None

    def rarely[T](self, name: str, options: Sequence[T]) -> T | None:
        """Return now and then the first of `options`, and mostly None."""
        wanted = options and self.chance(name)
        return options[0] if wanted else None

    def chance(self, name: str) -> bool:
        """Return true now and then."""
        return self._arbitrary(f"{name} chance") % _RARE == 0

    def whole(self, name: str, low: int, high: int, *, step: int = 1) -> int:
        """Return a number from `low` to `high` that is a multiple of `step` above `low`."""
        return low + step * (self._arbitrary(name) % ((high - low) // step + 1))

    def decimal(self, name: str, low: Decimal, high: Decimal, *, scale: int) -> Decimal:
        """Return a number from `low` to `high` with `scale` digits after the point."""
        units = int((high - low).scaleb(scale))
        return (low + Decimal(self.whole(name, 0, units)).scaleb(-scale)).quantize(
            Decimal(1).scaleb(-scale)
        )

    def day(self, name: str) -> date:
        """Return a day in the weeks around the row's making."""
        return self.now.date() + timedelta(days=self.whole(name, -_DAYS_PAST, _DAYS_AHEAD))

    def moment(self, name: str) -> datetime:
        """Return a full hour of a day in the weeks around the row's making."""
        hour = _FIRST_HOUR + self._arbitrary(f"{name} hour") % _HOURS
        day = self.day(name)
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    def span(self, name: str) -> timedelta:
        """Return a length of time from a quarter of an hour to a day."""
        return timedelta(minutes=15 * self.whole(name, 1, 96))

    def uuid(self, name: str) -> UUID:
        """Return an identifier that no other turn gets."""
        return uuid5(NAMESPACE_URL, f"{name} {self.number}")

    def spelled(self, alphabet: str, length: int) -> str:
        """Return `length` signs of `alphabet` that spell the turn's number."""
        return _signs(self.number - 1, alphabet, length)

    def letters(self, name: str, alphabet: str, length: int) -> str:
        """Return `length` arbitrary signs of `alphabet`."""
        return _signs(self._arbitrary(name), alphabet, length)

    def _arbitrary(self, name: str) -> int:
        return crc32(f"{name} {self.number}".encode())


def _signs(number: int, alphabet: str, length: int) -> str:
    signs = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        signs.append(alphabet[place])
    return "".join(reversed(signs))
