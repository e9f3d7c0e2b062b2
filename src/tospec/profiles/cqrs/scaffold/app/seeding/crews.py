"""The people of a tenant at work: each row is made by a command that one of them sends."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zlib import crc32

from app.authorization.actor import Actor
from app.authorization.dispatch import Dispatcher, Message
from app.authorization.permissions import Permission
from app.core.context import WorkContext, entered
from app.core.errors import AppError
from app.core.inputs import Payload
from app.models.base import TenantOwned
from app.schemas.base import Input
from app.seeding.people import Person
from app.seeding.turns import NoChoiceError, Turn

SOON: Final = timedelta(hours=1)
WEEKS: Final = timedelta(weeks=4)
DAYS: Final = timedelta(days=4)
"""The longest time from the making of a row to the last thing that is done with it."""
_MOST_HOURS: Final = 30
_REFERENCES: Final = ("_id", "_ids")

type Step[M] = Callable[[M], Message[M]]
"""Says what is to be done with a row."""


class SetClock:
    """A clock that shows what it is set to."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return the instant that the clock is set to."""
        return self.instant


class Crew:
    """The people of one tenant.

    Args:
        people: One of each role; not empty.
        dispatcher: Takes their commands.
        clock: What the commands go by.
    """

    def __init__(self, people: Sequence[Person], dispatcher: Dispatcher, clock: SetClock) -> None:
        self._actors = tuple(person.actor for person in people)
        self._dispatcher = dispatcher
        self._clock = clock
        self._beginners = itertools.count()
        self._pauses = itertools.count()

    def ids(self, permission: Permission | None = None) -> list[UUID]:
        """Return who is there, or those of them whose role holds `permission`."""
        return [actor.user_id for actor in self._holding(permission)]

    async def collect[M](
        self,
        make: Callable[[Turn], Awaitable[M]],
        rows: list[M],
        *,
        count: int,
        over: timedelta = SOON,
    ) -> int:
        """Make rows and append them to `rows`; those that rules refuse are left out.

        Args:
            make: Makes the row of one turn.
            rows: Where they are kept; `make` may refer to the ones before.
            count: How many.
            over: How much time passes from the first to the last.

        Returns:
            How many there are.
        """
        for number in range(1, count + 1):
            self._clock.instant += over / count
            try:
                rows.append(await make(Turn(number, self._clock.instant)))
            except (AppError, NoChoiceError):
                continue
        return len(rows)

    async def create[B: Input, M](self, body: B, message: Callable[[Payload[B]], Message[M]]) -> M:
        """Send the message with `body`; where rules refuse it, with less and less in it.

        Raises:
            AppError: If they refuse the least.
        """
        refusal: AppError | None = None
        for lesser in _lessening(body):
            try:
                return await self.send(message(Payload.of(lesser)))
            except AppError as error:
                refusal = error
        raise refusal or NoChoiceError

    async def follow[M: TenantOwned](self, row: M, steps: Iterable[Step[M]]) -> M:
        """Take `steps` with a row, up to the first that nobody may; return it as it is then.

        Each is taken some hours after the one before. The next row is made meanwhile: afterwards
        the clock shows what it did before.
        """
        made = self._clock.instant
        try:
            for step in steps:
                later = self._clock.instant + self._pause()
                self._clock.instant = min(later, made + DAYS)
                row = await self.send(step(row), about=row)
        except AppError:
            return row
        finally:
            self._clock.instant = made
        return row

    async def send[R](self, message: Message[R], *, about: TenantOwned | None = None) -> R:
        """Send `message` in the name of the first person who may.

        Args:
            message: What is to be done.
            about: The row that it is about; whom the row names is asked first. Without one
                everybody begins in turn.

        Raises:
            AppError: If nobody may.
        """
        refusal: AppError | None = None
        for actor in self._in_order(self._holding(message.permission), about):
            try:
                with entered(WorkContext(tenant_id=actor.tenant_id, user_id=actor.user_id)):
                    return await self._dispatcher(message, actor=actor)
            except AppError as error:
                refusal = error
        raise refusal or NoChoiceError

    def _pause(self) -> timedelta:
        """Return some hours that look arbitrary, and are the same every time."""
        arbitrary = crc32(f"pause {next(self._pauses)}".encode())
        return timedelta(hours=1 + arbitrary % _MOST_HOURS)

    def _holding(self, permission: Permission | None) -> list[Actor]:
        return [actor for actor in self._actors if permission is None or actor.has(permission)]

    def _in_order(self, actors: list[Actor], row: TenantOwned | None) -> list[Actor]:
        if row is None:
            start = next(self._beginners) % max(1, len(actors))
            return actors[start:] + actors[:start]
        named = [getattr(row, name) for name in row.__struct_fields__]
        first = [actor for value in named for actor in actors if actor.user_id == value]
        return list(dict.fromkeys([*first, *actors]))


def _lessening[B: Input](body: B) -> Iterator[B]:
    """Yield `body`, then without references that it need not hold, then with the least."""
    yield body
    fields = type(body).model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    plain = {name for name in fields if name in needed or not name.endswith(_REFERENCES)}
    for names in (plain, needed):
        yield type(body)(**{name: getattr(body, name) for name in sorted(names)})
