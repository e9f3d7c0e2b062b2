"""Every change of what is audited leaves one entry that says who, what, before, after and how."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tospec.model import Entity, FieldType, Kind, Operation, System
from tospec.verify.base import Answer, Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import REST
from tospec.verify.oracle.naming import snake, wire_name
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.wire import from_json
from tospec.verify.oracle.world import Key, Somebody, Undetermined
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.listing import OK, walk
from tospec.verify.scene.parts import (
    CaseKind,
    Goal,
    Planner,
    Played,
    Plot,
    Topic,
    Trial,
    about,
    done,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "audit"
_SECRET: Final = ("password_hash", "$argon2", "$2b$", "token_hash")
_SKEW: Final = timedelta(minutes=10)
_LISTING: Final = "ListAuditEntries"
_VERBS: Final = {
    Kind.CREATE: "create",
    Kind.UPDATE: "update",
    Kind.DELETE: "delete",
    Kind.RESTORE: "restore",
}
_CHANGES: Final = frozenset({*_VERBS, Kind.TRANSITION, Kind.ACTION, Kind.LINK, Kind.UNLINK})


def _planned(system: System) -> Iterator[PlannedCase]:
    listing = _listing(system)
    if listing is None:
        return
    planner = Planner(system)
    for operation in modelled(system):
        if operation.kind in _CHANGES and system.entity(operation.entity).audit:
            topic = about(NAME, operation)
            yield _entry(planner, topic, operation, listing)
            entity = system.entity(operation.entity)
            if operation.kind is not Kind.CREATE and entity.optimistic and system.has(REST):
                yield _none(planner, topic, operation, listing)
    yield _unchangeable(listing)
    if system.auth is not None:
        yield _secrets(listing)


def _listing(system: System) -> Operation | None:
    """Return the operation that lists entries; None if nobody reads them."""
    found = (each for each in system.operations if each.name == _LISTING)
    return next(found, None) if system.audit else None


def trail_of(system: System, operation: Operation) -> Operation | None:
    """Return the operation that lists the entries an operation leaves; None if it leaves none."""
    return _listing(system) if system.entity(operation.entity).audit else None


def entries_of(scene: Scene, listing: Operation, key: Key) -> list[dict[str, Any]]:
    """Return the entries about a row, by somebody who may read them."""
    reader = Somebody(role=roles_of(scene.system, listing)[0])
    step = Step(operation=listing, by=reader)
    found = walk(scene, step, [("entity_id", scene.id_of(key))])
    return [each for each in found if isinstance(each, dict)]


def _entry(planner: Planner, topic: Topic, operation: Operation, listing: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, _plot(planner, operation))
        scene, is_new = played.scene, operation.kind is Kind.CREATE
        before = [] if is_new else entries_of(scene, listing, played.plot.target)
        step = scene.chosen(played.step)
        answer = scene.take(step)
        if not played.expected().fits(answer):
            raise Unavailable(f"{operation.name} gave {answer.status}")
        known = {each.get("id") for each in before}
        after = entries_of(scene, listing, played.plot.target)
        added = [each for each in after if each.get("id") not in known]
        trial = Trial("one entry that tells who did what")
        trial.need("entries", holds=len(added) == 1, got=f"{len(added)} new entries")
        for entry in added[:1]:
            _inspect(trial, played, step, entry, answer)
        return trial.judgement()

    return topic.case("entry", f"{operation.name} leaves one audit entry.", run, cost=10)


def _plot(planner: Planner, operation: Operation) -> Plot:
    """Return a situation in which somebody acts who is not the first to come to mind."""
    for role in reversed(roles_of(planner.system, operation)):
        me = Somebody(role=role, number=1)
        plot = planner.find(Goal(operation=operation, me=me, wanted=done))
        if plot is not None:
            return plot
    raise Unavailable(f"nobody can {operation.name}")


def _inspect(
    trial: Trial, played: Played, step: Step, entry: dict[str, Any], answer: Answer
) -> None:
    entity = played.scene.system.entity(step.operation.entity)
    noun = snake(entity.name)
    action = str(entry.get("action"))
    wanted = _action(step.operation, noun)
    fits = action == wanted if wanted else action.startswith(f"{noun}.")
    trial.need("its action", holds=fits, got=action)
    actor = entry.get("actor_id")
    trial.need("its actor", holds=actor == played.scene.id_of(step.by.key), got=str(actor))
    type_ = entry.get("entity_type")
    trial.need("its kind of row", holds=type_ == noun, got=str(type_))
    request = entry.get("request_id")
    same = request == answer.headers.get("x-request-id")
    trial.need("the id of the request", holds=same, got=str(request))
    when = str(entry.get("occurred_at"))
    trial.need("its time", holds=_is_now(when), got=when)
    _inspect_values(trial, entity, step, entry)


def _is_now(text: str) -> bool:
    try:
        found = from_json(FieldType.TIMESTAMP, text)
    except Undetermined:
        return False
    return isinstance(found, datetime) and abs(datetime.now(UTC) - found) <= _SKEW


def _action(operation: Operation, noun: str) -> str:
    if operation.transition is not None:
        return f"{noun}.{operation.transition}"
    verb = _VERBS.get(operation.kind)
    return f"{noun}.{verb}" if verb else ""


def _inspect_values(trial: Trial, entity: Entity, step: Step, entry: dict[str, Any]) -> None:
    before, after = entry.get("before"), entry.get("after")
    trial.need("before and after", holds=before != after, got="they are the same")
    kind = step.operation.kind
    trial.need("before", holds=(before is None) is (kind is Kind.CREATE), got=str(before))
    trial.need("after", holds=(after is None) is (kind is Kind.DELETE), got=str(after))
    if kind not in {Kind.CREATE, Kind.UPDATE} or not isinstance(after, dict):
        return
    for name, value in step.body.items():
        if isinstance(value, str) and entity.relation(name) is None:
            told: Json = after.get(wire_name(entity, name))
            trial.need(f"after: {name}", holds=told == value, got=repr(told))


def _none(planner: Planner, topic: Topic, operation: Operation, listing: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        scene, key = played.scene, played.plot.target
        if not scene.tag(key, played.step.by) and key not in scene.tags:
            raise Unavailable("the target tells no ETag, so that no change could be refused")
        before = entries_of(scene, listing, key)
        answer = scene.take(played.step, headers={"If-Match": '"stale"'})
        trial = Trial("no entry")
        refused = 400 <= answer.status < 500
        trial.control("the change is refused", answer, works=refused)
        after = entries_of(scene, listing, key)
        more = len(after) - len(before)
        trial.need("entries", holds=more == 0, got=f"{more} new entries")
        there = bool(before)
        trial.need("earlier entries of the row", holds=there, got="there are none")
        return trial.judgement()

    return topic.case("refused", "A change that is refused leaves no entry.", run, cost=10)


def _unchangeable(listing: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        reader = stage.person(roles_of(stage.system, listing)[0])
        page = stage.send(reader, listing.method, listing.path, query=[("limit", "1")])
        items = page.json.get("items") if isinstance(page.json, dict) else None
        if not items:
            raise Unavailable("there are no entries yet")
        trial = Trial("404 or 405")
        trial.control("reading", page, works=True)
        for method in ("DELETE", "PATCH", "PUT"):
            path = f"{listing.path}/{items[0]['id']}"
            answer = stage.send(reader, method, path, body={"action": "nothing"})
            holds = answer.status in {404, 405}
            trial.need(f"{method} of an entry", holds=holds, got=str(answer.status))
        return trial.judgement()

    return about(NAME, listing).case(
        "unchangeable", "Entries can be neither changed nor deleted.", run, cost=5
    )


def _secrets(listing: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        reader = stage.person(roles_of(stage.system, listing)[0])
        person = stage.fresh_person(stage.system.roles[-1])
        password = stage.account(person)["password"]
        trial = Trial("no password, hash or token")
        queries = ([("limit", "200")], [("limit", "200"), ("entity_id", person.user_id or "")])
        for query in queries:
            answer = stage.send(reader, listing.method, listing.path, query=query)
            trial.control("reading", answer, works=answer.status == OK)
            text = answer.body.decode("utf-8", "replace")
            told = [word for word in (password, *_SECRET) if word in text]
            trial.need("entries", holds=not told, got=f"{len(told)} of them")
        return trial.judgement()

    rule = "The trail holds no secret of a person."
    return about(NAME, listing).case("secrets", rule, run, reference="OWASP API3", cost=3)


KIND: Final = CaseKind(NAME, _planned)
