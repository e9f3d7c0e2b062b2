"""Programs are bounded in time and output, and leave nothing behind."""

import sys
import time
from pathlib import Path

from tospec.gate import tools


def test_a_program_is_run_to_its_end(tmp_path: Path) -> None:
    program = "import os, sys; print(os.getcwd()); print('no', file=sys.stderr); sys.exit(3)"
    done = tools.run([sys.executable, "-c", program], cwd=tmp_path, timeout=60)
    assert (done.code, done.output.strip(), done.last_line, done.fault) == (
        3, str(tmp_path), "no", "",
    )  # fmt: skip


def test_a_program_that_takes_too_long_ends_with_its_children(tmp_path: Path) -> None:
    child = "import time, pathlib; time.sleep(3); pathlib.Path('late').touch()"
    program = (
        "import subprocess, sys, time; print('started', flush=True);"
        f"subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    )
    done = tools.run([sys.executable, "-c", program], cwd=tmp_path, timeout=1.5)
    assert "longer than 1.5 s" in done.fault
    time.sleep(3.5)
    assert not (tmp_path / "late").exists()


def test_output_without_end_is_cut(tmp_path: Path) -> None:
    program = "import sys\nfor _ in range(2000): sys.stdout.write('x' * 1000)"
    done = tools.run([sys.executable, "-c", program], cwd=tmp_path, timeout=60, limit=5000)
    assert (done.code, len(done.output)) == (0, 5000)


def test_a_program_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    done = tools.run([tmp_path / "none"], cwd=tmp_path, timeout=5)
    assert (done.code, "No such file" in done.fault) == (127, True)
