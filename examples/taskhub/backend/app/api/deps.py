"""What routes depend on: the runtime, the actor, the dispatcher."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request

from app.authorization.actor import Actor
from app.authorization.decisions import require
from app.authorization.dispatch import Dispatcher, Message
from app.core.context import current_context
from app.core.errors import AmbiguousCredentialsError, AppError, UnauthenticatedError
from app.db.engine import Database
from app.security.signing import Signer

type Authenticator = Callable[[str], Awaitable[Actor]]
type Counting = Callable[[Actor], Awaitable[AppError | None]]
type Probe = Callable[[], Awaitable[Mapping[str, str] | None]]

MAX_CREDENTIAL: Final = 4096
_BEARER: Final = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] ([A-Za-z0-9._~+/-]+=*)")


@dataclass(slots=True, kw_only=True)
class Runtime:
    """What lives as long as the process; hung on `app.state.runtime`.

    Attributes:
        authenticate: Turns an access token into its actor, or raises
            UnauthenticatedError or TenantSuspendedError.
        count: Counts a request of an actor, and returns what refuses it; None where nothing is
            counted.
        cursors: Signs the cursors of lists.
        public_url: Base of absolute links, without a final slash.
        max_body_size: In bytes.
        body_timeout: Seconds a body may take to arrive.
        check_answers: Whether each answer is held against its schema.
        draining: Whether the process is about to stop.
        optional: What the service can do without, by name: how to ask it for a sign of life,
            and what else it tells.
    """

    database: Database
    dispatcher: Dispatcher
    authenticate: Authenticator
    cursors: Signer
    public_url: str
    max_body_size: int = 1024 * 1024
    body_timeout: float = 20.0
    check_answers: bool = False
    draining: bool = False
    count: Counting | None = None
    optional: dict[str, Probe] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)


def runtime(request: Request) -> Runtime:
    """Return the runtime of the application that serves `request`."""
    found: Runtime = request.app.state.runtime
    return found


def actor_of(request: Request) -> Actor:
    """Return the actor that `Permitted` found for `request`."""
    actor: Actor = request.state.actor
    return actor


class PermissionGate:
    """The dependency behind `Permitted[M]`.

    Every request of an actor counts, and who may not send the message hears of that first.

    Raises:
        UnauthenticatedError: If there is no valid credential.
        AmbiguousCredentialsError: If there is more than one.
        TenantSuspendedError: If the actor's tenant is suspended.
        PermissionDeniedError: If the role lacks what the message needs.
    """

    def __init__(self, message: type[Message[Any]]) -> None:
        self.message = message

    async def __call__(self, request: Request) -> Actor:
        """Return the actor, if it may send the message at all."""
        actor = await runtime(request).authenticate(_credential(request))
        request.state.actor = actor
        if (context := current_context()) is not None:
            context.identify(tenant_id=actor.tenant_id, user_id=actor.user_id)
        count = runtime(request).count
        one_too_many = None if count is None else await count(actor)
        if self.message.permission is not None:
            require(actor, self.message.permission)
        if one_too_many is not None:
            raise one_too_many
        return actor


async def dispatcher(request: Request) -> Dispatcher:
    """Return the dispatcher."""
    return runtime(request).dispatcher


def _credential(request: Request) -> str:
    headers = request.headers.getlist("authorization")
    if not headers:
        raise UnauthenticatedError(presented=False)
    if b"access_token=" in request.scope["query_string"] or "access_token" in request.cookies:
        raise AmbiguousCredentialsError
    found = _BEARER.fullmatch(headers[0])
    if len(headers) > 1 or found is None or len(headers[0]) > MAX_CREDENTIAL:
        raise UnauthenticatedError
    return found.group(1)


if TYPE_CHECKING:
    type Permitted[M] = Actor
    Dispatch = Dispatcher
else:
    Dispatch = Annotated[Dispatcher, Depends(dispatcher)]

    class Permitted:
        """`Permitted[M]`: the actor, known to hold the permission that message M needs."""

        def __class_getitem__(cls, message: type[Message[Any]]) -> object:
            return Annotated[Actor, Depends(PermissionGate(message))]
