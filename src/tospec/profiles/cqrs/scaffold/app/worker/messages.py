"""Messages of the broker: hints that jobs are due, by their ids.

The rows of the jobs say what is to be done. A message that is lost, doubled or late, or that
tells nonsense, changes nothing but when somebody looks at them.
"""

from collections.abc import Collection
from typing import Any, Final, override
from uuid import UUID

import msgspec
from dramatiq import DecodeError, Encoder, Message

from app.about import SERVICE
from app.models.job import Priority

JOBS_AT_ONCE: Final = 8
"""How many jobs a message tells of at the most."""


class Options(msgspec.Struct):
    """What a broker adds to a message."""


class _Shape[O: Options](msgspec.Struct):
    """What a message has to look like; whatever else it has is left out."""

    queue_name: str
    actor_name: str
    args: tuple[list[UUID]]
    options: O
    message_id: str
    message_timestamp: int


class HintEncoder(Encoder):
    """Writes messages as JSON, and reads no others than this service writes.

    Args:
        options: What the broker adds to each.
    """

    def __init__(self, options: type[Options] = Options) -> None:
        self._decode = msgspec.json.Decoder(_Shape[options]).decode  # type: ignore[valid-type]  # it is known when it runs

    @override
    def encode(self, data: dict[str, Any]) -> bytes:
        """Return the bytes of a message."""
        return msgspec.json.encode(data)

    @override
    def decode(self, data: bytes) -> dict[str, Any]:
        """Return what a message holds.

        Raises:
            DecodeError: If this service did not write it.
        """
        try:
            shape = self._decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            msg = "a message that cannot be read"
            raise DecodeError(msg, data, error) from None  # type: ignore[no-untyped-call]  # it is not typed
        return {
            "queue_name": shape.queue_name,
            "actor_name": shape.actor_name,
            "args": shape.args,
            "kwargs": {},
            "options": msgspec.to_builtins(shape.options),
            "message_id": shape.message_id,
            "message_timestamp": shape.message_timestamp,
        }


def queue_of(priority: Priority) -> str:
    """Return the queue in which jobs of that priority are told of."""
    return f"{SERVICE}.{priority.name.lower()}"


def hint(priority: Priority, ids: Collection[UUID]) -> Message[None]:
    """Return the message that tells of some jobs."""
    queue = queue_of(priority)
    return Message(
        queue_name=queue,
        actor_name=queue,
        args=([str(each) for each in ids],),
        kwargs={},
        options={},
    )
