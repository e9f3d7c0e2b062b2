"""Blocks about requests: which may be repeated, and how many there may be."""

from typing import Final

from tospec.syntax.grammar.words import DURATION, REQUIREMENTS
from tospec.syntax.shapes import Choice, Key, Kind, Record, Whole

IDEMPOTENCY: Final = Kind(
    "idempotency",
    Record(
        "idempotency",
        {
            "idempotency": Key(
                Choice(("create",)),
                "`create`: creations take an `Idempotency-Key`.",
                required=True,
            ),
            "keep": Key(DURATION, "How long the first answer to a key is given again."),
            "requirements": REQUIREMENTS,
        },
    ),
    "A creation that is sent again with the same `Idempotency-Key` and body is carried out once, "
    "and answered as it was the first time. The key counts for one person and one operation; with "
    "another body it is refused. Operations on accounts take none: their answers hold secrets.",
    "idempotency: create\nkeep: 24h",
    single=True,
)
_MOST_REQUESTS: Final = 1_000_000


def _limit(name: str, *per: str) -> Record:
    return Record(
        name,
        {
            "requests": Key(Whole(1, _MOST_REQUESTS), "How many.", required=True),
            "within": Key(DURATION, "In which time.", required=True),
            "per": Key(Choice(per), "Who is counted.", required=True),
        },
    )


RATE_LIMITS: Final = Kind(
    "rate_limits",
    Record(
        "rate limits",
        {
            "rate_limits": Key(
                Record(
                    "set of limits",
                    {
                        "default": Key(
                            _limit("limit", "user", "tenant"),
                            "How often those who are signed in may ask.",
                            required=True,
                        ),
                        "sign_in": Key(
                            _limit("limit", "address"),
                            "How often one may ask to sign up or in, to refresh a token and to "
                            "accept an invitation, all together.",
                            required=True,
                        ),
                        "messages": Key(
                            _limit("limit", "address"),
                            "How often other services may send messages, where they do.",
                        ),
                    },
                ),
                "How often the service may be asked.",
                required=True,
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "How often the service may be asked. Who asks more often gets 429 with `Retry-After`.",
    "rate_limits:\n  default: {requests: 600, within: 1m, per: user}\n"
    "  sign_in: {requests: 20, within: 1m, per: address}",
    single=True,
)
