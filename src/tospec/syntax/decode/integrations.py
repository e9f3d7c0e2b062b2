"""Other services, and the steps of jobs that ask them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tospec.model import Ask, Breaker, Call, CallRetry, Expression, Field, FieldType, Integration
from tospec.model.integrations import Proof
from tospec.python import attribute_problem, name_problem
from tospec.syntax import codes
from tospec.syntax.conventions import integrations_1
from tospec.syntax.decode.custom import http_of
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.fields import decode_field
from tospec.syntax.decode.messages import decode_sending
from tospec.syntax.formulas import compile_node
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import check_word
from tospec.syntax.notations import parameters
from tospec.syntax.parts import Part
from tospec.syntax.problems import Problems
from tospec.syntax.scope import RowScope, field_type

_GIVEN: Final = ("timeout", "retry", "breaker", "degraded", "concurrency")
_WAITS: Final = {"base": "200ms", "cap": "2s", "budget": "20"}
_SENT: Final = frozenset(
    (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.SLUG)
) | {FieldType.INT, FieldType.BOOL, FieldType.UUID}
_TAKEN_VALUES: Final = ("body", "key", "self")


def decode_integrations(parts: Iterable[Part], environment: Environment) -> Iterator[Integration]:
    """Yield the integrations of the spec; integrations-1 fills in what they leave out."""
    problems = environment.problems
    for part in parts:
        keys = part.keys
        yield Integration(
            name=part.name.text,
            url=keys.text("url"),
            proof=_proof(keys.record("auth")),
            timeout=keys.milliseconds("timeout") or integrations_1.TIMEOUT,
            retry=_retry(keys.record("retry"), problems),
            breaker=_breaker(keys.record("breaker")),
            degraded=keys.text("degraded") or integrations_1.DEGRADED,
            concurrency=keys.whole("concurrency") or integrations_1.CONCURRENCY,
            calls=tuple(_call(name, call, problems) for name, call in keys.named("calls")),
            given=tuple(key for key in _GIVEN if key in keys),
            requirements=part.requirements,
            span=part.name.span,
            description=keys.text("description"),
            sends=decode_sending(part, environment),
        )


def _proof(auth: Keys | None) -> Proof | None:
    if auth is None:
        return None
    return Proof(
        header=auth.text("header") or None, secret=auth.text("bearer") or auth.text("secret")
    )


def _retry(retry: Keys | None, problems: Problems) -> CallRetry:
    if retry is None:
        return integrations_1.RETRY
    attempts = retry.whole("attempts") or 1
    for key, example in _WAITS.items():
        if attempts == 1 and key in retry:
            message = "Nothing follows the only attempt."
            problems.add(codes.MISPLACED_KEY, retry.key_place(key), message, "Leave it out.")
        elif attempts > 1 and key not in retry:
            message = f"The retry has no '{key}'."
            problems.add(codes.MISSING_KEY, retry.span, message, f"{key}: {example}")
    base, cap = retry.milliseconds("base") or 0, retry.milliseconds("cap") or 0
    if base and cap and base > cap:
        message = "No wait is longer than the cap, and the first may be as long as the base."
        problems.add(codes.BAD_RANGE, retry.place("cap"), message)
    return CallRetry(attempts=attempts, base=base, cap=cap, budget=retry.whole("budget") or 0)


def _breaker(breaker: Keys | None) -> Breaker:
    if breaker is None:
        return integrations_1.BREAKER
    return Breaker(
        failures=breaker.whole("failures") or 1,
        within=breaker.milliseconds("within") or 1,
        open=breaker.milliseconds("open") or 1,
    )


def _call(name: Word, keys: Keys, problems: Problems) -> Call:
    check_word(name.text, "call", name.span, problems)
    method, path = http_of(keys) or ("POST", "/")
    _check_http(keys, method, problems)
    body = _exchanged(keys, "body", problems)
    returns = _exchanged(keys, "returns", problems)
    for each in body:
        if each.name in _TAKEN_VALUES:
            message = f"'{each.name}' is a part of every client."
            problems.add(codes.RESERVED_NAME, each.span, message, "Give it another name.")
    return Call(
        name=name.text,
        method=method,
        path=path,
        body=body,
        keyed=keys.flag("idempotency"),
        returns=returns,
        span=name.span,
        description=keys.text("description"),
    )


def _check_http(keys: Keys, method: str, problems: Problems) -> None:
    if parameters(keys.text("http")):
        message = "The path of a call has no parameters."
        problems.add(codes.BAD_PATH, keys.place("http"), message, "Send the value in the body.")
    if method in {"GET", "DELETE"} and "body" in keys:
        message = f"A {method} has no body."
        problems.add(codes.MISPLACED_KEY, keys.key_place("body"), message, "POST, PUT or PATCH.")
    if method in {"GET", "PUT", "DELETE"} and "idempotency" in keys:
        message = f"A {method} may be repeated anyway."
        place = keys.key_place("idempotency")
        problems.add(codes.MISPLACED_KEY, place, message, "Leave it out.")


def _exchanged(keys: Keys, key: str, problems: Problems) -> tuple[Field, ...]:
    """Return the values under `key`, each with its own faults reported."""
    fields = []
    for name, spec in keys.named(key):
        problem = (name_problem if key == "body" else attribute_problem)(name.text)
        if problem:
            help_ = "Give the value another name."
            problems.add(codes.RESERVED_NAME, name.span, problem, help_)
        fields.append(decode_field(name, spec, problems))
    _check_types(fields, problems)
    return tuple(fields)


def _check_types(fields: Iterable[Field], problems: Problems) -> None:
    for field in fields:
        if field.type not in _SENT:
            message = f"A {field.type} is not exchanged with other services."
            help_ = f"It is one of {', '.join(sorted(_SENT))}."
            problems.add(codes.WRONG_MEMBER, field.span, message, help_)


def decode_ask(step: Keys, scope: RowScope, environment: Environment) -> Ask | None:
    """Return what a step asks another service for; None if it asks none."""
    word = step.word("call")
    if word is None:
        return None
    call = environment.calls.get(word.text)
    if call is None:
        environment.problems.unknown(
            codes.UNKNOWN_CALL, word.span, "call", word.text, environment.calls
        )
        return None
    integration, _, name = word.text.partition(".")
    values = _values(step, word, call, scope, environment)
    return Ask(integration=integration, call=name, values=tuple(values), span=word.span)


def _values(
    step: Keys, word: Word, call: Call, scope: RowScope, environment: Environment
) -> Iterator[tuple[str, Expression]]:
    """Yield what is sent, in the order of the body; report what is missing or unknown."""
    given = {name.text: (name, node) for name, node in step.entries("with")}
    known = {field.name: field for field in call.body}
    for name, _ in given.values():
        if name.text not in known:
            what = f"value of {word.text}"
            environment.problems.unknown(codes.UNKNOWN_MEMBER, name.span, what, name.text, known)
    for field in call.body:
        if field.name in given:
            type_ = field_type(field, f"{word.text}.{field.name}")
            node = given[field.name][1]
            value = compile_node(node, scope, type_, environment.problems)
            if value:
                yield field.name, value
        elif not field.optional:
            message = f"{word.text} needs '{field.name}'."
            environment.problems.add(codes.MISSING_KEY, word.span, message, "Say it in `with`.")


def calls_of(integrations: Iterable[Integration]) -> Mapping[str, Call]:
    """Return what can be asked for, by the name of the integration and of the call."""
    return {f"{each.name}.{call.name}": call for each in integrations for call in each.calls}
