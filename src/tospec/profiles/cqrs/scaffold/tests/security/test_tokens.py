"""Access tokens say who asks, for a while."""

import secrets
from datetime import timedelta
from typing import Any

import pytest

from app.core.ids import TenantId, UserId, new_id
from app.security.tokens import AccessClaims, AccessTokens, InvalidTokenError
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS

pytestmark = pytest.mark.requirement(*ACCOUNTS)

LIFETIME = timedelta(minutes=15)


@pytest.fixture
def secret() -> bytes:
    return secrets.token_bytes(32)


@pytest.fixture
def claims() -> AccessClaims:
    return AccessClaims(user_id=UserId(new_id()), tenant_id=TenantId(new_id()), session_id=new_id())


def tokens(secret: bytes, clock: HeldClock, **changes: Any) -> AccessTokens:
    options = {"issuer": "http://one", "audience": "one", "lifetime": LIFETIME} | changes
    return AccessTokens(secret, clock=clock, **options)


def test_says_what_it_was_made_for(secret: bytes, clock: HeldClock, claims: AccessClaims) -> None:
    ours = tokens(secret, clock)

    assert ours.verify(ours.issue(claims)) == claims
    assert ours.issue(claims) != ours.issue(claims)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "http://two"},
        {"audience": "two"},
        {"lifetime": timedelta(minutes=16)},
    ],
    ids=str,
)
def test_of_others_is_refused(
    secret: bytes, clock: HeldClock, claims: AccessClaims, changes: dict[str, Any]
) -> None:
    theirs = tokens(secret, clock, **changes).issue(claims)

    with pytest.raises(InvalidTokenError):
        tokens(secret, clock).verify(theirs)


def test_of_another_secret_is_refused(
    secret: bytes, clock: HeldClock, claims: AccessClaims
) -> None:
    with pytest.raises(InvalidTokenError, match="InvalidSignatureError"):
        tokens(secret, clock).verify(tokens(secrets.token_bytes(32), clock).issue(claims))


def test_the_clock_of_another_machine_may_be_a_little_ahead(
    secret: bytes, clock: HeldClock, claims: AccessClaims
) -> None:
    ahead = HeldClock()
    ahead.move(seconds=5)
    far_ahead = HeldClock()
    far_ahead.move(seconds=6)
    ours = tokens(secret, clock)

    assert ours.verify(tokens(secret, ahead).issue(claims)) == claims
    with pytest.raises(InvalidTokenError, match="not yet valid"):
        ours.verify(tokens(secret, far_ahead).issue(claims))


def test_expires_to_the_second(secret: bytes, clock: HeldClock, claims: AccessClaims) -> None:
    ours = tokens(secret, clock)
    token = ours.issue(claims)

    clock.move(minutes=14, seconds=59)
    assert ours.verify(token) == claims
    clock.move(seconds=1)
    with pytest.raises(InvalidTokenError, match="expired"):
        ours.verify(token)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b.c", "é.é.é", "\ud800", "x" * 10_000, "[" * 900]
)
def test_any_text_is_refused_alike(secret: bytes, clock: HeldClock, text: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens(secret, clock).verify(text)
