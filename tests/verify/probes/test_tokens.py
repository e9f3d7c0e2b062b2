"""Tokens that were spoiled: each is another one, and none is signed with the right key."""

import hashlib
import hmac

import pytest

from tospec.verify.probes.tokens import Jwt, Tampering, bearer, jwt, tamperings

_KEY = b"the key that only the target has, 32 bytes"
_CLAIMS = {"sub": "1", "exp": 2_000_000_000, "tid": "2"}


def _token() -> Jwt:
    blank = Jwt(header={"alg": "HS256", "typ": "at+jwt"}, payload=_CLAIMS, signature=b"", text="")
    token = jwt(blank.signed(_KEY))
    assert token is not None
    return token


def _is_valid(text: str) -> bool:
    """Verify a token as a target has to: three parts, its own algorithm, its own key."""
    token = jwt(text)
    if token is None or dict(token.header) != {"alg": "HS256", "typ": "at+jwt"}:
        return False
    signed = text.rpartition(".")[0].encode()
    right = hmac.digest(_KEY, signed, hashlib.sha256)
    return hmac.compare_digest(right, token.signature)


def test_the_token_itself_is_valid() -> None:
    assert _is_valid(_token().text)


@pytest.mark.parametrize("tampering", tamperings(), ids=lambda each: each.name)
def test_no_spoiled_token_is_valid(tampering: Tampering) -> None:
    spoiled = tampering.of(_token())
    assert spoiled != _token().text
    assert not _is_valid(spoiled)


def test_names_of_ways_are_unique() -> None:
    names = [each.name for each in tamperings()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Authorization": "Bearer abc"}, "abc"),
        ({"authorization": "bearer abc"}, "abc"),
        ({"Authorization": "Basic abc"}, None),
        ({"Cookie": "session=abc"}, None),
    ],
)
def test_the_token_is_taken_from_the_credentials(
    headers: dict[str, str], token: str | None
) -> None:
    assert bearer(headers) == token


@pytest.mark.parametrize("text", ["", "abc", "a.b", "a.b.c", "W10.W10.AA", "e30.e30.é"])
def test_what_is_no_json_web_token_is_none(text: str) -> None:
    assert jwt(text) is None
