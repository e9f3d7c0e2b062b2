"""Tests' tables about other services: the contracts, and how they are asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tospec.ir.integrations import Call, Exchanged, Integration
from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, fill, join, literal, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    integration: Code
    name: Code
    method: Code
    path: Code
    proof: Code
    keyed: Code
    body: Code
    answer: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    name: Code
    policy: Code
    connect: Code
    settings: Code


def render_contract(logic: Logic, path: str) -> str:
    """Return the contracts with other services, as their stub keeps them."""
    calls = list(_calls(logic.integrations))
    body = TEMPLATES.render("tests/contract.py.j2", artifact=path, calls=calls)
    return module("What other services take and answer.", body, artifact=path)


def render_known_integrations(logic: Logic, path: str) -> str:
    """Return what tests of all integrations go through."""
    known = [_known(each) for each in logic.integrations]
    body = TEMPLATES.render("tests/integrations.py.j2", artifact=path, integrations=known)
    return module("The other services that there are, and how they are asked.", body, artifact=path)


def _calls(integrations: Iterable[Integration]) -> Iterator[_Call]:
    for integration in integrations:
        for call in integration.calls:
            yield _call(integration, call)


def _call(integration: Integration, call: Call) -> _Call:
    proof = integration.proof
    return _Call(
        integration=literal(integration.name),
        name=literal(call.name),
        method=literal(call.method),
        path=literal(call.path),
        proof=literal((proof.header or "authorization").lower() if proof else None),
        keyed=literal(call.keyed),
        body=_kinds(call.body),
        answer=_kinds(call.returns),
    )


def _kinds(values: Iterable[Exchanged]) -> Code:
    kinds = ((each.name, f"{each.kind}?" if each.nullable else each.kind) for each in values)
    pairs = (fill("{}: {}", literal(name), literal(kind)) for name, kind in kinds)
    return fill("{{{}}}", join(", ", pairs))


def _known(integration: Integration) -> _Known:
    name, home = integration.name, f"app.integrations.{integration.name}"
    proof = integration.proof.setting if integration.proof else None
    return _Known(
        name=literal(name),
        policy=symbol(home, "POLICY", alias=f"POLICY_OF_{name.upper()}"),
        connect=symbol(home, "connect", alias=f"connect_{name}"),
        settings=fill("({}, {})", literal(integration.url), literal(proof)),
    )
