"""Kills runs at every step; a program of its own because it forks.

Prints the number of runs that were killed. Any wrong outcome ends it with an AssertionError.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from tests.output.faults import NEW, OLD, VERSION, faulty, snapshot
from tospec.output import Tree, write_tree


def main(root: Path) -> None:
    """Sweep over rebuilds, first builds and recoveries."""
    print(sum(sweep(root, old, recoveries=recoveries) for old, recoveries in PLAN))  # noqa: T201


PLAN = ((OLD, False), (None, False), (OLD, True))


def sweep(root: Path, old: Tree | None, *, recoveries: bool) -> int:
    """Kill a build of `NEW` over `old` at each step in turn; return how many were killed."""
    step = 0
    while True:
        step += 1
        target = prepared(root, old)
        before = snapshot(target)
        if not killed(target, step):
            return step - 1
        require_whole(target, before)
        for second in (3, 17, 34) if recoveries else ():
            copy = root / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(target, copy)
            killed(copy, second)
            require_whole(copy, before)
            require_repaired(root, copy, NEW)
        require_repaired(root, target, OLD if step % 2 else NEW)


def prepared(root: Path, old: Tree | None) -> Path:
    """Return an output folder that holds `old` and, unless it is new, a file of a user."""
    target = root / "out"
    shutil.rmtree(target, ignore_errors=True)
    if old is not None:
        write_tree(old, target, tool_version=VERSION)
        (target / "app" / "mine.py").write_text("mine = 1\n")
    return target


def killed(target: Path, step: int) -> bool:
    """Build `NEW` in a process of its own that dies at `step`; say whether it got there."""
    child = os.fork()
    if not child:
        with faulty(step, lambda: os.kill(os.getpid(), signal.SIGKILL)):
            write_tree(NEW, target, tool_version=VERSION)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}
    return os.WIFSIGNALED(status)


def require_whole(target: Path, before: dict[str, str | None]) -> None:
    """Check that each file is wholly the old one or the new one, and the user's is there."""
    for path, text in snapshot(target).items():
        if not path.startswith(".tospec") and text is not None:
            new = NEW[path].text if path in NEW else None
            assert text in {before.get(path), new}, path
    mine = target / "app" / "mine.py"
    assert mine.exists() == ("app/mine.py" in before)


def require_repaired(root: Path, target: Path, tree: Tree) -> None:
    """Check that the next run makes the folder what a run without a kill makes it."""
    reference = root / "reference"
    shutil.rmtree(reference, ignore_errors=True)
    write_tree(tree, reference, tool_version=VERSION)
    write_tree(tree, target, tool_version=VERSION)
    found = snapshot(target)
    found.pop("app/mine.py", None)
    assert found == snapshot(reference)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
