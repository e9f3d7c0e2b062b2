"""Blocks about other services."""

from typing import Final

from tospec.syntax.grammar.fields import INPUT_FIELD
from tospec.syntax.grammar.words import (
    DESCRIPTION,
    DURATION,
    ENTITY,
    EVENT,
    FLAG,
    LINE,
    REQUIREMENTS,
)
from tospec.syntax.shapes import (
    Choice,
    Formula,
    Key,
    Kind,
    MapOf,
    Notation,
    Record,
    Text,
    Variant,
    Whole,
)

DEGRADED: Final = ("wait", "fail")
UNKNOWN: Final = ("acknowledge", "refuse")
_MOST_ATTEMPTS: Final = 10
_MOST_FAILURES: Final = 1000
_TIME: Final = Text(Notation.TIME, "a time")
_SETTING: Final = Text(Notation.CAPITALS, "a setting")
_VALUES: Final = MapOf(
    Text(Notation.SNAKE, "a value"),
    Record("value", {key: INPUT_FIELD.keys[key] for key in ("type", "optional", "description")}),
)

CALL_STEP: Final = Record(
    "call step",
    {
        "call": Key(
            Text(Notation.CALL, "a call"),
            "What is asked for: an integration and one of its calls, such as `mail.send`.",
            required=True,
        ),
        "with": Key(
            MapOf(Text(Notation.SNAKE, "a value"), Formula("the value to send")),
            "What is sent, by name.",
        ),
    },
)
_AUTH: Final = Variant(
    "auth",
    {
        "bearer": Record(
            "bearer auth",
            {"bearer": Key(_SETTING, "Secret setting with the token.", required=True)},
        ),
        "header": Record(
            "header auth",
            {
                "header": Key(
                    Text(Notation.HEADER, "a header"),
                    "Header that carries it, such as `X-Api-Key`.",
                    required=True,
                ),
                "secret": Key(_SETTING, "Secret setting with its value.", required=True),
            },
        ),
    },
)
_RETRY: Final = Record(
    "call retry",
    {
        "attempts": Key(
            Whole(1, _MOST_ATTEMPTS),
            "How often a call is tried, the first time included.",
            required=True,
        ),
        "base": Key(_TIME, "The most that the first wait may be; each further one is twice that."),
        "cap": Key(_TIME, "The most that any wait may be."),
        "budget": Key(
            Whole(1, 100), "The most retries for a hundred calls, so that all do not ask at once."
        ),
    },
)
_BREAKER: Final = Record(
    "breaker",
    {
        "failures": Key(Whole(1, _MOST_FAILURES), "How many are too many.", required=True),
        "within": Key(_TIME, "The time in which they are counted.", required=True),
        "open": Key(
            _TIME,
            "How long it is left alone then. After that one call tries whether it is back.",
            required=True,
        ),
    },
)
_CALL: Final = Record(
    "call",
    {
        "description": DESCRIPTION,
        "http": Key(
            Text(Notation.HTTP, "a method and a path"),
            "Method, and path behind the base URL.",
            required=True,
        ),
        "body": Key(_VALUES, "What is sent, as JSON: texts, whole numbers and truth values."),
        "idempotency": Key(
            FLAG,
            "Whether the service does what comes under one `Idempotency-Key` only once. A POST "
            "without it is not repeated once a byte was sent.",
            default="false",
        ),
        "returns": Key(_VALUES, "What must be in the answer."),
    },
)
_DATUM: Final = Variant(
    "datum",
    {
        "type": Record(
            "value that is told",
            {
                key: INPUT_FIELD.keys[key]
                for key in ("type", "optional", "length", "range", "pattern", "description")
            },
        ),
        "ref": Record(
            "row that is told of",
            {
                "ref": Key(
                    ENTITY,
                    "Entity of the row whose id is told, and whose tenant it is about.",
                    required=True,
                ),
                "optional": Key(
                    FLAG, "Whether it may be missing; nothing happens then.", default="false"
                ),
                "description": DESCRIPTION,
            },
        ),
    },
)
_MESSAGE: Final = Record(
    "message",
    {
        "type": Key(LINE, "What the service calls it, such as `message.bounced`.", required=True),
        "description": DESCRIPTION,
        "data": Key(
            MapOf(Text(Notation.SNAKE, "a value"), _DATUM, 1),
            "What it tells, as far as anybody asks; what else comes is passed over. One value is "
            "the id of a row of ours, by which the tenant is known.",
            required=True,
        ),
    },
)
_SENDS: Final = Record(
    "what is sent",
    {
        "http": Key(
            Text(Notation.HTTP, "a method and a path"),
            "Where it sends to; by default `POST /v1/integrations/<name>/messages`.",
        ),
        "secret": Key(
            _SETTING,
            "Secret setting with what signs, which this block declares; no default. What signed "
            "before is believed too while the setting with `_PREVIOUS` behind its name holds it. "
            "An installation without it refuses all messages.",
            required=True,
        ),
        "tolerance": Key(DURATION, "How far the time of a message may be from ours."),
        "unknown": Key(
            Choice(UNKNOWN),
            "What becomes of a message of another type: it is acknowledged and counted, or "
            "refused.",
        ),
        "keep": Key(DURATION, "How long the id of a message is remembered."),
        "messages": Key(
            MapOf(EVENT, _MESSAGE, 1),
            "The types of messages, by the event that each becomes. Jobs follow it with `on`.",
            required=True,
        ),
    },
)
INTEGRATION: Final = Kind(
    "integration",
    Record(
        "integration",
        {
            "integration": Key(
                Text(Notation.SNAKE, "an integration"), "Name of it: `mail`.", required=True
            ),
            "description": DESCRIPTION,
            "url": Key(
                _SETTING,
                "Setting with its base URL, which this block declares. Where an installation has "
                "none, jobs that need it wait.",
                required=True,
            ),
            "auth": Key(
                _AUTH, "By what it knows who asks. This block declares the secret; no default."
            ),
            "timeout": Key(_TIME, "The most that one attempt may take as a whole."),
            "retry": Key(_RETRY, "What follows a failed attempt within a call."),
            "breaker": Key(_BREAKER, "When it is left alone, and for how long."),
            "degraded": Key(
                Choice(DEGRADED),
                "What becomes of jobs while it is left alone: they wait and lose no attempt, or "
                "their attempts fail.",
            ),
            "concurrency": Key(Whole(1, 1000), "How many calls a process makes at once."),
            "calls": Key(
                MapOf(Text(Notation.SNAKE, "a call"), _CALL, 1),
                "What it can be asked for, by name.",
                required=True,
            ),
            "sends": Key(
                _SENDS,
                "What it tells of its own accord: webhooks, signed as Standard Webhooks has it. "
                "The signature is judged before anything is read, each message is taken in once, "
                "and answered before any work is done.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "Another service that jobs ask for something, by HTTP and JSON. No transaction is open while "
    "it is asked. Refusals to connect, time-outs, answers 408, 425, 429 and 5xx, and answers of "
    "another form are tried again; any other refusal ends the job, which stays as a dead letter. "
    "While it is left alone, health tells `degraded`. Redirects are not followed.",
    """integration: mail
description: Sends mail.
url: MAIL_URL
auth: {bearer: MAIL_TOKEN}
timeout: 3s
retry: {attempts: 3, base: 200ms, cap: 2s, budget: 20}
breaker: {failures: 5, within: 30s, open: 60s}
degraded: wait
concurrency: 10
calls:
  send:
    http: POST /messages
    body: {to: {type: email}, subject: {type: string}, text: {type: text}}
    idempotency: true
    returns: {id: {type: string}}
sends:
  secret: MAIL_WEBHOOK_SECRET
  tolerance: 5m
  unknown: acknowledge
  keep: 30d
  messages:
    MailBounced:
      type: message.bounced
      data: {about: {ref: Order}, reason: {type: string, optional: true}}""",
)
