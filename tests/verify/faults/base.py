"""A planted fault: one defect in a built TaskHub, and the cases that are expected to find it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.verify.serving import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One defect.

    Attributes:
        id: What is wrong, in a few words.
        category: Class of faults that it belongs to.
        edits: The patches that plant it.
        kinds: Kinds of cases, one of which must find it.
        about: Names, one of which the element, the operation or the id of the case must hold;
            empty when the fault is everywhere.
        requirement: What of the spec or of the HTTP contract it breaks.
        first: Whether it belongs to the small set that is planted in every run of the tests.
    """

    id: str
    category: str
    edits: tuple[Edit, ...]
    kinds: tuple[str, ...]
    requirement: str
    about: tuple[str, ...] = ()
    first: bool = False


def fault(
    category: str,
    id_: str,
    *edits: tuple[str, str, str],
    kinds: str,
    requirement: str,
    about: Sequence[str] = (),
    first: bool = False,
) -> Fault:
    """Return a fault.

    Args:
        category: Class of faults that it belongs to.
        id_: What is wrong, in a few words.
        edits: File, old text, new text.
        kinds: Expected kinds of cases, with spaces between them.
        requirement: What it breaks.
        about: What the case must be about.
        first: Whether it belongs to the small set.
    """
    return Fault(
        id=f"{category}/{id_}",
        category=category,
        edits=tuple(Edit(*edit) for edit in edits),
        kinds=tuple(kinds.split()),
        requirement=requirement,
        about=tuple(about),
        first=first,
    )
