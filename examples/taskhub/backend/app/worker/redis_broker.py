"""Dramatiq over Redis, guarded against what it does by default."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final, override

from dramatiq import DecodeError, MessageProxy, set_encoder
from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import BrokerConnectionError
from loguru import logger
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.about import SERVICE
from app.worker.messages import HintEncoder, Options
from app.worker.metrics import MESSAGES_UNREADABLE

_SECONDS: Final = 2.0
_IDLE_MS: Final = 40
"""How long an idle consumer sleeps at the most before it looks again."""
_HEARTBEAT_MS: Final = 15_000
_MAINTENANCE_CHANCE: Final = 10_000
"""Of a million commands; consumers that only look send some 50 a second, so every 2 seconds."""


class _RedisOptions(Options):
    redis_message_id: str


class QuietRedisBroker(RedisBroker):
    """A broker that finds what dead processes hold within seconds, and has no delayed messages."""

    def __init__(self, url: str) -> None:
        set_encoder(HintEncoder(_RedisOptions))
        client = Redis.from_url(
            url,
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        super().__init__(
            client=client,
            middleware=[],
            namespace=SERVICE,
            heartbeat_timeout=_HEARTBEAT_MS,
            maintenance_chance=_MAINTENANCE_CHANCE,
        )

    def ping(self) -> None:
        """Ask for a sign of life."""
        self.client.ping()

    @override
    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue, and none for delayed messages beside it."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    @override
    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = _IDLE_MS) -> Consumer:
        """Return what takes messages of a queue."""
        return _Consumer(self, queue_name, prefetch, min(timeout, _IDLE_MS))

    @override
    def close(self) -> None:
        """Close every connection."""
        self.client.close()


class _Consumer(_RedisConsumer):
    """Outlives messages that cannot be read, and connections that break while it says thanks."""

    @override
    def __next__(self) -> MessageProxy | None:
        try:
            message: MessageProxy | None = super().__next__()
        except DecodeError as error:
            self._bury(error.data)
            return None
        return message

    @override
    def ack(self, message: MessageProxy) -> None:
        # Whether it is heard of again makes no difference.
        with suppress(BrokerConnectionError, RedisError):
            super().ack(message)

    @override
    def nack(self, message: MessageProxy) -> None:
        with suppress(BrokerConnectionError, RedisError):
            super().nack(message)

    @override
    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        with suppress(RedisError):
            super().requeue(messages)

    def _bury(self, data: bytes) -> None:
        """Put messages with such bytes among the dead, where people may look at them."""
        MESSAGES_UNREADABLE.inc()
        logger.warning("a message of the broker cannot be read")
        kept = f"{self.broker.namespace}:{self.queue_name}.msgs"
        for message_id, each in self.broker.client.hscan_iter(kept):
            if each == data:
                self.broker.do_nack(self.queue_name, message_id)
