"""Ids that are malformed, of another kind or nobody's: all the same as one that nothing has."""

from collections.abc import Callable, Iterator
from typing import Final

from tospec.model import Kind as Does
from tospec.model import Operation, System
from tospec.verify.base import NOTHING, Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.files import file_for
from tospec.verify.probes.judging import CONTRACT, Trial, expectation, succeeded
from tospec.verify.probes.problem import differences
from tospec.verify.probes.ready import ready
from tospec.verify.probes.routes import filled, has_body, parameters_of, random_id, somebody
from tospec.verify.probes.topics import Kind, about
from tospec.verify.scene.accounts import ABSENT, Accounts, askable

NAME: Final = "idor-guessing"
_SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "without hyphens": lambda id_: id_.replace("-", ""),
    "in braces": lambda id_: f"{{{id_}}}",
    "as a URN": lambda id_: f"urn:uuid:{id_}",
    "with a space": lambda id_: f"{id_} ",
    "with a newline": lambda id_: f"{id_}\n",
    "with more": lambda id_: f"{id_}0",
}
_MALFORMED: Final = (
    "1",
    "0",
    "-1",
    "null",
    "undefined",
    "not-a-uuid",
    "' OR '1'='1",
    "*",
    "%",
    "../..",
    "\x00",
    "9" * 400,
    "00000000-0000-0000-0000-00000000000g",
)
_REFERENCE: Final = "OWASP API1"


def _planned(system: System) -> Iterator[PlannedCase]:
    for operation in system.operations:
        if operation.public:
            continue
        if "{" in operation.path:
            yield _malformed(operation)
            if operation.name not in ABSENT:
                yield _spelt(operation)
        if operation.kind is Does.CREATE:
            yield _sequence(operation)


def _malformed(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(
            stage.system, 404, "not-found", tolerated=(400, 403, 405, 409, 422, 412, 428)
        )
        trial = Trial(f"{wanted}, as for an id that nothing has")
        nothing = _ask(stage, operation, random_id(stage.random))
        trial.expect("an id that nothing has", nothing, wanted)
        for id_ in (*_MALFORMED, *_foreign(stage, operation)):
            answer = _ask(stage, operation, id_)
            _alike(stage, trial, nothing, id_, answer)
            trial.expect(f"{id_[:40]!r}", answer, wanted)
        _right(stage, operation, trial)
        return trial.judgement()

    rule = "An id that is none, or that of another kind of object, is the id of nothing."
    return about(NAME, operation).case(
        "malformed", rule, run, reference=_REFERENCE, cost=len(_MALFORMED) + 8
    )


def _foreign(stage: Stage, operation: Operation) -> Iterator[str]:
    """Yield ids of objects of other kinds: the tenant, and the person where no user is meant."""
    person = somebody(stage, operation)
    if person is not None and person.tenant_id:
        yield person.tenant_id
    if person is not None and person.user_id and not operation.path.endswith("{user}"):
        yield person.user_id


def _ask(stage: Stage, operation: Operation, id_: str) -> Answer:
    """Ask for an operation with an id in the last parameter of the path."""
    others = [random_id(stage.random) for _ in range(parameters_of(operation.path) - 1)]
    path = filled(operation.path, *others, id_)
    return _send(stage, operation, path)


def _send(stage: Stage, operation: Operation, path: str) -> Answer:
    person = somebody(stage, operation)
    if operation.upload:
        headers, content = file_for(stage.system, operation)
        return stage.send(person, operation.method, path, headers=headers, body=content)
    body = {} if has_body(operation) else NOTHING
    return stage.send(person, operation.method, path, body=body)


def _alike(stage: Stage, trial: Trial, nothing: Answer, id_: str, answer: Answer) -> None:
    if stage.system.has(CONTRACT):
        told = "; ".join(differences(nothing, answer))
        trial.found(f"{id_[:40]!r} compared with an id that nothing has", told, seen="alike")


def _right(stage: Stage, operation: Operation, trial: Trial) -> None:
    """Ask with the right ids, as the positive control."""
    if operation.kind is not Does.ACCOUNT:
        ready(stage, operation).control(trial)
    elif operation in askable(stage.system):
        accounts = Accounts(stage)
        person = somebody(stage, operation)
        if person is not None:
            answer = accounts.send(accounts.request(operation, person))
            trial.control(f"{operation.name} as it should be", answer, works=succeeded(answer))


def _spelt(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(
            stage.system, 404, "not-found", tolerated=(400, 403, 405, 409, 422, 412, 428, 200, 204)
        )
        trial = Trial(str(wanted))
        prefix, id_, suffix, right = _aimed(stage, operation)
        for name, spelling in _SPELLINGS.items():
            path = f"{prefix}{filled('{id}', spelling(id_))}{suffix}"
            trial.expect(f"the right id {name}", _send(stage, operation, path), wanted)
        answer = right()
        trial.control(f"{operation.name} as it should be", answer, works=succeeded(answer))
        return trial.judgement()

    rule = "An id has one spelling; what is nearly the right one is the id of nothing."
    return about(NAME, operation).case(
        "spelling", rule, run, reference=_REFERENCE, cost=len(_SPELLINGS) + 5
    )


def _aimed(stage: Stage, operation: Operation) -> tuple[str, str, str, Callable[[], Answer]]:
    """Return a right path in three parts, the id in the middle, and how to ask with it."""
    suffix = operation.path.rpartition("}")[2]
    if operation.kind is Does.ACCOUNT:
        accounts, person = Accounts(stage), somebody(stage, operation)
        if person is None or operation not in askable(stage.system):
            raise Unavailable(f"nothing is known to ask {operation.name} about")
        request = accounts.request(operation, person)
        prefix, _, id_ = request.path.removesuffix(suffix).rpartition("/")
        return f"{prefix}/", id_, suffix, lambda: accounts.send(request)
    scene = ready(stage, operation)
    prefix, _, _ = filled(operation.path, *scene.ids).removesuffix(suffix).rpartition("/")
    return f"{prefix}/", scene.ids[-1], suffix, scene.succeed


def _sequence(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("ids that do not follow one another")
        answers = [ready(stage, operation).control(trial) for _ in range(2)]
        ids = [str(each.json.get("id")) if isinstance(each.json, dict) else "" for each in answers]
        trial.need("two ids", holds=ids[0] != ids[1] and "" not in ids, got=", ".join(ids))
        trial.need("their distance", holds=_distance(*ids) > 1, got=", ".join(ids))
        return trial.judgement()

    rule = "Ids cannot be counted up to find those of others."
    return about(NAME, operation).case("sequence", rule, run, reference=_REFERENCE, cost=6)


def _distance(one: str, other: str) -> int:
    """Return how far apart two ids are as numbers; far when they are none."""
    try:
        first, second = (int(each.replace("-", ""), 16) for each in (one, other))
    except ValueError:
        return 2
    return abs(first - second)


KIND: Final = Kind(NAME, _planned)
