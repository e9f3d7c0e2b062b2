"""From what other services tell to what a backend takes in."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tospec.ir.senders import Message, Sender
from tospec.lowering.events import event_of
from tospec.lowering.members import input_member
from tospec.model import Field, FieldType, Integration, RateLimits, Sending, System
from tospec.model import Message as Spec

_SIGNING: Final = (
    r"whsec_([A-Za-z0-9+/]{4}){8,21}([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?"
)
"""A prefix, and 24 to 66 bytes in Base64."""


def senders_of(system: System) -> tuple[Sender, ...]:
    """Return the other services that tell something of their own accord."""
    return tuple(_sender(system, each, each.sends) for each in system.senders if each.sends)


def _sender(system: System, integration: Integration, sends: Sending) -> Sender:
    now, before = sends.secrets
    return Sender(
        name=integration.name,
        path=sends.path,
        secrets=(now.lower(), before.lower()),
        tolerance=sends.tolerance,
        keep=sends.keep,
        refuses_unknown=sends.unknown == "refuse",
        messages=tuple(_message(system, each) for each in sends.messages),
        requirements=integration.requirements,
    )


def _message(system: System, message: Spec) -> Message:
    about = (message.about,) if message.about else ()
    members = (input_member(message.event, each) for each in (*about, *message.data))
    return Message(
        type=message.type,
        event=event_of(system, system.event(message.event)),
        about=message.about.name if message.about else "",
        members=tuple(members),
    )


def settings_of_senders(system: System) -> Iterator[Field]:
    """Yield the settings that messages of other services bring."""
    for each in system.senders:
        now, before = each.sends.secrets if each.sends else ("", "")
        signs = f"Signs what {each.name} sends: whsec_ and Base64; all of it is refused if absent."
        signed = f"Signed what {each.name} sent before, while {now} is being changed."
        for name, about in ((now, signs), (before, signed)):
            yield Field(
                name=name,
                type=FieldType.STRING,
                span=each.span,
                optional=True,
                secret=True,
                pattern=_SIGNING,
                description=about,
            )


def settings_of_message_limit(limits: RateLimits) -> Iterator[Field]:
    """Yield the settings that say how often other services may send messages."""
    if limits.messages is None:
        return
    yield Field(
        name="MESSAGE_LIMIT_REQUESTS",
        type=FieldType.INT,
        span=limits.span,
        range=(Decimal(1), Decimal(1_000_000_000)),
        default=limits.messages.requests,
        has_default=True,
        description="How often one address may send messages within the time below.",
    )
    yield Field(
        name="MESSAGE_LIMIT_WITHIN",
        type=FieldType.DURATION,
        span=limits.span,
        default=limits.messages.within,
        has_default=True,
        description="The time within which messages are counted, in whole seconds.",
    )
