"""Input that was checked once, and whose faults wait until they may be told."""

from typing import Self

from app.core.errors import AppError


class Payload[T]:
    """A checked input, or the error to raise when it is asked for.

    An object that the caller may not see must answer 404 whatever the body says, so
    a handler looks the object up first and reads `value` afterwards.
    """

    __slots__ = ("_fault", "_value")

    def __init__(self, value: T | None, fault: AppError | None) -> None:
        self._value = value
        self._fault = fault

    @classmethod
    def of(cls, value: T) -> Self:
        """Return a payload that holds `value`."""
        return cls(value, None)

    @classmethod
    def failed(cls, fault: AppError) -> Self:
        """Return a payload that raises `fault` when read."""
        return cls(None, fault)

    @property
    def fault(self) -> AppError | None:
        """Return what is wrong with the input, or None."""
        return self._fault

    @property
    def value(self) -> T:
        """Return the input.

        Raises:
            AppError: What was wrong with it.
        """
        if self._fault is not None:
            raise self._fault
        return self._value  # type: ignore[return-value]  # set whenever there is no fault
