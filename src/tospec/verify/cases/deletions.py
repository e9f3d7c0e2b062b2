"""What becomes of references when the rows that they lead to go."""

from collections.abc import Iterator

from tospec.model import Entity, Kind, OnDelete, Operation, Relation
from tospec.verify.base import NOTHING, Answer, Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.building import Builder, Impossible
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.contract import expected, success
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import PEOPLE, Situation, Step
from tospec.verify.oracle.world import Key, Undetermined
from tospec.verify.scene.acting import reading
from tospec.verify.scene.changing import refused
from tospec.verify.scene.parts import (
    Planner,
    Played,
    Topic,
    Trial,
    about_member,
    control,
    hold,
    operation_of,
    play,
    somebody_who_can,
)

_NOT_FOUND = 404


def deletions(kind: str, planner: Planner, entity: Entity) -> Iterator[PlannedCase]:
    """Yield the cases about rows that the relations of an entity lead to."""
    for relation in entity.relations:
        target = planner.system.entity(relation.to)
        deleting = operation_of(planner.system, target, Kind.DELETE)
        if deleting is None or relation.generated_by_principal or target.name == PEOPLE:
            continue
        topic = about_member(kind, entity, relation.name, relation.span, what="relation")
        if relation.many:
            yield _unlinked(planner, topic, relation, deleting)
        else:
            yield _on_delete(planner, topic, relation, deleting)


