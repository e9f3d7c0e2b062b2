"""Commands and queries find their handlers here, after the role has been asked."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, Final, Protocol

from app.authorization.actor import Actor
from app.authorization.decisions import require
from app.authorization.permissions import Permission
from app.core.errors import InvalidReferenceError, Missing, NotFoundError, SerializationError

MAX_RETRIES: Final = 3
_BACKOFF_SECONDS: Final = 0.02


class Message[R]:
    """Base of every command and query that a known actor sends; R is what it returns.

    Attributes:
        permission: What the actor's role must hold; None if it is enough to be signed in.
    """

    __slots__ = ()
    permission: ClassVar[Permission | None]


class PublicMessage[R]:
    """Base of the few messages that anyone may send, such as a sign-in."""

    __slots__ = ()


class Handler[M: Message[Any]](Protocol):
    """Carries out one kind of message in one transaction."""

    def __call__(self, message: M, /, *, actor: Actor) -> Awaitable[Any]:
        """Run `message` on behalf of `actor`."""
        ...


class PublicHandler[M: PublicMessage[Any]](Protocol):
    """Carries out one kind of public message."""

    def __call__(self, message: M, /) -> Awaitable[Any]:
        """Run `message`."""
        ...


class MissingWatch(Protocol):
    """Looks into what an actor asked for in vain."""

    def __call__(self, actor: Actor, missing: Sequence[Missing], /) -> Awaitable[None]:
        """Look into the tables and ids of `missing`."""
        ...


class Dispatcher:
    """Hands each message to the one handler registered for its type.

    Args:
        on_missing: Told of the objects that an actor asked for in vain.
    """

    def __init__(self, *, on_missing: MissingWatch | None = None) -> None:
        self._on_missing = on_missing
        self._handlers: dict[type[Message[Any]], Handler[Any]] = {}
        self._public: dict[type[PublicMessage[Any]], PublicHandler[Any]] = {}

    def register[M: Message[Any]](self, message_type: type[M], handler: Handler[M]) -> None:
        """Let `handler` carry out messages of `message_type`.

        Raises:
            ValueError: If the type has a handler, or says nothing about its permission.
        """
        if message_type in self._handlers:
            msg = f"{message_type.__name__} already has a handler."
            raise ValueError(msg)
        if not hasattr(message_type, "permission"):
            msg = f"{message_type.__name__} does not say which permission it needs."
            raise ValueError(msg)
        self._handlers[message_type] = handler

    def register_public[M: PublicMessage[Any]](
        self, message_type: type[M], handler: PublicHandler[M]
    ) -> None:
        """Let `handler` carry out public messages of `message_type`.

        Raises:
            ValueError: If the type has a handler.
        """
        if message_type in self._public:
            msg = f"{message_type.__name__} already has a handler."
            raise ValueError(msg)
        self._public[message_type] = handler

    async def __call__[R](self, message: Message[R], *, actor: Actor) -> R:
        """Ask the actor's role, then run the handler of `message`.

        A transaction that gave way to a concurrent one is run again, at most three times.

        Raises:
            PermissionDeniedError: If the role lacks the message's permission.
            AppError: Whatever the handler refuses.
        """
        if message.permission is not None:
            require(actor, message.permission)
        handler = self._handlers[type(message)]
        try:
            result: R = await _with_retries(lambda: handler(message, actor=actor))
        except (NotFoundError, InvalidReferenceError) as error:
            if self._on_missing is not None and error.missing:
                await self._on_missing(actor, error.missing)
            raise
        return result

    async def public[R](self, message: PublicMessage[R]) -> R:
        """Run the handler of a public `message`.

        Raises:
            AppError: Whatever the handler refuses.
        """
        handler = self._public[type(message)]
        result: R = await _with_retries(lambda: handler(message))
        return result


async def _with_retries(run: Callable[[], Awaitable[Any]]) -> Any:
    for attempt in range(MAX_RETRIES):
        try:
            return await run()
        except SerializationError:
            jitter = random.random()  # noqa: S311  # spreads retries; protects nothing
            await asyncio.sleep(_BACKOFF_SECONDS * 2**attempt * (0.5 + jitter))
    return await run()
