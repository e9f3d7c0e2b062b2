"""What the spec says of webhooks, as modules of the backend."""

from typing import Final

from tospec.ir.names import EntityNames
from tospec.ir.webhooks import Webhooks
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.events import scaffold_events
from tospec.profiles.cqrs.render.project import duration
from tospec.python import constant, literal, module, snake

WEBHOOK: Final = EntityNames(
    type="Webhook",
    singular="webhook",
    plural="webhooks",
    noun="webhook",
    nouns="webhooks",
    article="a",
    segment="webhooks",
)
DISABLED: Final = "WebhookDisabled"
"""The class by which the scaffold announces that a webhook was switched off."""


def render_webhook_events(webhooks: Webhooks, path: str) -> str:
    """Return the module of the events that webhooks may hear of."""
    events = [(constant(snake(each)), literal(each)) for each in webhooks.events]
    body = TEMPLATES.render("webhook_event.py.j2", artifact=path, events=events)
    return module(_served("Events that webhooks may hear of", webhooks), body, artifact=path)


def render_webhook_rules(webhooks: Webhooks, path: str) -> str:
    """Return the module of the numbers of webhooks."""
    body = TEMPLATES.render(
        "webhook_rules.py.j2",
        artifact=path,
        limit=literal(webhooks.limit),
        timeout=duration(webhooks.timeout),
        waits=[duration(each) for each in webhooks.waits],
        disable_after=literal(webhooks.disable_after),
    )
    return module(_served("How events are delivered to webhooks", webhooks), body, artifact=path)


def render_announcements(webhooks: Webhooks, path: str) -> str:
    """Return the module of the event about webhooks."""
    events = scaffold_events(WEBHOOK, DISABLED, webhooks.disabled)
    body = TEMPLATES.render("events.py.j2", artifact=path, events=events)
    return module("Events about webhooks.", body, artifact=path)


def _served(title: str, webhooks: Webhooks) -> str:
    served = f" ({', '.join(webhooks.requirements)})" if webhooks.requirements else ""
    return f"{title}{served}."
