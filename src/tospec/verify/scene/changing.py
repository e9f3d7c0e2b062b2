"""Whether rows stay as they were, and bodies that differ from what they should be."""

from collections.abc import Callable

from tospec.verify.base import NOTHING, Answer, Json
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.world import Key, Somebody
from tospec.verify.scene.acting import Scene, reading
from tospec.verify.scene.listing import OK
from tospec.verify.scene.trials import Trial


def snapshot(scene: Scene, key: Key | None, by: Somebody) -> Json:
    """Return a row as somebody sees it; `NOTHING` when nobody can tell."""
    row = scene.world.rows.get(key or "")
    if row is None or reading(scene.system, row.entity) is None:
        return NOTHING
    for who in dict.fromkeys((by, *scene.world.people.values())):
        answer = scene.read(row.key, who)
        if answer is not None and answer.status == OK:
            return answer.json
    return NOTHING


def refused(trial: Trial, scene: Scene, step: Step, act: Callable[[], Answer]) -> Answer:
    """Return what an act gave that must not change the row of a step; note it when it did."""
    before = snapshot(scene, step.on, step.by)
    answer = act()
    if before is not NOTHING:
        after = snapshot(scene, step.on, step.by)
        trial.need("the row afterwards", holds=after == before, got=f"changed to {after}")
        trial.certain = trial.certain or after not in (before, NOTHING)
    return answer


def altered(scene: Scene, step: Step, member: str, value: Json) -> Json:
    """Return the body of a step with a member of another value; without it for `NOTHING`."""
    body = scene.body(scene.chosen(step))
    body = dict(body) if isinstance(body, dict) else {}
    if value is NOTHING:
        body.pop(member, None)
        return body
    return {**body, member: value}
