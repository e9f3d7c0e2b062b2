"""What a job is told by the event that starts it, as source of its methods."""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.expression import Arithmetic, Call, Compare, Facts, Negate, Path, Step, Typed, parts
from tospec.ir.jobs import Followed
from tospec.lowering import naming
from tospec.model import Expression
from tospec.model.dependence import followed
from tospec.python import Code, attribute, fill, identifier

EVENT: Final = "event"
RESULT: Final = "result"
OWN_CLOCK: Final = Code("self._now")
OWN_SETTINGS: Final = Code("self._settings")


def told_by_event(path: Path) -> Code:
    """Return a value that the event carries, or that of a row which it leads to."""
    references = tuple(followed(path))
    if not references:
        return fill("self._event.{}", attribute(_member(path.names)))
    last = references[-1]
    return fill(
        "self._{}.{}", identifier(_name(last)), attribute(_member(path.names[len(last.names) :]))
    )


def operands_of(tree: Typed, certain: Facts) -> frozenset[int]:
    """Return where values are reckoned with that might be null, did `when` not prove otherwise."""
    operands = (each for part in parts(tree) for each in _operands(part))
    return frozenset(
        each.offset
        for each in operands
        if isinstance(each, Path) and each.steps and each.steps[-1].type.nullable
        if not each.is_stored and each.key in certain
    )


def _operands(part: Typed) -> tuple[Typed, ...]:
    match part:
        case Arithmetic() | Compare(operator="<" | "<=" | ">" | ">="):
            return part.left, part.right
        case Negate():
            return (part.operand,)
        case Call():
            return part.arguments
        case _:
            return ()


def followed_by(expressions: Iterable[Expression]) -> tuple[Followed, ...]:
    """Return the rows that expressions read, each behind the one that leads to it."""
    return tuple(dict.fromkeys(each for said in expressions for each in _followed(said)))


def _followed(expression: Expression) -> Iterator[Followed]:
    for part in parts(expression.tree.root):
        if isinstance(part, Path) and part.root.name == EVENT and not part.is_stored:
            for reference in followed(part):
                yield Followed(
                    name=_name(reference),
                    entity=naming.entity_names(reference.type.name),
                    id=told_by_event(_as_id(reference)),
                )


def _as_id(reference: Path) -> Path:
    """Return the path of the id that a reference stands for."""
    return Path(
        reference.offset,
        reference.length,
        reference.type,
        reference.root,
        (*reference.steps, Step("id", reference.type)),
    )


def _name(reference: Path) -> str:
    return "_".join((EVENT, *reference.names))


def _member(names: tuple[str, ...]) -> str:
    """Return the attribute that holds a value: `before_assignee_id` for `before.assignee`."""
    *before, last = names[:-1] if len(names) > 1 and names[-1] == "id" else names
    is_reference = len(names) > 1 and names[-1] == "id"
    return "_".join((*before, naming.reference_column(last) if is_reference else last))
