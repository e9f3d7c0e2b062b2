"""What an interpreter has of what files of requirements name."""

import sys
import time
from dataclasses import replace
from importlib import util
from pathlib import Path

import pytest

from tospec.doctor.base import Outcome
from tospec.doctor.packages import Installed, Interpreter, compared, pinned, wanted

HAS = Installed(python=Path("/py"), packages={"a": "1.0", "b-c": "2"}, broken=frozenset({"b-c"}))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("a==1.0", ("a", "1.0")),
        ("  A_b[x,y] == 1.0  # why", ("A_b", "1.0")),
        ("a===1.0 --hash=sha256:00", ("a", "1.0")),
        ("a==1.0 \\", ("a", "1.0")),
        ("a>=1", ("a", "")),
        ("a", ("a", "")),
        ("a==1.*", ("a", "")),
        ("", None),
        ("# a==1", None),
        ("-e .", None),
        ("--hash=sha256:00", None),
        ("a==1; sys_platform == 'win32'", None),
    ],
)
def test_lines_of_requirements(line: str, named: tuple[str, str] | None) -> None:
    assert pinned(line) == named


def test_files_take_in_others_even_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "dev.txt").write_text("-r base.txt\nB.c==2\n")
    (tmp_path / "base.txt").write_text("-r dev.txt\na==1.0\n\xff\n", encoding="latin-1")
    assert wanted(tmp_path / "dev.txt") == {"a": "1.0", "b-c": "2"}
    with pytest.raises(OSError, match="No such file"):
        wanted(tmp_path / "none.txt")


def test_what_is_missing_other_or_damaged_is_named(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("a==1.0\n")
    assert compared([file], HAS, "").outcome is Outcome.OK
    file.write_text("a==1.1\nB.c==2\nd==3\ne>1\n")
    seen = compared([file], HAS, "")
    assert (
        seen.said == "a is 1.0, not 1.1; b-c is damaged; d 3 is not installed; e is not installed"
    )
    assert seen.mend == f"/py -m pip install -r {file}"
    assert compared([file], HAS, "make install").mend == "make install"
    file.write_text("".join(f"x{n}==1\n" for n in range(9)))
    assert compared([file], HAS, "").said.endswith("; and 5 more")


def test_without_pip_uv_installs(tmp_path: Path) -> None:
    file = tmp_path / "a b.txt"
    file.write_text("z==1\n")
    bare = Installed(python=Path("/py"), packages={}, has_pip=False)
    assert compared([file], bare, "").mend == f"uv pip install --python /py -r '{file}'"


def test_the_running_interpreter_tells_what_it_has(tmp_path: Path) -> None:
    has = Interpreter(Path(sys.executable), tmp_path).has
    assert (has.fault, has.packages["pytest"]) == ("", pytest.__version__)
    assert "pytest" not in has.broken


def test_another_interpreter_answers_the_same(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    (tmp_path / "json.py").write_text("raise SystemExit('the folder answered')\n")
    other, own = Interpreter(program, tmp_path).has, Interpreter(Path(sys.executable), tmp_path).has
    assert other == replace(own, python=program)
    assert len(own.packages) > 10


def test_a_package_whose_modules_are_gone_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = util.find_spec
    monkeypatch.setattr(
        util, "find_spec", lambda n: None if n in {"_pytest", "pytest", "py", "pip"} else real(n)
    )
    has = Interpreter(Path(sys.executable), tmp_path).has
    assert has.broken == {"pytest"} | ({"pip"} & has.packages.keys())
    assert not has.has_pip


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("echo no such library >&2; exit 1", "no such library"),
        ("exit 1", "it ended with an error"),
        ("echo hello", "it does not say what it has installed"),
        ("echo '{\"version\": 1}'", "it does not say what it has installed"),
        ("echo '[]'", "it does not say what it has installed"),
        ("head -c 20000000 /dev/zero", "it does not say what it has installed"),
    ],
)
def test_an_interpreter_that_does_not_work_is_named(
    tmp_path: Path, script: str, fault: str
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    has = Interpreter(program, tmp_path).has
    assert has.fault == fault
    file = tmp_path / "requirements.txt"
    file.write_text("a==1\n")
    assert compared([file], has, "").outcome is Outcome.MISSING


def test_an_interpreter_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nsleep 60 &\nwait\n")
    program.chmod(0o755)
    start = time.monotonic()
    assert Interpreter(program, tmp_path).has.fault == "it took longer than 4 s"
    assert time.monotonic() - start < 15
