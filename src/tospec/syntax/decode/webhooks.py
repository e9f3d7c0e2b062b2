"""Webhooks: which events are delivered, and how."""

from typing import Final

from tospec.model import DeliveryRetry, Webhooks
from tospec.syntax import codes
from tospec.syntax.conventions import webhooks_1
from tospec.syntax.decode.environment import Environment
from tospec.syntax.keys import Keys
from tospec.syntax.parts import Part
from tospec.syntax.problems import Problems

_GIVEN: Final = ("limit", "timeout", "retry", "disable_after", "keep")


def decode_webhooks(part: Part | None, environment: Environment) -> Webhooks | None:
    """Return how events are delivered; webhooks-1 fills in what the spec leaves out."""
    manage = environment.permission(part.keys, "manage") if part else None
    if part is None or manage is None:
        return None
    keys = part.keys
    return Webhooks(
        manage=manage,
        events=_events(keys, environment),
        limit=keys.whole("limit") or webhooks_1.LIMIT,
        timeout=keys.seconds("timeout") or webhooks_1.TIMEOUT,
        retry=_retry(keys.record("retry"), environment.problems),
        disable_after=keys.whole("disable_after") or webhooks_1.DISABLE_AFTER,
        keep=keys.seconds("keep") or webhooks_1.KEEP,
        disabled=_disabled(keys, environment),
        given=tuple(key for key in _GIVEN if key in keys),
        requirements=part.requirements,
        span=part.name.span,
    )


def _events(keys: Keys, environment: Environment) -> tuple[str, ...]:
    names = environment.names
    words = keys.words("events")
    return tuple(names.resolve(codes.UNKNOWN_EVENT, word, names.events) for word in words)


def _retry(retry: Keys | None, problems: Problems) -> DeliveryRetry:
    if retry is None:
        return webhooks_1.RETRY
    attempts, base = retry.whole("attempts") or 2, retry.seconds("base") or 1
    within = retry.seconds("within") or base
    if base * (attempts - 1) > within and "within" in retry and "base" in retry:
        message = f"{attempts - 1} waits of the base are longer than that in all."
        problems.add(codes.BAD_RANGE, retry.place("within"), message)
    return DeliveryRetry(attempts=attempts, base=base, within=within)


def _disabled(keys: Keys, environment: Environment) -> str | None:
    word = keys.word("disabled")
    return environment.event(word, webhooks_1.WEBHOOK) if word else None
