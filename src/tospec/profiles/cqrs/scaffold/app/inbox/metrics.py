"""What is counted of messages that other services send."""

from typing import Final

from prometheus_client import Counter

MESSAGES: Final = Counter(
    "received_messages", "Messages of other services that came.", ("sender", "outcome")
)
