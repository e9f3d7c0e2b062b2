"""What tests know about messages that other services send."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from tospec.ir.job_cases import MessageCase
from tospec.lowering.cases.values import example
from tospec.lowering.naming import entity_names
from tospec.model import Message, System


def messages_of(system: System) -> tuple[MessageCase, ...]:
    """Return what other services tell."""
    return tuple(
        MessageCase(
            sender=each.name,
            type=message.type,
            event=message.event,
            of=entity_names(message.of),
            about=message.about.name,
            optional=message.about.optional,
            data=tuple(_told(message)),
            requirements=each.requirements,
        )
        for each in system.senders
        for message in (each.sends.messages if each.sends else ())
        if message.about
    )


def signing_settings(system: System) -> Iterator[tuple[str, str]]:
    """Yield what signs in tests."""
    for each in system.senders:
        for name in each.sends.secrets if each.sends else ():
            yield name, f"whsec_{b64encode(sha256(name.encode()).digest()).decode()}"


def requirements_of_messages(system: System) -> tuple[str, ...] | None:
    """Return the requirements that ask for messages; None if nothing is told."""
    found = dict.fromkeys(id_ for each in system.senders for id_ in each.requirements)
    return tuple(found) if system.senders else None


def _told(message: Message) -> Iterator[tuple[str, object]]:
    for each in message.data:
        value = example(each)
        if value is not None or not each.optional:
            yield each.name, value