def _on_delete(
    planner: Planner, topic: Topic, relation: Relation, deleting: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = _referring(planner, stage, topic, relation)
        referring, other = _keys(played, relation)
        step = _deletion(planner, played, deleting, other)
        if step is None:
            step = _once_moved(planner, played, deleting, (referring, other))
        prediction = played.scene.predict(step)
        wanted = expected(stage.system, deleting, prediction)
        trial = Trial(str(wanted))
        answer = _taken(trial, played, step, done=prediction.done)
        hold(trial, f"deleting what {relation.name} refers to", answer, wanted)
        read = _read(played, referring, step)
        _inspect(trial, relation, read)
        _require_foreseen(trial, played, referring, step, read)
        if not prediction.done:
            _control(planner, stage, trial, deleting)
        return trial.judgement()

    rule = f"When what {relation.name} refers to goes: {relation.on_delete.value}."
    return topic.case(f"on-delete-{relation.on_delete.value}", rule, run, cost=10)


def _taken(trial: Trial, played: Played, step: Step, *, done: bool) -> Answer:
    if done:
        return played.scene.take(step)
    return refused(trial, played.scene, step, lambda: played.scene.take(step))


def _entity(planner: Planner, topic: Topic) -> Entity:
    return planner.system.entity(topic.element.partition(" ")[2].partition(".")[0])


def _referring(planner: Planner, stage: Stage, topic: Topic, relation: Relation) -> Played:
    """Make a row that refers to another one, which somebody may delete."""
    entity = _entity(planner, topic)
    creating = operation_of(planner.system, entity, Kind.CREATE)
    if creating is None:
        raise Unavailable(f"there is no operation to create {entity.name}")
    fixed = _deletable(planner, planner.system.entity(relation.to), relation.name)
    if relation.name != entity.under:
        fixed[(relation.name,)] = (Other.NEW,) if relation.many else Other.NEW
    played = play(stage, somebody_who_can(planner, creating, fixed=fixed))
    played.scene.play([played.step])
    return played


def _deletable(planner: Planner, entity: Entity, name: str) -> dict[Place, object]:
    """Return what a row has to be like so that somebody may delete it, seen by a relation."""
    deleting = operation_of(planner.system, entity, Kind.DELETE)
    if deleting is None:
        return {}
    plot = somebody_who_can(planner, deleting)
    return {(name, *place): value for place, value in plot.choices.items()}


def _linked(planner: Planner, stage: Stage, topic: Topic, relation: Relation) -> Played:
    """Make a row with a link that is written by an operation of its own."""
    for operation in planner.system.operations_of(_entity(planner, topic).name):
        if operation.kind is Kind.LINK and operation.relation == relation.name:
            played = play(stage, somebody_who_can(planner, operation))
            played.scene.play([played.step])
            return played
    raise Unavailable(f"there is no operation to link {relation.name}")


def _keys(played: Played, relation: Relation) -> tuple[Key, Key]:
    """Return the key of the row that refers, and of that which it refers to."""
    referring = played.step.makes or played.plot.target
    row = played.scene.world.rows[referring]
    links = row.links.get(relation.name) or (None,)
    other = links[0] if relation.many else row.refs.get(relation.name)
    if other is None:
        raise Unavailable(f"nothing is known of {relation.name}")
    return referring, other


def _deletion(planner: Planner, played: Played, deleting: Operation, key: Key) -> Step | None:
    """Return a deletion that ends as the references say, by the first who may try."""
    for who in (played.step.by, *planner.cast(played.step.by).everybody):
        step = Step(operation=deleting, by=who, on=key)
        try:
            situation = played.scene.predict(step).situation
        except Undetermined:
            continue
        if situation in {Situation.DONE, Situation.REFERENCED}:
            return step
    return None


def _once_moved(
    planner: Planner, played: Played, deleting: Operation, keys: tuple[Key, Key]
) -> Step:
    """Move the row that refers along until rules let the other one go."""
    referring, other = keys
    for operation in planner.system.operations_of(played.scene.world.rows[referring].entity):
        move = _move(planner, played, operation, referring)
        if move is None:
            continue
        played.scene.play([move])
        step = _deletion(planner, played, deleting, other)
        if step is not None:
            return step
    raise Unavailable("rules do not let the row go that is referred to")


def _move(planner: Planner, played: Played, operation: Operation, key: Key) -> Step | None:
    if operation.kind is not Kind.TRANSITION:
        return None
    cast = planner.cast(played.step.by)
    builder = Builder(planner.system, cast, {}, played.scene.world, played.step.by)
    try:
        builder.take(builder.about(operation, key), builder.actors)
    except Impossible:
        return None
    return builder.steps[-1]


def _read(played: Played, key: Key, step: Step) -> Answer | None:
    """Read a row, though the oracle may hold that it is gone."""
    operation = reading(played.scene.system, key[1:].rpartition("-")[0])
    if operation is None:
        return None
    return played.scene.take(Step(operation=operation, by=step.by, on=key))


def _member(answer: Answer, relation: Relation) -> Json:
    if not isinstance(answer.json, dict):
        return NOTHING
    return answer.json.get(relation_name(relation), NOTHING)


def _inspect(trial: Trial, relation: Relation, answer: Answer | None) -> None:
    """Look at the row that referred."""
    if answer is None:
        return
    value = _member(answer, relation)
    match relation.on_delete:
        case OnDelete.CASCADE:
            gone = answer.status == _NOT_FOUND
            trial.need("the row that referred", holds=gone, got=str(answer.status))
        case OnDelete.SET_NULL if value is not NOTHING:
            trial.need("the reference", holds=value is None, got=str(value))
        case OnDelete.RESTRICT if value is not NOTHING:
            trial.need("the reference", holds=value is not None, got="it is gone")


def _require_foreseen(
    trial: Trial, played: Played, key: Key, step: Step, answer: Answer | None
) -> None:
    """Note whether the row that referred can be read exactly if it has to be there."""
    operation = reading(played.scene.system, key[1:].rpartition("-")[0])
    if operation is None or answer is None:
        return
    try:
        prediction = played.scene.predict(Step(operation=operation, by=step.by, on=key))
    except Undetermined:
        return
    wanted = expected(played.scene.system, operation, prediction)
    trial.need("reading it", holds=wanted.fits(answer), got=str(answer.status))


def _control(planner: Planner, stage: Stage, trial: Trial, deleting: Operation) -> None:
    free = play(stage, somebody_who_can(planner, deleting))
    answer = free.scene.take(free.step)
    control(trial, "deleting a row that nothing refers to", answer, success(stage.system, deleting))


def _unlinked(
    planner: Planner, topic: Topic, relation: Relation, deleting: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        make = _referring if relation.writable else _linked
        played = make(planner, stage, topic, relation)
        referring, other = _keys(played, relation)
        gone = played.scene.id_of(other)
        step = _deletion(planner, played, deleting, other)
        if step is None:
            raise Unavailable("rules do not let the row go that is linked")
        wanted = success(stage.system, deleting)
        trial = Trial(str(wanted))
        hold(trial, "deleting a linked row", played.scene.take(step), wanted)
        read = _read(played, referring, step)
        links = NOTHING if read is None else _member(read, relation)
        if links is not NOTHING:
            holds = isinstance(links, list) and gone not in links
            trial.need("the links", holds=holds, got=str(links))
        return trial.judgement()

    rule = f"A row that goes is no longer among the {relation.name} of others."
    return topic.case("unlinked", rule, run, cost=8)
