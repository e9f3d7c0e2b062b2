"""Texts of well-typed expressions about a task of the demo."""

from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.expression.demo.rows import TEXTS
from tests.expression.demo.scope import MEMBERS
from tospec.expression import Kind, Type

ORDERED: Final = ("int", "decimal", "timestamp", "date", "duration")
KINDS: Final = (*ORDERED, "string", "uuid", "status", "priority", "role", "bool")
_MAX_DEPTH: Final = 3


@dataclass(frozen=True)
class Value:
    """A text with the paths that must not be null for it to make sense."""

    text: str
    guards: tuple[str, ...] = ()
    nullable: bool = False

    def required(self) -> "Value":
        """Return the value guarded against null itself."""
        return Value(self.text, (*self.guards, self.text)) if self.nullable else self


@dataclass(frozen=True)
class Around:
    """Where a part stands: the entity whose members are bare, and how deep."""

    entity: str = "Task"
    inner: bool = False
    depth: int = 0

    def deeper(self) -> "Around":
        return Around(self.entity, self.inner, self.depth + 1)

    def within(self, entity: str) -> "Around":
        return Around(entity, True, self.depth + 1)


def _kind(type_: Type) -> str:
    return type_.name.lower() if type_.kind is Kind.ENUM else type_.kind.value


def _members(
    entity: str, prefix: str, guards: tuple[str, ...], hops: int
) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for name, type_ in MEMBERS[entity].items():
        text = f"{prefix}{name}"
        if type_.kind is Kind.ENTITY:
            key = f"id {type_.name}"
            found.setdefault(key, []).append(Value(text, guards, type_.nullable))
            if hops:
                known = (*guards, text) if type_.nullable else guards
                for kind, values in _members(type_.name, f"{text}.", known, hops - 1).items():
                    found.setdefault(kind, []).extend(values)
        else:
            kind = f"id {type_.name}" if type_.kind is Kind.UUID and type_.name else _kind(type_)
            found.setdefault(kind, []).append(Value(text, guards, type_.nullable))
    return found


_VARIABLES: Final = {
    "string": [Value("input.text"), Value("principal.name")],
    "int": [Value("input.maybe", nullable=True), Value("input.any")],
    "decimal": [Value("input.amount")],
    "timestamp": [Value("input.since", nullable=True), Value("now()")],
    "duration": [Value("input.length", nullable=True)],
    "bool": [Value("input.on"), Value("principal.has('task:update')")],
    "status": [Value("input.status", nullable=True)],
    "role": [Value("principal.role")],
    "id User": [Value("principal"), Value("principal.id"), Value("input.user", nullable=True)],
}

_TABLE: Final = {
    entity: _members(entity, "", (), 2) for entity in ("Task", "User", "Project", "Label")
}
_OUTER: Final = _members("Task", "task.", (), 1)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_CONSTANTS: Final = {
    "int": ["0", "1", "-1", "7", "60", "100", "2147483647", "2147483648", "-9223372036854775808"],
    "decimal": ["0.5", "3.0", "0.10", "-1.5", "10.25", "3", "-1", "0"],
    "timestamp": ["timestamp('2026-03-01T12:00:00.5Z')", "timestamp('2025-01-01T00:00:00+01:00')"],
    "date": ["date('2026-03-01')", "date('2024-02-29')"],
    "duration": ["duration('1d')", "duration('1h30m')", "duration('250ms')", "duration('400d')"],
    "status": [f"'{value}'" for value in ("todo", "in_progress", "done")],
    "priority": ["'low'", "'high'"],
    "role": ["'owner'", "'member'"],
    "bool": ["true", "false"],
    "string": [_quoted(text) for text in TEXTS],
}


def _atoms(kind: str, around: Around) -> list[Value]:
    found = [*_TABLE[around.entity].get(kind, []), *_VARIABLES.get(kind, [])]
    return [*found, *_OUTER.get(kind, [])] if around.inner else found


