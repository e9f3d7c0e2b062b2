"""What is measured over rows, and what ends answers that are kept."""

from dataclasses import dataclass

from tospec.ir.conditions import Computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """An operation that measures.

    Attributes:
        operation: Its message: `ProjectStatistics`.
        function: Its module, and the repository's method: `project_statistics`.
        answer: What its answers are called where they are kept: `project-statistics`.
        view: Class of the answer.
        values: What is measured.
        seconds: How long an answer is kept; None when it is not.
    """

    operation: str
    function: str
    answer: str
    view: str
    values: tuple[Computed, ...]
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A kept answer that rows of an entity are counted in.

    Attributes:
        column: Says of a row which row's answer counts it.
    """

    answer: str
    column: str
