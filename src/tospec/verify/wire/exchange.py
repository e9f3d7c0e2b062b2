"""An exchange: what went out and what came back, as the replay needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tospec.verify.base import Answer, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer.

    Attributes:
        number: Grows with each exchange of a run.
        credentials: The headers that signed the person in.
        group: Joins requests that were sent at once; 0 for one that went alone.
        entity: Entity of the object that it made; empty if it made none.
        id: Id of the object that it made; empty if it made none.
    """

    number: int
    request: Request
    answer: Answer
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    group: int = 0
    entity: str = ""
    id: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the answer is of the class 2xx."""
        return is_success(self.answer)


def is_success(answer: Answer) -> bool:
    """Return whether an answer is of the class 2xx."""
    return 200 <= answer.status < 300
