"""From integrations to clients of other services."""

from collections.abc import Iterable, Iterator

from tospec.ir.integrations import Call, Exchanged, Integration, Proof
from tospec.model import Call as CallSpec
from tospec.model import Field, FieldType, System
from tospec.model import Integration as Spec
from tospec.python import pascal, sentence, title_words

_URL = r"https?://[^/?#@\s]+(/[^?#\s]*)?"

_LONGEST_SECRET = 8192


def integrations_of(system: System) -> tuple[Integration, ...]:
    """Return the other services that a backend asks."""
    return tuple(map(_integration, system.integrations))


def _integration(spec: Spec) -> Integration:
    proof = spec.proof
    return Integration(
        name=spec.name,
        type=f"{pascal(spec.name)}Client",
        about=sentence(spec.description or title_words(pascal(spec.name))),
        url=spec.url.lower(),
        proof=Proof(header=proof.header, setting=proof.secret.lower()) if proof else None,
        timeout=spec.timeout,
        attempts=spec.retry.attempts,
        base=spec.retry.base,
        cap=spec.retry.cap,
        budget=spec.retry.budget,
        failures=spec.breaker.failures,
        within=spec.breaker.within,
        open=spec.breaker.open,
        waits=spec.degraded == "wait",
        concurrency=spec.concurrency,
        calls=tuple(_call(spec, call) for call in spec.calls),
        requirements=spec.requirements,
    )


def _call(spec: Spec, call: CallSpec) -> Call:
    return Call(
        name=call.name,
        about=sentence(call.description or f"Ask for `{call.method} {call.path}`"),
        method=call.method,
        path=call.path,
        keyed=call.keyed,
        body=_exchanged(call.body),
        answer=f"{pascal(spec.name)}{pascal(call.name)}Answer",
        returns=_exchanged(call.returns),
    )


def _exchanged(fields: Iterable[Field]) -> tuple[Exchanged, ...]:
    return tuple(
        Exchanged(name=each.name, kind=each.type.value, nullable=each.optional) for each in fields
    )


def settings_of_integrations(system: System) -> Iterator[Field]:
    """Yield the settings that integrations bring: where they are, and what proves who asks."""
    for each in system.integrations:
        yield Field(
            name=each.url,
            type=FieldType.STRING,
            span=each.span,
            optional=True,
            pattern=_URL,
            description=f"Base URL of {each.name}; jobs that need it wait if absent.",
        )
        if each.proof:
            yield Field(
                name=each.proof.secret,
                type=FieldType.STRING,
                span=each.span,
                optional=True,
                secret=True,
                length=(1, _LONGEST_SECRET),
                description=f"Proves to {each.name} who asks; required with {each.url}.",
            )
