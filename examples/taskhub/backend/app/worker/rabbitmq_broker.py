"""Dramatiq over RabbitMQ, guarded against what it does by default."""

from typing import Final, override

import pika
from dramatiq import set_encoder
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from app.worker.messages import HintEncoder

_DEFAULTS: Final = {
    "heartbeat": "30",
    "blocked_connection_timeout": "5",
    "socket_timeout": "2",
    "stack_timeout": "4",
}


class QuietRabbitmqBroker(RabbitmqBroker):
    """A broker that knows of lost connections, and has no delayed messages."""

    def __init__(self, url: str) -> None:
        set_encoder(HintEncoder())
        super().__init__(url=_with_defaults(url), middleware=[], confirm_delivery=True)

    def ping(self) -> None:
        """Ask for a sign of life."""
        pika.BlockingConnection(self.parameters).close()

    @override
    def declare_queue(self, queue_name: str, *, ensure: bool = False) -> None:
        """Declare a queue, and let nobody wait for delayed messages."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.queues_pending.add(queue_name)
            self.emit_after("declare_queue", queue_name)
        if ensure:
            self._ensure_queue(queue_name)


def _with_defaults(url: str) -> str:
    """Return the URL with a bound on every wait that it does not bound itself."""
    missing = "&".join(f"{name}={value}" for name, value in _DEFAULTS.items() if name not in url)
    if not missing:
        return url
    return f"{url}{'&' if '?' in url else '?'}{missing}"
