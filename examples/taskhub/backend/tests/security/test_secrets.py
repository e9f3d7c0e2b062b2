"""Secrets that are handed out are kept as digests only."""

import re
import secrets

import pytest

from app.security.secrets import KeyedDigest, digest_of, new_secret
from tests.requirements import ACCOUNTS

pytestmark = pytest.mark.requirement(*ACCOUNTS)


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", each) for each in made)


def test_a_digest_is_that_of_one_secret() -> None:
    secret = new_secret()

    assert digest_of(secret) == digest_of(secret)
    assert digest_of(secret) != digest_of(secret + "=")
    assert re.fullmatch(r"[0-9a-f]{64}", digest_of(secret))


def test_a_keyed_digest_depends_on_value_key_and_purpose() -> None:
    key = secrets.token_bytes(32)
    digest = KeyedDigest(key, purpose="one").of("value")

    assert digest == KeyedDigest(key, purpose="one").of("value")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", digest)
    others = (
        KeyedDigest(key, purpose="one").of("other"),
        KeyedDigest(key, purpose="two").of("value"),
        KeyedDigest(secrets.token_bytes(32), purpose="one").of("value"),
    )
    assert digest not in others
