"""Full-text search: what `q` finds, what it does not, and when."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from tospec.model import Entity, Field, Kind, Operation
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.planning import Goal, Planner, done, hidden
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Step, sent_fields
from tospec.verify.oracle.texts import word
from tospec.verify.oracle.values import lengths
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.listing import ids_of, walk
from tospec.verify.scene.parts import Topic, Trial, operation_of, play
from tospec.verify.scene.rows import Listed, listed

_WORD: Final = 9
_ROOM: Final = 2 * _WORD + 3
_DEFECT: Final = 500
_STRANGER: Final = 1
_WORDLESS: Final = ("!?", "%", "*", '"', "\U0001f98a")
_HOSTILE: Final = (
    '"',
    "'",
    "(",
    "a AND",
    "NEAR(a b, 2)",
    "title:a",
    "a:*",
    "a & ! b |",
    "^a",
    "a\\",
    "'; --",
    "\u202e\u05d0",
    " ".join("abcdefghijklmnopqrstuvwxyz"),
    "\U0001f98a" * 150,
)


def searches(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases of what a list is searched for."""
    entity = planner.system.entity(operation.entity)
    for name in entity.listing.search:
        yield _finds(planner, topic, operation, name)
    names = [name for name in entity.listing.search if _has_room(entity, name)]
    if not names:
        return
    yield _signs(planner, topic, operation, names[0])
    if len(names) > 1:
        yield _across(planner, topic, operation, (names[0], names[1]))
    for kind in (Kind.UPDATE, Kind.DELETE):
        changing = operation_of(planner.system, entity, kind)
        if changing is not None:
            yield _afterwards(planner, topic, operation, changing, names[0])
    if planner.system.tenancy is not None and planner.system.tenancy.kind != "none":
        yield _elsewhere(planner, topic, operation, names[0])
    for role in roles_of(planner.system, operation):
        if planner.hiding(entity, role) is not None and "{" not in operation.path:
            yield _unseen(planner, topic, operation, names[0], role)


def _has_room(entity: Entity, name: str) -> bool:
    """Return whether clients may fill a field with any two words."""
    field = next((each for each in sent_fields(entity, updates=False) if each.name == name), None)
    return field is not None and _is_free(field)


def _is_free(field: Field) -> bool:
    least, most = lengths(field)
    return field.pattern is None and least <= _ROOM <= most


def _two(random: Random) -> tuple[str, str]:
    return word(random, _WORD), word(random, _WORD)


def _and_another(random: Random, text: str) -> str:
    """Return a word with one more, for another row: the field may be unique."""
    return f"{text} {word(random, _WORD)}"


def _row(
    stage: Stage, planner: Planner, operation: Operation, values: Sequence[tuple[str, str]]
) -> Listed:
    role = roles_of(planner.system, operation)[0]
    return listed(stage, planner, operation, role, {(name,): text for name, text in values})


def _found(row: Listed, query: str) -> list[str]:
    return ids_of(walk(row.scene, row.plot.step, [("q", query)]))


def _need(trial: Trial, row: Listed, query: str, *, finds: bool) -> None:
    got = "it is missing" if finds else "it is in the list"
    trial.need(f"q={query}", holds=(row.id in _found(row, query)) is finds, got=got)


