"""Secrets of webhooks: worked out, told once, and good for what a receiver can verify."""

import base64
import time

import pytest

from app.security.webhook_secrets import WebhookSecrets, new_salt
from tests.requirements import WEBHOOKS
from tests.webhooks.receiver import Heard, verified

pytestmark = pytest.mark.requirement(*WEBHOOKS)

SECRETS = WebhookSecrets(b"x" * 48)
BODY = b'{"id":"1"}'


def heard(*salts: str, id_: str = "msg", stamp: int | None = None, body: bytes = BODY) -> Heard:
    at = int(time.time()) if stamp is None else stamp
    signed = SECRETS.signatures(salts, message_id=id_, timestamp=at, body=body)
    headers = {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signed}
    return Heard(line="POST / HTTP/1.1", headers=headers, body=body)


def other(message: Heard, *, body: bytes | None = None, **headers: str) -> Heard:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Heard(
        line=message.line,
        headers={**message.headers, **changed},
        body=message.body if body is None else body,
    )


def test_a_receiver_verifies_what_was_signed() -> None:
    salt = new_salt()

    assert verified(heard(salt), SECRETS.told(salt), now=time.time())


def test_a_receiver_refuses_what_was_changed() -> None:
    salt = new_salt()
    message, secret = heard(salt), SECRETS.told(salt)

    assert not verified(other(message, body=BODY + b" "), secret, now=time.time())
    assert not verified(other(message, webhook_id="other"), secret, now=time.time())
    later = str(int(message.headers["webhook-timestamp"]) + 1)
    assert not verified(other(message, webhook_timestamp=later), secret, now=time.time())
    assert not verified(message, SECRETS.told(new_salt()), now=time.time())
    assert not verified(message, secret, now=time.time() + 301)


def test_two_secrets_sign_at_once() -> None:
    old, new = new_salt(), new_salt()
    message = heard(new, old)

    assert verified(message, SECRETS.told(old), now=time.time())
    assert verified(message, SECRETS.told(new), now=time.time())
    assert not verified(heard(new), SECRETS.told(old), now=time.time())


def test_a_secret_has_256_bits_and_follows_from_both_its_parts() -> None:
    salt = new_salt()

    assert len(base64.b64decode(SECRETS.told(salt).removeprefix("whsec_"))) == 32
    assert SECRETS.told(salt) == WebhookSecrets(b"x" * 48).told(salt)
    assert SECRETS.told(salt) != WebhookSecrets(b"y" * 48).told(salt)
    assert len({new_salt() for _ in range(100)}) == 100
