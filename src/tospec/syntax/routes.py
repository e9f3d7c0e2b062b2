"""Whether each request leads to one operation."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from tospec.model import Bulk, Operation
from tospec.syntax import codes
from tospec.syntax.conventions import rest_1
from tospec.syntax.problems import Problems

type Routed = Operation | Bulk
"""What answers requests of one method at one path."""


@dataclass(slots=True)
class _Branch:
    """What may follow a part of a path.

    Attributes:
        children: Branches by the fixed part that leads to them.
        parameter: The part in braces, with its branch, when there is one.
        operations: Operations whose path ends here, by method.
    """

    children: dict[str, "_Branch"] = field(default_factory=dict)
    parameter: "tuple[str, _Branch] | None" = None
    operations: dict[str, Routed] = field(default_factory=dict)

    def following(self, part: str) -> "Iterator[_Branch]":
        """Yield the branches that a request for `part` may take."""
        if part.startswith("{"):
            yield from self.children.values()
        elif part in self.children:
            yield self.children[part]
        if self.parameter:
            yield self.parameter[1]


def check_routes(
    operations: Iterable[Routed], problems: Problems, pages: Collection[str] = ()
) -> None:
    """Report operations that answer the same requests, or take paths of the backend's own.

    Args:
        operations: What has a path.
        problems: Where to report.
        pages: First parts of the paths of pages that this spec asks for.
    """
    root, own = _Branch(), {*rest_1.TAKEN_FIRST_PARTS, *pages}
    for operation in operations:
        parts = operation.path.split("/")[1:]
        if not parts:
            # What has no path was told of already.
            continue
        taken = operation.path in rest_1.TAKEN_PATHS or parts[0] in own
        if taken or parts[0].startswith("{"):
            message = f"The path {operation.path} belongs to the backend itself."
            help_ = "Begin it with a version, such as /v1."
            problems.add(codes.PATH_CLASH, operation.span, message, help_)
        other = next(_alike(root, parts, operation.method), None)
        if other:
            _report(operation, other, problems)
        _insert(root, parts, operation, problems)


def _alike(branch: _Branch, parts: list[str], method: str) -> Iterator[Routed]:
    """Yield operations whose paths some request matches as well."""
    if not parts:
        if method in branch.operations:
            yield branch.operations[method]
        return
    for child in branch.following(parts[0]):
        yield from _alike(child, parts[1:], method)


def _insert(root: _Branch, parts: list[str], operation: Routed, problems: Problems) -> None:
    branch = root
    for part in parts:
        if not part.startswith("{"):
            branch = branch.children.setdefault(part, _Branch())
            continue
        named, following = branch.parameter or (part, _Branch())
        if named != part:
            message = f"{operation.path} has {part} where other paths have {named}."
            problems.add(codes.PATH_CLASH, operation.span, message, f"Write {named}.")
        branch.parameter = (named, following)
        branch = following
    branch.operations.setdefault(operation.method, operation)


def _report(operation: Routed, other: Routed, problems: Problems) -> None:
    message = (
        f"{operation.name} and {other.name} would answer the same request: "
        f"{operation.method} {operation.path} and {other.path}."
    )
    related = ((other.span, f"{other.name} comes from here."),)
    problems.add(codes.PATH_CLASH, operation.span, message, "Give one another path.", related)
