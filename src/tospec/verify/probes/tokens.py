"""Bearer tokens and JSON Web Tokens, taken apart and put together wrongly."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

SCHEME: Final = "Bearer"
_HEADER: Final = "authorization"
_NONES: Final = ("none", "None", "nOnE", "")
_KEYS: Final = {"empty": b"", "secret": b"secret", "zeros": bytes(32)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """A way to spoil a JSON Web Token; `of` gives the token to send instead."""

    name: str
    of: Callable[["Jwt"], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jwt:
    """A JSON Web Token in its parts."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    signature: bytes
    text: str

    def with_header(self, **members: object) -> "Jwt":
        """Return the token with other members in its header, and the same signature."""
        return replace(self, header={**self.header, **members})

    def with_payload(self, **members: object) -> "Jwt":
        """Return the token with other claims, and the same signature."""
        return replace(self, payload={**self.payload, **members})

    def signed(self, key: bytes) -> str:
        """Return the token, signed with a key."""
        return _signed(self.header, self.payload, key)

    def encoded(self, signature: bytes | None = None) -> str:
        """Return the token as text, with its own or another signature."""
        return ".".join(
            (_part(self.header), _part(self.payload), _base64(signature or self.signature))
        )

    def unsigned(self) -> str:
        """Return the token without a signature."""
        return f"{_part(self.header)}.{_part(self.payload)}."


def bearer(credentials: Mapping[str, str]) -> str | None:
    """Return the token among the headers that sign somebody in, if there is one."""
    values = (value for name, value in credentials.items() if name.lower() == _HEADER)
    scheme, _, token = next(values, "").partition(" ")
    return token.strip() or None if scheme.lower() == SCHEME.lower() else None


def jwt(token: str | None) -> Jwt | None:
    """Return a token in its parts; None if it is no JSON Web Token."""
    pieces = (token or "").split(".")
    if len(pieces) != 3:
        return None
    try:
        header, payload = (json.loads(_plain(piece)) for piece in pieces[:2])
        signature = _plain(pieces[2])
    except ValueError:
        return None
    if not isinstance(header, dict) or not isinstance(payload, dict):
        return None
    return Jwt(header=header, payload=payload, signature=signature, text=token or "")


def tamperings() -> tuple[Tampering, ...]:
    """Return ways to spoil a token, each of which must be noticed."""
    return (*_unsigned(), *_flipped(), *_foreign_keys(), *_foreign_headers(), *_claims())


def _unsigned() -> Iterator[Tampering]:
    for name in _NONES:
        label = name or "empty"
        yield Tampering(name=f"alg-{label}", of=_of_algorithm(name, signature=False))
        yield Tampering(name=f"alg-{label}-signed", of=_of_algorithm(name, signature=True))
    yield Tampering(name="no-signature", of=lambda token: token.text.rpartition(".")[0] + ".")
    yield Tampering(name="two-parts", of=lambda token: token.text.rpartition(".")[0])
    yield Tampering(name="four-parts", of=lambda token: token.text + ".AAAA")


def _of_algorithm(name: str, *, signature: bool) -> Callable[[Jwt], str]:
    def spoiled(token: Jwt) -> str:
        other = token.with_header(alg=name)
        return other.encoded() if signature else other.unsigned()

    return spoiled


def _flipped() -> Iterator[Tampering]:
    yield Tampering(name="header-flipped", of=lambda token: _flip(token.text, 0))
    yield Tampering(name="payload-flipped", of=lambda token: _flip(token.text, 1))
    yield Tampering(name="signature-flipped", of=lambda token: _flip(token.text, 2))


def _flip(text: str, which: int) -> str:
    pieces = text.split(".")
    data = bytearray(_plain(pieces[which]))
    data[len(data) // 2] ^= 1
    pieces[which] = _base64(bytes(data))
    return ".".join(pieces)


def _foreign_keys() -> Iterator[Tampering]:
    for name, key in _KEYS.items():
        yield Tampering(name=f"signed-with-{name}", of=_signed_with(key))
    yield Tampering(
        name="other-algorithm",
        of=lambda token: token.with_header(alg="HS512").signed(b"secret"),
    )


def _signed_with(key: bytes) -> Callable[[Jwt], str]:
    return lambda token: token.with_header(alg="HS256").signed(key)


def _foreign_headers() -> Iterator[Tampering]:
    members: dict[str, dict[str, object]] = {
        "kid-path": {"kid": "../../../../../dev/null"},
        "kid-sql": {"kid": "x' UNION SELECT '' --"},
        "crit": {"crit": ["exp"]},
        "embedded-key": {"jwk": {"kty": "oct", "k": ""}},
        "key-address": {"jku": "http://127.0.0.1:9/keys", "x5u": "http://127.0.0.1:9/chain"},
    }
    for name, extra in members.items():
        yield Tampering(name=name, of=_with_header(extra))


def _with_header(members: dict[str, object]) -> Callable[[Jwt], str]:
    return lambda token: token.with_header(alg="HS256", **members).signed(b"")


def _claims() -> Iterator[Tampering]:
    changes: dict[str, dict[str, object]] = {
        "lifetime-extended": {"exp": 10**10},
        "never-expires": {"exp": None},
        "other-subject": {"sub": "00000000-0000-4000-8000-000000000000"},
        "other-tenant": {"tid": "00000000-0000-4000-8000-000000000000", "tenant_id": "other"},
        "more-rights": {"role": "owner", "is_admin": True, "scope": "*"},
    }
    for name, claims in changes.items():
        yield Tampering(name=name, of=_with_claims(claims))


def _with_claims(claims: dict[str, object]) -> Callable[[Jwt], str]:
    return lambda token: token.with_payload(**claims).encoded()


def _signed(header: Mapping[str, Any], payload: Mapping[str, Any], key: bytes) -> str:
    text = f"{_part(header)}.{_part(payload)}"
    digest = "sha512" if header.get("alg") == "HS512" else "sha256"
    return f"{text}.{_base64(hmac.digest(key, text.encode(), getattr(hashlib, digest)))}"


def _part(members: Mapping[str, Any]) -> str:
    return _base64(json.dumps(members, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _plain(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
