"""The broker: where processes tell each other of jobs that are due.

Its clients are imported where a broker is set; most processes that start have none.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.db.engine import Database

if TYPE_CHECKING:
    from app.worker.rabbitmq_broker import QuietRabbitmqBroker
    from app.worker.redis_broker import QuietRedisBroker
    from app.worker.wire import Wire

    type JobBroker = QuietRedisBroker | QuietRabbitmqBroker


def create_broker(url: SecretStr) -> "JobBroker":
    """Return the broker at a URL of Redis or RabbitMQ; nothing is connected yet.

    None of Dramatiq's middlewares is in it: attempts, waits, limits of time and dead letters are
    matters of the job's row, which outlives the broker.
    """
    address = url.get_secret_value()
    if urlsplit(address).scheme.startswith("redis"):
        from app.worker.redis_broker import QuietRedisBroker  # noqa: PLC0415  # one client is enough

        return QuietRedisBroker(address)
    from app.worker.rabbitmq_broker import QuietRabbitmqBroker  # noqa: PLC0415  # as above

    return QuietRabbitmqBroker(address)


def create_wire(url: SecretStr | None, database: Database) -> "Wire | None":
    """Return how a worker hears of jobs from the broker; None if there is none."""
    if url is None:
        return None
    from app.worker.wire import BrokerWire  # noqa: PLC0415  # as above

    return BrokerWire(database, create_broker(url))
