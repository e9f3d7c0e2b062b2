"""An access token is the only thing that says who asks."""

import base64
import json
from typing import Any

import jwt
import pytest
from sqlalchemy import update

from app.about import SERVICE
from app.authorization.permissions import FOUNDER
from app.models.role import Role
from app.models.tenant import tenants
from app.models.user import users
from tests.accounts.people import Person, Service, outcome, refusal
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS, TENANCY
from tests.roles import COLLEAGUE, OTHERS

pytestmark = pytest.mark.requirement(*ACCOUNTS, *TENANCY)


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


def resigned(
    service: Service, token: str, *, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    """Return `token` with other claims, signed with the service's own key."""
    payload = jwt.decode(token, options={"verify_signature": False}) | claims
    kept = {name: value for name, value in payload.items() if value is not ...}
    key = service.accounts.sessions.tokens._key
    headers = {"typ": "at+jwt"} | (header or {})
    return jwt.PyJWS().encode(json.dumps(kept).encode(), key, "HS256", headers=headers)


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def refused(service: Service, token: str) -> None:
    response = await service.with_token(token)
    assert outcome(response) == (401, "unauthenticated"), token
    assert response.headers["www-authenticate"] == 'Bearer realm="api", error="invalid_token"'


async def test_a_token_signed_anew_is_as_good(service: Service, founder: Person) -> None:
    token = resigned(service, founder.access_token)

    assert (await service.with_token(token)).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": ...},
        {"exp": 10**30},
        {"exp": "never"},
        {"exp": None},
        {"exp": []},
        {"exp": True},
        {"exp": 4102444800.0},
        {"exp": 4102444800},
        {"nbf": 4102444800},
        {"iat": 4102444800},
        {"iat": ...},
        {"nbf": ...},
        {"aud": ...},
        {"aud": "other"},
        {"aud": f"{SERVICE} "},
        {"aud": [SERVICE]},
        {"aud": f"x{SERVICE}"},
        {"iss": ...},
        {"iss": "http://localhost:8000/"},
        {"iss": ["http://localhost:8000"]},
        {"iss": "https://evil.example"},
        {"sub": ...},
        {"sub": 7},
        {"sub": {"id": 1}},
        {"sub": "' OR 1=1 --"},
        {"sub": "x" * 10_000},
        {"sub": "0190a3c4-0000-7000-8000-000000000000"},
        {"tid": ...},
        {"tid": "0190a3c4-0000-7000-8000-000000000000"},
        {"sid": ...},
        {"sid": "0190a3c4-0000-7000-8000-000000000000"},
        {"jti": ...},
    ],
    ids=str,
)
async def test_other_claims_are_refused(
    service: Service, founder: Person, claims: dict[str, Any]
) -> None:
    assert (await service.with_token(founder.access_token)).status_code == 200
    await refused(service, resigned(service, founder.access_token, **claims))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "refresh+jwt"},
        {"typ": None},
        {"kid": "../../../../dev/null"},
        {"kid": "' OR 1=1--"},
        {"jku": "http://127.0.0.1:9/keys"},
        {"x5u": "http://127.0.0.1:9/keys"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"x5c": ["AAAA"]},
        {"crit": ["exp"]},
        {"cty": "JWT"},
    ],
    ids=str,
)
async def test_other_headers_are_refused(
    service: Service, founder: Person, header: dict[str, Any]
) -> None:
    await refused(service, resigned(service, founder.access_token, header=header))


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "", "HS512", "RS256", None])
@pytest.mark.parametrize("signature", ["", "AAAA", "kept"])
async def test_other_algorithms_are_refused(
    service: Service, founder: Person, algorithm: str | None, signature: str
) -> None:
    _, payload, mac = founder.access_token.split(".")
    header = encoded({"alg": algorithm, "typ": "at+jwt"})

    await refused(service, f"{header}.{payload}.{mac if signature == 'kept' else signature}")


async def test_a_key_of_somebody_else_is_refused(service: Service, founder: Person) -> None:
    payload = jwt.decode(founder.access_token, options={"verify_signature": False})
    other = jwt.encode(payload, b"k" * 32, "HS256", headers={"typ": "at+jwt"})

    await refused(service, other)


async def test_every_single_character_counts(service: Service, founder: Person) -> None:
    token = founder.access_token
    for position in range(0, len(token), 7):
        other = "A" if token[position] != "A" else "B"
        await refused(service, token[:position] + other + token[position + 1 :])
    # The last one has bits that base64 ignores.
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if last != token[-1]:
            await refused(service, token[:-1] + last)


async def test_a_claim_twice_is_refused(service: Service, founder: Person) -> None:
    header, payload, _ = founder.access_token.split(".")
    claims = base64.urlsafe_b64decode(payload + "==").decode()
    doubled = claims[:-1] + f', "sub": "{founder.id}"' + "}"
    part = base64.urlsafe_b64encode(doubled.encode()).decode().rstrip("=")
    key = service.accounts.sessions.tokens._key
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(mac.sign(f"{header}.{part}".encode(), key))

    await refused(service, f"{header}.{part}.{signature.decode().rstrip('=')}")


@pytest.mark.parametrize(
    "form",
    [
        "{token}=",
        "{token}.",
        "{token}.{token}",
        "..",
        "a.b.c",
        "x" * 3000,
        "e30.e30.",
    ],
)
async def test_other_forms_are_refused(service: Service, founder: Person, form: str) -> None:
    await refused(service, form.format(token=founder.access_token))


