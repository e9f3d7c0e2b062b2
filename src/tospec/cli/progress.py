"""A bar on a terminal that shows how far work has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tospec.cli import terminal

type Advance = Callable[[str, int, int], None]
"""Is told what is going on, how much of it is done, and how much there is."""


@contextmanager
def bar() -> Iterator[Advance]:
    """Show a bar on stderr while work goes on; nothing if it is no terminal."""
    if not terminal.has_color(sys.stderr):
        yield _nothing
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and rarely needed
    from rich.progress import Progress  # noqa: PLC0415 - as above

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def advance(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield advance


def _nothing(what: str, done: int, total: int) -> None:
    """Show nothing."""
