"""Two people of two tenants, written down as Schemathesis wants to know them."""

import json
import secrets
import urllib.request
from pathlib import Path
from typing import Any, Final

OWNERS: Final = ("ann", "bob")
_TOKEN: Final = {
    "extractFrom": "body",
    "extractSelector": "/access_token",
    "sendIn": "header",
    "sendName": "Authorization",
    "sendTemplate": "Bearer {token}",
}


def sign_up(base: str, file: Path) -> None:
    """Sign up each owner with a tenant of their own; write into `file` how they sign in."""
    entries = [_signed_up(base, name) for name in OWNERS]
    file.write_text(json.dumps({"auth": entries}), encoding="utf-8")


def _signed_up(base: str, name: str) -> dict[str, Any]:
    account = {"email": f"{name}@example.org", "password": secrets.token_urlsafe(16)}
    tenant = {"name": name.title(), "tenant_name": f"Tenant of {name}"}
    _post(f"{base}/v1/auth/sign-up", account | tenant)
    login = {
        "endpoint": "/v1/auth/sign-in",
        "verb": "POST",
        "contentType": "application/json",
        "payloadRaw": json.dumps(account),
        "token": _TOKEN,
    }
    return {"name": name, "loginEndpointAuth": login}


def _post(url: str, body: object) -> None:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 - our own URL