@pytest.mark.parametrize(
    "value",
    [
        "Bearer",
        "Bearer ",
        "Bearer  {token}",
        "Bearer\t{token}",
        "Bearer {token} {token}",
        "Basic {token}",
        "{token}",
        "Bearer ü",
        "Token {token}",
    ],
)
async def test_other_spellings_of_the_header_are_refused(
    service: Service, founder: Person, value: str
) -> None:
    raw = value.format(token=founder.access_token).encode("latin-1")
    response = await service.client.get("/v1/me", headers=[(b"authorization", raw)])

    assert outcome(response) == (401, "unauthenticated")


async def test_two_headers_are_refused(service: Service, founder: Person) -> None:
    header = (b"authorization", f"Bearer {founder.access_token}".encode())

    assert (await service.client.get("/v1/me", headers=[header])).status_code == 200
    assert (await service.client.get("/v1/me", headers=[header, header])).status_code == 401


async def test_nothing_sent_names_no_error(service: Service) -> None:
    response = await service.client.get("/v1/me")

    assert outcome(response) == (401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="api"'


async def test_a_token_elsewhere_is_ignored_and_beside_the_header_refused(
    service: Service, founder: Person
) -> None:
    token = founder.access_token
    alone = await service.client.get("/v1/me", params={"access_token": token})
    cookie = await service.client.get("/v1/me", headers={"cookie": f"access_token={token}"})
    both = await founder.get("/v1/me", access_token=token)
    crumbs = await founder.send("GET", "/v1/me", headers={"cookie": f"access_token={token}"})

    assert (alone.status_code, cookie.status_code) == (401, 401)
    assert outcome(both) == outcome(crumbs) == (400, "ambiguous-credentials")
    assert both.headers["www-authenticate"] == 'Bearer realm="api", error="invalid_request"'
    assert token.encode() not in b"".join(service.lines)


async def test_it_expires(service: Service, founder: Person, clock: HeldClock) -> None:
    # Tokens count in whole seconds.
    clock.move(seconds=founder.tokens["expires_in"] - 1)
    assert (await founder.get("/v1/me")).status_code == 200
    clock.move(seconds=1)
    await refused(service, founder.access_token)


@pytest.mark.parametrize("role", OTHERS)
async def test_a_role_is_lost_at_once(founder: Person, role: Role) -> None:
    second = await founder.bring_in(FOUNDER)
    assert (await second.get("/v1/invitations")).status_code == 200

    assert (await founder.change(second, role=role)).status_code == 200

    assert outcome(await second.get("/v1/invitations")) == (403, "permission-denied")


async def test_a_disabled_person_is_refused_at_once(service: Service, founder: Person) -> None:
    member = await founder.bring_in(COLLEAGUE)
    assert (await member.get("/v1/me")).status_code == 200

    assert (await founder.change(member, disabled=True)).status_code == 200

    await refused(service, member.access_token)


async def test_a_disabled_person_is_refused_whatever_became_of_the_sign_in(
    service: Service, founder: Person
) -> None:
    async with service.database.begin(founder.tenant_id) as transaction:
        mine = update(users).where(users.c.id == founder.id)
        await transaction.execute(mine.values(disabled_at=transaction.now))

    await refused(service, founder.access_token)
    assert (await service.refresh(founder.tokens["refresh_token"])).status_code == 401


async def test_somebody_enabled_again_signs_in_anew(service: Service, founder: Person) -> None:
    member = await founder.bring_in(COLLEAGUE)
    await founder.change(member, disabled=True)
    assert (await founder.change(member, disabled=False)).status_code == 200

    await refused(service, member.access_token)
    await member.sign_in()
    assert (await member.get("/v1/me")).status_code == 200


async def test_a_suspended_tenant_is_told_so(service: Service, founder: Person) -> None:
    other = await service.founder()
    async with service.database.begin(founder.tenant_id) as transaction:
        mine = update(tenants).where(tenants.c.id == founder.tenant_id)
        await transaction.execute(mine.values(suspended_at=transaction.now))

    assert outcome(await founder.get("/v1/me")) == (403, "tenant-suspended")
    assert (await service.refresh(founder.tokens["refresh_token"])).status_code == 401
    assert (await other.get("/v1/me")).status_code == 200


@pytest.mark.parametrize("name", ["X-Tenant-Id", "X-User-Id", "X-Forwarded-User", "Cookie"])
async def test_a_tenant_named_elsewhere_is_ignored(
    service: Service, founder: Person, name: str
) -> None:
    other = await service.founder()

    response = await founder.send("GET", "/v1/me", headers={name: f"tenant={other.tenant_id}"})

    assert response.json()["tenant"]["id"] == str(founder.tenant_id)
    query = await founder.get("/v1/me", tenant_id=str(other.tenant_id))
    assert query.status_code == 422


async def test_a_token_for_a_person_of_another_tenant_is_refused(
    service: Service, founder: Person
) -> None:
    other = await service.founder()

    await refused(service, resigned(service, founder.access_token, sub=str(other.id)))
    await refused(service, resigned(service, founder.access_token, tid=str(other.tenant_id)))


async def test_refused_tokens_are_logged_without_the_token(
    service: Service, founder: Person
) -> None:
    token = resigned(service, founder.access_token, iss="nobody")
    response = await service.with_token(token)

    [line] = service.logged("token_refused")
    assert line["reason"] == "InvalidIssuerError"
    assert token.encode() not in b"".join(service.lines)
    assert "issuer" not in json.dumps(refusal(response)).lower()