def _finds(planner: Planner, topic: Topic, operation: Operation, name: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        entity = planner.system.entity(operation.entity)
        trial = Trial("the rows that have words which begin so")
        if not _has_room(entity, name):
            return _by_its_own(trial, _row(stage, planner, operation, []), name)
        one, two = _two(stage.random)
        row = _row(stage, planner, operation, [(name, f"{one}, {two}\u00fc")])
        plain = _row(stage, planner, operation, [])
        for query, finds in _asked(one, two, word(stage.random, _WORD)):
            _need(trial, row, query, finds=finds)
            holds = plain.id not in _found(row, query)
            trial.need(f"q={query}: another row", holds=holds, got="it is in the list")
        return trial.judgement()

    rule = f"q looks in {name} for words that begin with each of its own."
    return topic.case(f"search-{name}", rule, run, cost=34)


def _by_its_own(trial: Trial, row: Listed, name: str) -> Judgement:
    """Judge the search in a field that cannot be filled with any words, by what it says."""
    told = row.row.values.get(name)
    if not (isinstance(told, str) and told.isascii() and told.isalnum()):
        raise Unavailable(f"{name} is not known to be one word")
    for query, finds in ((told, True), (told.swapcase(), True), (f"{told}x", False)):
        _need(trial, row, query, finds=finds)
    return trial.judgement()


def _asked(one: str, two: str, absent: str) -> Iterator[tuple[str, bool]]:
    """Yield what to search for, and whether it finds a row with `one` and `two` with an umlaut."""
    for query in (
        one,
        one.upper(),
        one[:4],
        f"{two}U {one}",
        f"{one[:3]}\u0301{one[3:]}",
        f'"{two}\u00dc*" -({one})',
    ):
        yield query, True
    for query in (
        one[1:],
        f"{one}x",
        f"{one} {absent}",
        f"{one} OR {absent}",
        f"{one[:4]}%{one[5:]}",
        f"{one[:4]}*{one[5:]}",
    ):
        yield query, False


def _signs(planner: Planner, topic: Topic, operation: Operation, name: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("no row for what has no word, and no defect")
        text = " ".join(_two(stage.random))
        row = _row(stage, planner, operation, [(name, text)])
        _need(trial, row, text, finds=True)
        for query in _WORDLESS:
            trial.need(f"q={query}", holds=not _found(row, query), got="it found rows")
        for query in (*_HOSTILE, "\0"):
            answer = row.scene.take(row.plot.step, query=[("q", query)])
            trial.need(f"q={query!r}", holds=answer.status < _DEFECT, got=str(answer.status))
        return trial.judgement()

    rule = "q has no language of its own: signs in it mean nothing."
    return topic.case("search-signs", rule, run, reference="CWE-943", cost=30)


def _across(
    planner: Planner, topic: Topic, operation: Operation, names: tuple[str, str]
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("rows that have all words, wherever they stand")
        one, two = _two(stage.random)
        both = _row(stage, planner, operation, list(zip(names, (one, two), strict=True)))
        first = _row(stage, planner, operation, [(names[0], _and_another(stage.random, one))])
        shown = _found(both, f"{two} {one}")
        trial.need("a row with one in each", holds=both.id in shown, got="it is missing")
        trial.need("a row with one of them", holds=first.id not in shown, got="it is in the list")
        return trial.judgement()

    rule = f"The words of q may stand in {names[0]} and in {names[1]}."
    return topic.case("search-across", rule, run, cost=12)


def _afterwards(
    planner: Planner, topic: Topic, operation: Operation, changing: Operation, name: str
) -> PlannedCase:
    is_update = changing.kind is Kind.UPDATE

    def run(stage: Stage) -> Judgement:
        trial = Trial("the row by what it says now, and by nothing that it said")
        before, after = _two(stage.random)
        row = _row(stage, planner, operation, [(name, before)])
        _need(trial, row, before, finds=True)
        _change(planner, row, changing, {name: after} if is_update else {})
        _need(trial, row, before, finds=False)
        if is_update:
            _need(trial, row, after, finds=True)
        return trial.judgement()

    what = "changed" if is_update else "deleted"
    rule = f"A row that was {what} is not found by what {name} said."
    return topic.case(f"search-{what}", rule, run, cost=14)


def _change(planner: Planner, row: Listed, changing: Operation, body: dict[str, object]) -> None:
    for who in planner.cast(row.plot.step.by).everybody:
        step = Step(operation=changing, by=who, on=row.plot.target, body=body)
        if row.allows(step):
            row.scene.play([step])
            return
    raise Unavailable(f"nobody was found for {changing.name}")


def _elsewhere(planner: Planner, topic: Topic, operation: Operation, name: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("no row of another tenant")
        text = word(stage.random, _WORD)
        row = _row(stage, planner, operation, [(name, text)])
        me = Somebody(role=row.plot.step.by.role, tenant=_STRANGER)
        plot = planner.find(Goal(operation=operation, me=me, wanted=done))
        if plot is None:
            raise Unavailable("nobody of another tenant can ask for the list")
        there = play(stage, plot).scene
        shown = ids_of(walk(there, plot.step, [("q", text)]))
        trial.need("a word of another tenant's row", holds=not shown, got="it found rows")
        _need(trial, row, text, finds=True)
        return trial.judgement()

    rule = "What belongs to another tenant is not found."
    return topic.case("search-elsewhere", rule, run, cost=12)


def _unseen(
    planner: Planner, topic: Topic, operation: Operation, name: str, role: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("no row that they do not see")
        text, me = word(stage.random, _WORD), Somebody(role=role)
        entity = planner.system.entity(operation.entity)
        reading = operation_of(planner.system, entity, Kind.READ)
        fixed = {**(planner.hiding(entity, role) or {}), (name,): text}
        plot = reading and planner.find(Goal(operation=reading, me=me, wanted=hidden, fixed=fixed))
        if not plot or role not in roles_of(planner.system, reading or operation):
            raise Unavailable("no row is hidden from this role")
        secret = play(stage, plot).scene.id_of(plot.target)
        other = _and_another(stage.random, text)
        seen = listed(stage, planner, operation, role, {(name,): other})
        shown = _found(seen, text)
        trial.need("a row hidden from them", holds=secret not in shown, got="it is in the list")
        trial.need("one that they see", holds=seen.id in shown, got="it is missing")
        return trial.judgement()

    rule = f"q finds nothing that a {role} may not see."
    return topic.case(f"{role}/search-hidden", rule, run, cost=14)