@st.composite
def _value(draw: DrawFn, kind: str, around: Around) -> Value:
    atoms = _atoms(kind, around)
    if around.depth < _MAX_DEPTH and draw(st.integers(0, 3)) == 0:
        return draw(_computed(kind, around.deeper()))
    constants = _CONSTANTS.get(kind, [])
    if constants and (not atoms or draw(st.integers(0, 3)) == 0):
        return Value(draw(st.sampled_from(constants)))
    return draw(st.sampled_from(atoms))


def _merged(text: str, *values: Value) -> Value:
    guards = dict.fromkeys(guard for value in values for guard in value.guards)
    return Value(text, tuple(guards), any(value.nullable for value in values))


@st.composite
def _computed(draw: DrawFn, kind: str, around: Around) -> Value:
    if draw(st.integers(0, 2)) == 0:
        test = draw(condition(around))
        then, otherwise = draw(_value(kind, around)), draw(_value(kind, around))
        return _merged(f"({test} ? {then.text} : {otherwise.text})", then, otherwise)
    if kind == "int":
        return draw(_computed_int(around))
    pairs = {
        "timestamp": [("timestamp", "+", "duration"), ("timestamp", "-", "duration")],
        "duration": [
            ("timestamp", "-", "timestamp"),
            ("duration", "+", "duration"),
            ("duration", "-", "duration"),
        ],
        "decimal": [("decimal", "+", "int"), ("decimal", "*", "decimal")],
    }.get(kind)
    if pairs is None:
        return draw(_computed_text(kind, around))
    left_kind, operator, right_kind = draw(st.sampled_from(pairs))
    left = draw(_value(left_kind, around)).required()
    right = draw(_value(right_kind, around)).required()
    return _merged(f"({left.text} {operator} {right.text})", left, right)


@st.composite
def _computed_text(draw: DrawFn, kind: str, around: Around) -> Value:
    if kind != "string":
        return draw(_value(kind, around.deeper()))
    form = draw(st.sampled_from(["lower", "string", "joined"]))
    if form == "string":
        number = draw(_value("int", around)).required()
        return _merged(f"string({number.text})", number)
    text = draw(_value("string", around)).required()
    if form == "lower":
        return _merged(f"lower({text.text})", text)
    more = draw(_value("string", around)).required()
    return _merged(f"({text.text} + {more.text})", text, more)


@st.composite
def _computed_int(draw: DrawFn, around: Around) -> Value:
    form = draw(st.sampled_from(["sum", "product", "division", "negation", "size", "count"]))
    if form == "size":
        text = draw(_value("string", around)).required()
        return _merged(f"{text.text}.size()", text)
    if form == "count":
        return draw(_tally("count", around))
    left = draw(_value("int", around)).required()
    if form == "negation":
        return _merged(f"(-{left.text})", left)
    if form == "division":
        operator = draw(st.sampled_from(["/", "%"]))
        divisor = draw(st.sampled_from(["7", "60", "1", "-3"]))
        return _merged(f"({left.text} {operator} {divisor})", left)
    operator = "*" if form == "product" else draw(st.sampled_from(["+", "-"]))
    right = draw(_value("int", around)).required()
    return _merged(f"({left.text} {operator} {right.text})", left, right)


_LEAST_AND_GREATEST: Final = ("int", "duration", "timestamp", "date")
_RELATIONS: Final = {
    "Task": [
        ("subtasks", "Task"),
        ("labels", "Label"),
        ("project.tasks", "Task"),
        ("author.reports", "User"),
    ],
    "User": [("reports", "User")],
    "Project": [("tasks", "Task")],
    "Label": [("tasks", "Task")],
}


@st.composite
def _tally(draw: DrawFn, function: str, around: Around) -> Value:
    relation, entity = draw(st.sampled_from(_RELATIONS[around.entity]))
    if draw(st.integers(0, 4)) == 0:
        return Value(f"{function}({relation})")
    test = draw(condition(around.within(entity)))
    return Value(f"{function}({relation}, {test})")


