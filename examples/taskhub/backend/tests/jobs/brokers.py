"""Brokers that tests may use, and workers in processes of their own that hear of jobs by them.

TEST_REDIS_URL and TEST_AMQP_URL name them. Each test has queues of its own there.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import pytest
from pydantic import SecretStr

from app.models.job import Priority
from app.worker import messages
from app.worker.broker import create_broker
from app.worker.messages import queue_of

VARIABLES: Final = ("TEST_REDIS_URL", "TEST_AMQP_URL")
NOBODY: Final = SecretStr("redis://127.0.0.1:1/0")
"""Where no broker is."""


def url_of(variable: str) -> SecretStr:
    """Return the URL of a broker; skips the test if there is none."""
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"{variable} names no broker.")
    return SecretStr(url)


def own_queues(name: str, url: SecretStr, patch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let queues have names of their own; yield the broker, and leave nothing in it."""
    patch.setattr(messages, "SERVICE", name)
    broker: Any = create_broker(url)
    yield broker
    for priority in Priority:
        with suppress(Exception):  # the queue may not have been made
            broker.flush(queue_of(priority))
    broker.close()
