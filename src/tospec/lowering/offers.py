"""What somebody who looks at a row can tell of whether an operation on it would be refused."""

from collections.abc import Iterator
from typing import Final

from tospec.expression import And, Compare, Constant, Not, Path, Typed
from tospec.expression import Kind as TypeKind
from tospec.ir.operations import Telling
from tospec.lowering.schemas import wire_name
from tospec.model import Entity, Kind, Operation, Requirement

_SPELLED: Final = frozenset((TypeKind.DECIMAL, TypeKind.DURATION, TypeKind.TIMESTAMP))
"""What rows show in other forms than a spec writes."""


def tellings_of(entity: Entity, operation: Operation) -> Iterator[Telling]:
    """Yield what members of a row must be, or must not be, for a move or a command.

    Conditions about anything but one value of the row are left to the service.
    """
    for requirement in _required(entity, operation):
        root = requirement.that.tree.root
        for part in root.operands if isinstance(root, And) else (root,):
            found = _told(entity, part)
            if found is not None:
                yield found


def _required(entity: Entity, operation: Operation) -> tuple[Requirement, ...]:
    if operation.kind is Kind.ACTION:
        return operation.require
    moves = entity.lifecycle.transitions if entity.lifecycle else ()
    return next((move.require for move in moves if move.name == operation.transition), ())


def _told(entity: Entity, part: Typed) -> Telling | None:
    match part:
        case Path() if name := _member(entity, part):
            return Telling(member=name, value=True, equal=True)
        case Not(operand=Path() as path) if name := _member(entity, path):
            return Telling(member=name, value=False, equal=True)
        case Compare(operator="==" | "!=" as sign, left=Path() as path, right=Constant() as known):
            return _compared(_member(entity, path), known, equal=sign == "==")
        case _:
            return None


def _compared(member: str, known: Constant, *, equal: bool) -> Telling | None:
    value = known.value
    if not member or not (value is None or isinstance(value, bool | int | str)):
        return None
    return Telling(member=member, value=value, equal=equal)


def _member(entity: Entity, path: Path) -> str:
    """Return the member of a row that a path is; empty for anything else."""
    names = path.names
    if path.root.level is None or not names or path.type.kind in _SPELLED:
        return ""
    is_reference = len(names) == 2 and names[1] == "id" and entity.relation(names[0]) is not None
    return wire_name(entity, names[0]) if len(names) == 1 or is_reference else ""