@st.composite
def measure(draw: DrawFn, around: Around = Around()) -> tuple[str, str]:
    """Return a measure and the kind of its value; most of them type-check."""
    function, kind = draw(
        st.sampled_from(
            [
                ("median", "int"),
                ("median", "duration"),
                ("sum", "int"),
                *((each, kind) for each in ("min", "max") for kind in _LEAST_AND_GREATEST),
            ]
        )
    )
    relation, entity = draw(st.sampled_from(_RELATIONS[around.entity]))
    within = around.within(entity)
    value = draw(_value(kind, within))
    tests = [f"{each} != null" for each in value.guards]
    if not tests or draw(st.booleans()):
        tests.append(draw(condition(within)))
    return f"{function}({relation}, {value.text}, {' && '.join(tests)})", kind


@st.composite
def _exists(draw: DrawFn, around: Around) -> Value:
    return draw(_tally("exists", around))


@st.composite
def _comparison(draw: DrawFn, around: Around) -> Value:
    kind = draw(st.sampled_from([*KINDS, "id User", "id Task", "id Project"]))
    mixed = kind == "decimal" and draw(st.integers(0, 3)) == 0
    left = draw(_value(kind, around))
    right = draw(_value("int" if mixed else kind, around))
    ordered = kind in ORDERED and draw(st.booleans())
    operators = ["<", "<=", ">", ">="] if ordered else ["==", "!="]
    if ordered:
        left, right = left.required(), right.required()
    return _merged(f"{left.text} {draw(st.sampled_from(operators))} {right.text}", left, right)


@st.composite
def _membership(draw: DrawFn, around: Around) -> Value:
    kind = draw(st.sampled_from([*KINDS, "id User"]))
    item = draw(_value(kind, around))
    items = [draw(_value(kind, around)).required() for _ in range(draw(st.integers(0, 3)))]
    if kind == "id User" and draw(st.booleans()):
        return _merged(f"{item.text} in input.users", item)
    return _merged(f"{item.text} in [{', '.join(each.text for each in items)}]", item, *items)


@st.composite
def _null_test(draw: DrawFn, around: Around) -> Value:
    kind = draw(st.sampled_from([*KINDS, "id User", "id Task"]))
    value = draw(_value(kind, around))
    return _merged(f"{value.text} {draw(st.sampled_from(['==', '!=']))} null", value)


@st.composite
def _text_test(draw: DrawFn, around: Around) -> Value:
    text, part = (
        draw(_value("string", around)).required(),
        draw(_value("string", around)).required(),
    )
    method = draw(st.sampled_from(["startsWith", "endsWith", "contains"]))
    return _merged(f"{text.text}.{method}({part.text})", text, part)


@st.composite
def _flag(draw: DrawFn, around: Around) -> Value:
    return draw(st.sampled_from([each for each in _atoms("bool", around) if not each.nullable]))


@st.composite
def _leaf(draw: DrawFn, around: Around) -> str:
    """Return a test with the guards that it needs, in one of the ways to write them."""
    forms = [_comparison, _comparison, _comparison, _membership, _null_test, _text_test, _flag]
    if around.depth < _MAX_DEPTH:
        forms.append(_exists)
    test = draw(draw(st.sampled_from(forms))(around))
    if not test.guards:
        return f"({test.text})"
    if draw(st.booleans()):
        return "(" + " && ".join([*(f"{each} != null" for each in test.guards), test.text]) + ")"
    return "(" + " || ".join([*(f"{each} == null" for each in test.guards), test.text]) + ")"


@st.composite
def condition(draw: DrawFn, around: Around = Around()) -> str:
    """Return a condition; most of them type-check."""
    if around.depth >= _MAX_DEPTH or draw(st.integers(0, 2)) == 0:
        return draw(_leaf(around))
    below = around.deeper()
    form = draw(st.sampled_from(["and", "or", "not", "choice", "equal"]))
    first, second = draw(condition(below)), draw(condition(below))
    return {
        "and": f"({first} && {second})",
        "or": f"({first} || {second})",
        "not": f"!{first}",
        "choice": f"({first} ? {second} : {draw(_leaf(below))})",
        "equal": f"({first} == {second})",
    }[form]
