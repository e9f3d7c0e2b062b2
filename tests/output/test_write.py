"""Writing: all or nothing, and nobody's work is lost."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.output.faults import NEW, OLD, VERSION, faulty, no_space, snapshot
from tospec.errors import BusyError, ClashError, TargetError
from tospec.output import File, Tree, plan, plan_write, read_manifest, write_tree


def _write(tree: Tree, target: Path, *, dry_run: bool = False) -> object:
    return write_tree(tree, target, tool_version=VERSION, dry_run=dry_run)


def _files(tree: Tree) -> dict[str, str]:
    return {file.path: file.text for file in tree}


def _found(target: Path) -> dict[str, str]:
    return {
        path: text
        for path, text in snapshot(target).items()
        if text is not None and not path.startswith(".tospec")
    }


@pytest.fixture
def built(tmp_path: Path) -> Path:
    target = tmp_path / "out"
    _write(OLD, target)
    return target


def test_a_first_build_writes_the_tree_and_its_manifest(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    plan = write_tree(OLD, target, tool_version=VERSION)
    assert plan.created == tuple(sorted(_files(OLD)))
    assert _found(target) == _files(OLD)
    manifest = read_manifest(target)
    assert manifest is not None
    assert manifest.files["app/models/task.py"].origins == ("A", "B")
    assert sorted(p.name for p in (target / ".tospec").iterdir()) == ["manifest.json"]


def test_an_existing_empty_folder_is_fine(tmp_path: Path) -> None:
    _write(OLD, tmp_path)
    assert _found(tmp_path) == _files(OLD)


def test_a_rebuild_replaces_adds_removes_and_leaves_others_alone(built: Path) -> None:
    (built / "app" / "mine.py").write_text("mine")
    (built / "app" / "gone" / "mine.py").write_text("mine")
    (built / "empty").mkdir()
    plan = write_tree(NEW, built, tool_version=VERSION)
    assert plan.created == ("app/fresh/deep/new.py",)
    assert plan.changed == ("README.md", "app/models/task.py")
    assert plan.removed == ("app/gone/only.py",)
    assert plan.unchanged == ("app/__init__.py", "same.txt")
    mine = {"app/mine.py": "mine", "app/gone/mine.py": "mine"}
    assert _found(built) == _files(NEW) | mine
    assert (built / "empty").is_dir()


def test_folders_of_removed_files_go_when_they_are_empty(built: Path) -> None:
    _write(NEW, built)
    assert not (built / "app" / "gone").exists()


def test_a_rebuild_of_the_same_changes_nothing(built: Path) -> None:
    def state() -> list[tuple[str, int, int]]:
        every = [built, *sorted(built.rglob("*"))]
        return [(str(p), p.stat().st_mtime_ns, p.stat().st_ino) for p in every]

    before = state()
    assert write_tree(OLD, built, tool_version=VERSION).is_empty
    assert state() == before
    assert not write_tree(NEW, built, tool_version=VERSION).is_empty
    assert state() != before


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    previous = os.umask(0o077)
    try:
        _write(OLD, tmp_path / "out")
    finally:
        os.umask(previous)
    modes = {p.stat().st_mode & 0o777 for p in tmp_path.rglob("*") if p.is_file()}
    folders = {p.stat().st_mode & 0o777 for p in tmp_path.rglob("*") if p.is_dir()}
    assert (modes, folders) == ({0o644}, {0o755})


@pytest.mark.parametrize("dry_run", [False, True])
def test_edits_and_deletions_stop_a_rebuild(built: Path, *, dry_run: bool) -> None:
    (built / "README.md").write_text("# Mine\n")
    (built / "same.txt").unlink()
    (built / "app/gone/only.py").write_text("edited")
    before = snapshot(built)
    with pytest.raises(ClashError) as caught:
        _write(NEW, built, dry_run=dry_run)
    assert caught.value.exit_code == 4
    assert caught.value.clashes == (
        "README.md: edited",
        "app/gone/only.py: edited",
        "same.txt: deleted",
    )
    assert snapshot(built) == before


def test_an_edit_that_the_rebuild_would_make_too_is_no_clash(built: Path) -> None:
    (built / "README.md").write_text("# New\n")
    (built / "app/gone/only.py").unlink()
    _write(NEW, built)
    assert _found(built) == _files(NEW)


def test_a_file_of_somebody_else_in_the_way_stops_a_rebuild(built: Path) -> None:
    place = built / "app/fresh/deep/new.py"
    place.parent.mkdir(parents=True)
    place.write_text("fresh = 1\n")
    with pytest.raises(ClashError) as caught:
        _write(NEW, built)
    assert caught.value.clashes == ("app/fresh/deep/new.py: in the way, not written by tospec",)
    assert place.read_text() == "fresh = 1\n"


@pytest.mark.parametrize("name", ["notes.txt", ".git", ".tospec/mine", ".hidden"])
def test_a_foreign_folder_is_refused(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text("mine")
    before = snapshot(tmp_path)
    for dry_run in (False, True):
        with pytest.raises(TargetError, match="not empty and was not written by tospec") as caught:
            _write(OLD, tmp_path, dry_run=dry_run)
        assert caught.value.exit_code == 2
    assert snapshot(tmp_path) == before


def test_dangerous_targets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "homes" / "someone"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    dangerous = [Path("/"), home, home.parent, tmp_path / "file", tmp_path / "link"]
    dangerous += [tmp_path / ".git" / "x", tmp_path / "x" / ".tospec", home / ".." / "someone"]
    before = snapshot(tmp_path)
    for target in dangerous:
        with pytest.raises(TargetError, match="Cannot write to"):
            _write(OLD, target)
    assert snapshot(tmp_path) == before
    _write(OLD, home / "out")
    assert _found(home / "out") == _files(OLD)


def test_links_inside_the_target_are_not_followed(built: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "task.py").write_text("old = 1\n")
    (built / "app/models/task.py").unlink()
    (built / "app/models").rmdir()
    (built / "app/models").symlink_to(outside)
    (built / "README.md").unlink()
    (built / "README.md").symlink_to(outside / "task.py")
    with pytest.raises(ClashError) as caught:
        _write(NEW, built)
    assert [clash.partition(":")[0] for clash in caught.value.clashes] == [
        "README.md",
        "app/models/task.py",
    ]
    assert snapshot(outside) == {"task.py": "old = 1\n"}


def test_a_link_as_the_own_folder_is_refused(built: Path, tmp_path: Path) -> None:
    (built / ".tospec").rename(tmp_path / "moved")
    (built / ".tospec").symlink_to(tmp_path / "moved")
    before = snapshot(tmp_path / "moved")
    with pytest.raises(TargetError, match="is a link"):
        _write(NEW, built)
    assert snapshot(tmp_path / "moved") == before
    assert _found(built) == _files(OLD)


def test_a_fifo_in_the_way_does_not_hang(built: Path) -> None:
    (built / "README.md").unlink()
    os.mkfifo(built / "README.md")
    with pytest.raises(ClashError):
        _write(NEW, built)


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"format": 9}', '{"format": 1, "files": [{"path": "../x", "sha256": ""}]}'],
)
def test_a_damaged_manifest_is_refused(built: Path, content: str) -> None:
    (built / ".tospec/manifest.json").write_text(content)
    with pytest.raises(TargetError, match="is damaged"):
        _write(NEW, built)
    assert _found(built) == _files(OLD)


def test_a_second_run_at_the_same_time_is_refused(built: Path) -> None:
    handle = os.open(built, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(BusyError, match="Another run"):
            _write(NEW, built)
        assert _found(built) == _files(OLD)
    finally:
        os.close(handle)
    _write(NEW, built)
    assert _found(built) == _files(NEW)


def test_a_dry_run_says_what_the_run_does_and_writes_nothing(built: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    dry = plan_write(NEW, built, tool_version=VERSION)
    fresh = plan_write(NEW, tmp_path / "fresh", tool_version=VERSION)
    assert snapshot(tmp_path) == before
    assert write_tree(NEW, built, tool_version=VERSION) == dry
    assert write_tree(NEW, tmp_path / "fresh", tool_version=VERSION) == fresh


def _steps(target: Path) -> int:
    with faulty(0, no_space) as planted:
        _write(NEW, target)
    return planted.calls


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_a_full_disk_at_any_step_leaves_the_old_tree(
    tmp_path: Path, *, first: bool, lasting: bool
) -> None:
    count = _steps(_prepared(tmp_path / "count", first=first))
    assert count > 40
    for step in range(1, count + 1):
        target = _prepared(tmp_path / str(step), first=first)
        before = snapshot(target)
        with faulty(step, no_space, lasting=lasting):
            try:
                _write(NEW, target)
            except TargetError as fault:
                assert "No space left" in fault.message
                assert snapshot(target) == before, step
                assert target.exists() == (not first)
            else:
                assert _found(target) | _found(tmp_path / "count") == _found(target)
        _write(NEW, target)
        assert snapshot(target) == snapshot(tmp_path / "count")


def _prepared(target: Path, *, first: bool) -> Path:
    if not first:
        _write(OLD, target)
        (target / "mine.txt").write_text("mine")
    return target


def test_an_interrupt_at_any_step_leaves_the_old_tree(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    count = _steps(_prepared(tmp_path / "count", first=False))
    interrupted = 0
    for step in range(1, count + 1):
        target = _prepared(tmp_path / str(step), first=False)
        before = snapshot(target)
        with faulty(step, interrupt):
            try:
                _write(NEW, target)
            except KeyboardInterrupt:
                interrupted += 1
                if snapshot(target) != before:
                    assert _found(target) == _found(tmp_path / "count")
    assert interrupted == count


def test_a_kill_at_any_step_is_repaired_by_the_next_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.output.kill_sweep", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 120


def test_an_edit_after_a_kill_is_not_lost(built: Path) -> None:
    steps = _killed_in_the_middle(built)
    assert steps
    (built / "README.md").write_text("# Mine\n")
    with pytest.raises(ClashError) as caught:
        _write(NEW, built)
    assert caught.value.clashes == ("README.md: edited",)
    (built / "README.md").write_text("# Old\n")
    _write(NEW, built)
    assert _found(built) == _files(NEW)


def test_a_dry_run_after_a_kill_tells_of_the_run_that_repairs(built: Path) -> None:
    _killed_in_the_middle(built)
    before = snapshot(built)
    dry = plan_write(NEW, built, tool_version=VERSION)
    assert snapshot(built) == before
    assert write_tree(NEW, built, tool_version=VERSION) == dry


def _killed_in_the_middle(target: Path) -> int:
    """Leave a folder as a kill behind the first replaced file would, journal and all."""
    program = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from tests.output.faults import NEW, VERSION, faulty\n"
        "from tospec.output import disk, write_tree\n"
        "target = Path(sys.argv[1])\n"
        "def maybe():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "move = disk.Folder.move\n"
        "def killing(self, path, to):\n"
        "    move(self, path, to)\n"
        "    if to == 'app/models/task.py':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "disk.Folder.move = killing\n"
        "write_tree(NEW, target, tool_version=VERSION)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)], cwd=Path(__file__).parents[2], check=False
    )
    assert (target / ".tospec/journal.json").exists()
    return done.returncode == -9


def test_an_edit_between_plan_and_writing_is_not_lost(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = plan.plan_for

    def edited_behind(*arguments: object, **named: object) -> object:
        made = planned(*arguments, **named)  # type: ignore[arg-type]
        (built / "README.md").write_text("# Mine\n")
        return made

    monkeypatch.setattr("tospec.output.write.plan_for", edited_behind)
    with pytest.raises(ClashError, match="while tospec was writing"):
        _write(NEW, built)
    assert _found(built) == _files(OLD) | {"README.md": "# Mine\n"}


def test_a_new_version_of_the_tool_rewrites_the_manifest_only(built: Path) -> None:
    plan = write_tree(OLD, built, tool_version="2")
    assert (plan.changed, plan.manifest_changed) == ((), True)
    manifest = read_manifest(built)
    assert manifest is not None
    assert manifest.tool_version == "2"


def test_many_files_take_little_time(tmp_path: Path) -> None:
    many = Tree(File(f"app/p{at % 20}/m{at}.py", f"x = {at}\n") for at in range(500))
    _write(many, tmp_path / "out")
    assert len(_found(tmp_path / "out")) == 500
