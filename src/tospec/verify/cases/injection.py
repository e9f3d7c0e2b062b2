"""Texts that mean something to an interpreter mean nothing here: they come back as they were."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from tospec.model import Entity, Field, FieldType, Operation, System
from tospec.model import Kind as Does
from tospec.verify.base import NOTHING, Answer, Judgement, PlannedCase, Stage
from tospec.verify.oracle.predicting import requirements_of
from tospec.verify.oracle.steps import sent_fields
from tospec.verify.oracle.texts import word
from tospec.verify.probes.judging import CONTRACT, Expectation, Trial, expectation, shown, succeeded
from tospec.verify.probes.ready import Ready, ready
from tospec.verify.probes.routes import somebody
from tospec.verify.probes.topics import Kind, Topic, about, place

NAME: Final = "injection"
_SEARCH: Final = "q"
_TAIL: Final = 9
TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sql": (
        "' OR '1'='1",
        "x'); DROP TABLE users; --",
        "1; SELECT pg_sleep(3)",
        "\\' OR 1=1 #",
        "%27 OR 1=1",
    ),
    "markup": (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "&lt;b&gt; &amp; <!-- -->",
        "javascript:alert(1)",
    ),
    "templates": (
        "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
        "{0.__class__} {password} %(secret)s %s%n",
        "${jndi:ldap://127.0.0.1/a}",
        "=cmd|' /C calc'!A0",
        "`id` $(id) | id ; id && id",
        "../../../../etc/passwd",
    ),
    "unicode": (
        "e\u0301 and \u00e9",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
        "a\u200bb\u2060c\ufeffd",
        "\u202egnp.exe\u202c",
        "\u0130\u0131\u017f\u00df\u1e9e",
        "\uffff\U0010ffff",
        "\u2028 and \u2029",
    ),
    "spaces": (
        " before and after ",
        "two  spaces",
        "a\tb",
        "line\r\nSet-Cookie: a=b",
        "\x1b[31mred\x1b[0m\x07",
        "\u00a0\u3000x\u2003",
    ),
    "look-alikes": ("null", "true", "0", "1e5", '{"a": 1}', "[]", "undefined", "NaN"),
}
"""Texts by what they could be taken for."""
_BAD_TEXTS: Final = {
    "nul": "a\x00b",
    "lone-surrogate": "a\ud800b",
    "reversed-surrogates": "\udc00\ud800",
}
_FREE: Final = frozenset({FieldType.STRING, FieldType.TEXT})
_MARK: Final = 10**11


def _planned(system: System) -> Iterator[PlannedCase]:
    for entity in system.entities:
        if not entity.built_in:
            yield from _of_entity(system, entity)
    for operation in system.operations:
        if operation.kind is Does.LIST and "{" not in operation.path and system.has(CONTRACT):
            yield _names(operation)


def _of_entity(system: System, entity: Entity) -> Iterator[PlannedCase]:
    creating = _operation(system, entity, Does.CREATE)
    if creating is None:
        return
    for field in sent_fields(entity, updates=False):
        if field.type in _FREE and field.pattern is None and not field.secret:
            for group in TEXTS:
                yield _verbatim(system, entity, field, creating, group)
            yield _bad(entity, field, creating)
    listing = _operation(system, entity, Does.LIST)
    if listing is not None and "{" not in listing.path and system.has(CONTRACT):
        for name in entity.listing.search:
            field_ = entity.field(name)
            if field_ is not None and field_.pattern is None and _room(field_) >= 20:
                yield _wildcards(entity, field_, creating, listing)


def _operation(system: System, entity: Entity, kind: Does) -> Operation | None:
    found = (each for each in system.operations_of(entity.name) if each.kind is kind)
    return next(found, None)


def _topic(entity: Entity, field: Field, operation: Operation) -> Topic:
    return Topic(
        kind=NAME,
        label=f"{entity.name}.{field.name}",
        element=f"field {entity.name}.{field.name}",
        reference=place(field.span),
        operation=operation.name,
        requirements=entity.requirements,
    )


def _room(field: Field) -> int:
    return field.length[1] if field.length else 1_000


def _fitting(field: Field, text: str) -> str:
    least = field.length[0] if field.length else 0
    return text[: _room(field)].ljust(least, "x")


def _writing(system: System, entity: Entity, field: Field, creating: Operation) -> Operation:
    """Return the operation by which a field is written often: an update needs no new row."""
    updating = _operation(system, entity, Does.UPDATE)
    return updating if updating is not None and field.changeable else creating


def _verbatim(
    system: System, entity: Entity, field: Field, creating: Operation, group: str
) -> PlannedCase:
    operation = _writing(system, entity, field, creating)

    def run(stage: Stage) -> Judgement:
        trial = Trial("the text comes back as it was, or is refused")
        scene = ready(stage, operation)
        for text in TEXTS[group]:
            if operation is creating:
                scene = ready(stage, operation)
            _hold(trial, scene, field, _fitting(field, text))
        _accepts(trial, ready(stage, operation))
        return trial.judgement()

    rule = f"A text is kept as it is, whatever it may mean to others ({group})."
    cost = 2 * len(TEXTS[group]) + 6
    topic = _topic(entity, field, operation)
    return topic.case(group, rule, run, reference="OWASP ASVS 1.2", cost=cost)


def _accepts(trial: Trial, scene: Ready) -> None:
    scene.control(trial)


def _hold(trial: Trial, scene: Ready, field: Field, text: str) -> None:
    body = {**(scene.body if isinstance(scene.body, dict) else {}), field.name: text}
    answer = scene.scene.take(scene.step, body=body)
    name = repr(text[:40])
    if not succeeded(answer):
        trial.expect(name, answer, Expectation(statuses=_refusals(scene)))
        return
    trial.found(name, _altered(answer, field, text), seen="as it was")
    key = scene.step.on if scene.operation.kind is Does.UPDATE else scene.step.makes
    read = scene.scene.read(key, scene.step.by) if key is not None else None
    if read is not None:
        trial.found(f"{name} read again", _altered(read, field, text), seen="as it was")


def _refusals(scene: Ready) -> tuple[int, ...]:
    """Return the statuses of a refusal: of the value itself, or by a rule of the spec."""
    system = scene.stage.system
    rules = requirements_of(system, scene.operation)
    return (400, 422, *(system.error(each.error).status for each in rules))


def _altered(answer: Answer, field: Field, text: str) -> str:
    if not isinstance(answer.json, dict):
        return shown(answer)
    told = answer.json.get(field.name, NOTHING)
    # A view need not show the field.
    return "" if told is NOTHING or told == text else f"it came back as {str(told)[:80]!r}"


def _bad(entity: Entity, field: Field, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 400, "malformed-json", tolerated=(422,))
        trial = Trial(str(wanted))
        scene = ready(stage, operation)
        for name, text in _BAD_TEXTS.items():
            body = {**scene.body, field.name: _fitting(field, text)}
            raw = json.dumps(body).encode("ascii")
            answer = scene.send(body=raw, headers={"Content-Type": "application/json"})
            trial.expect(name, answer, wanted)
        scene.control(trial)
        return trial.judgement()

    rule = "What no text can hold is refused: U+0000 and halves of surrogate pairs."
    topic = _topic(entity, field, operation)
    return topic.case("no-text", rule, run, reference="RFC 7493 §2.1", cost=7)


def _wildcards(
    entity: Entity, field: Field, creating: Operation, listing: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("only the rows that hold the very text")
        mark = str(stage.random.randrange(_MARK, 10 * _MARK))
        person = somebody(stage, creating)
        tail = word(stage.random, _TAIL)
        plain = _made(trial, stage, creating, field, f"{mark}x{tail}")
        for sign in ("%", "_", "\\", "'", "*", "\\_"):
            other = _made(trial, stage, creating, field, f"{mark}{sign}{tail}")
            query = {_SEARCH: f"{mark}{sign}{tail}"}
            answer = stage.send(person, listing.method, listing.path, query=query)
            found = _ids(answer)
            trial.need(f"{sign} finds itself", holds=other in found, got=shown(answer))
            trial.need(f"{sign} finds no other", holds=plain not in found, got="it found others")
        answer = stage.send(person, listing.method, listing.path, query={_SEARCH: f"{mark}x{tail}"})
        trial.control("the plain text", answer, works=plain in _ids(answer))
        return trial.judgement()

    rule = "Signs that stand for any text elsewhere stand for themselves in a search."
    topic = _topic(entity, field, listing)
    return topic.case("wildcards", rule, run, reference="CWE-943", cost=24)


def _made(trial: Trial, stage: Stage, operation: Operation, field: Field, text: str) -> str:
    scene = ready(stage, operation)
    answer = scene.send(body={**scene.body, field.name: text})
    trial.control(f"a row with {text[-3:]!r}", answer, works=succeeded(answer))
    return str(answer.json.get("id")) if isinstance(answer.json, dict) else ""


def _ids(answer: Answer) -> set[str]:
    items = answer.json.get("items") if isinstance(answer.json, dict) else None
    rows = items if isinstance(items, list) else []
    return {str(each.get("id")) for each in rows if isinstance(each, dict)}


def _names(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 422, "validation-error", tolerated=(400,))
        trial = Trial(str(wanted))
        entity = stage.system.entity(operation.entity)
        person = somebody(stage, operation)
        for query in _unlisted(entity, operation):
            answer = stage.send(person, "GET", operation.path, query=dict([query]))
            trial.expect("=".join(query), answer, wanted)
        right = {"sort": entity.listing.sort[0]} if entity.listing.sort else {}
        answer = stage.send(person, "GET", operation.path, query=right)
        trial.control(f"what may be asked: {right}", answer, works=succeeded(answer))
        return trial.judgement()

    rule = "A list is sorted and narrowed only by what the spec lists."
    return about(NAME, operation).case("names", rule, run, reference="OWASP API3", cost=20)


def _unlisted(entity: Entity, operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield parameters that would sort or narrow a list by what the spec does not list."""
    is_custom = operation.where is not None or operation.sort is not None
    sorts = entity.listing.sort
    filters = () if is_custom else entity.listing.filter
    names = [each.name for each in entity.fields] + [each.name for each in entity.computed]
    for name in (*names, "password_hash", "tenant_id", "id;--", "(select 1)"):
        if name not in sorts:
            yield "sort", name
        if name not in filters:
            yield name, "x"


KIND: Final = Kind(NAME, _planned)
