"""Blocks about webhooks."""

from typing import Final

from tospec.syntax.grammar.words import DURATION, EVENT, PERMISSION, REQUIREMENTS
from tospec.syntax.shapes import Choice, Key, Kind, ListOf, Record, Whole

MOST_ATTEMPTS: Final = 20
_MOST: Final = 1000

_RETRY: Final = Record(
    "delivery retry",
    {
        "attempts": Key(
            Whole(2, MOST_ATTEMPTS),
            "How often a delivery is tried, the first time included.",
            required=True,
        ),
        "base": Key(DURATION, "The most that the first wait may be.", required=True),
        "within": Key(
            DURATION,
            "The most that all waits come to. Each may be as many times as long as the one before "
            "as it takes for that; how long it is within that is left to chance.",
            required=True,
        ),
    },
)
WEBHOOKS: Final = Kind(
    "webhooks",
    Record(
        "webhooks",
        {
            "webhooks": Key(
                Choice(("signed",)),
                "Deliveries bear an HMAC-SHA256 signature with a time, as Standard Webhooks has "
                "it.",
                required=True,
            ),
            "manage": Key(
                PERMISSION,
                "Permission to see, make, change and delete the webhooks of a tenant, to see what "
                "became of deliveries, and to deliver anew.",
                required=True,
            ),
            "events": Key(ListOf(EVENT, 1), "Events of which a webhook may hear.", required=True),
            "limit": Key(Whole(1, _MOST), "How many webhooks a tenant may have."),
            "timeout": Key(DURATION, "The most that one attempt may take as a whole."),
            "retry": Key(_RETRY, "What follows a failed attempt."),
            "disable_after": Key(
                Whole(1, _MOST), "How many failed deliveries in a row switch a webhook off."
            ),
            "keep": Key(DURATION, "How long one can see what became of a delivery."),
            "disabled": Key(
                EVENT,
                "Event that announces that the service has switched a webhook off. It is about a "
                "`Webhook`; a job that hears of it can tell the owner: `event.owner.email`.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "Addresses to which tenants have events delivered. A delivery is a POST with the event as "
    "JSON, to an https address of the internet: never to a private, local or reserved one, "
    "whatever its name stands for by then. Any 2xx is a success, 410 switches the webhook off; "
    "anything else is tried again under the same id. Redirects are not followed. It brings the "
    "operations on webhooks and deliveries. Workers make the deliveries, so there must be jobs.",
    """webhooks: signed
manage: "webhook:manage"
events: [NoteCreated]
limit: 10
timeout: 10s
retry: {attempts: 8, base: 30s, within: 24h}
disable_after: 20
keep: 30d
disabled: WebhookDisabled""",
    single=True,
)
