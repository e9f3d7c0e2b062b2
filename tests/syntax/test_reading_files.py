"""Which files are read, and what stops a file from being read."""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tospec.diagnostics import Diagnostic
from tospec.syntax.read_bytes import read_file
from tospec.syntax.read_files import Found
from tospec.syntax.reading import Limits, read, read_sources

BLOCK = "```yaml tospec\nentity: Task\n```\n"


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [found.code for found in diagnostics]


def shown(path: Path | str, limits: Limits | None = None) -> tuple[list[str], list[str]]:
    sources, problems = read_sources(path, limits=limits or Limits())
    return [source.file for source in sources], codes(problems)


def write(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(BLOCK)


def test_a_folder_is_read_in_order_of_paths(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a/z.yaml", "a/b.yml", "C.MD", "notes.txt", "a/data.json")
    assert shown(tmp_path) == (["C.MD", "a/b.yml", "a/z.yaml", "b.md"], [])


def test_hidden_files_and_built_backends_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, "spec.md", ".git/x.md", "a/.b/x.md", ".hidden.md", "out/docs/x.md")
    (tmp_path / "out" / ".tospec").mkdir()
    assert shown(tmp_path) == (["spec.md"], [])


def test_a_built_backend_that_is_named_itself_is_read(tmp_path: Path) -> None:
    write(tmp_path, "spec.md")
    (tmp_path / ".tospec").mkdir()
    assert shown(tmp_path) == (["spec.md"], [])


def test_a_single_file_is_shown_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, "deep/spec.md")
    assert shown(tmp_path / "deep" / "spec.md") == (["spec.md"], [])


@pytest.mark.parametrize("name", ["missing.md", "missing", "a\0b.md", "x" * 5000 + ".md"])
def test_a_missing_path_is_an_error(tmp_path: Path, name: str) -> None:
    assert shown(f"{tmp_path}/{name}") == ([], ["TS0100"])


READ_AS_NOBODY = """
import os, sys
from tospec.syntax.reading import read_sources
if os.getuid() == 0:
    os.setuid(65534)
sources, problems = read_sources(sys.argv[1])
print([source.file for source in sources], [(p.code, str(p.span)) for p in problems])
"""


def test_what_may_not_be_read_is_an_error_and_the_rest_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        write(root, "a.md", "locked.md", "closed/b.md")
        (root / "locked.md").chmod(0)
        (root / "closed").chmod(0)
        command = [sys.executable, "-c", READ_AS_NOBODY, folder]
        result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
        (root / "closed").chmod(0o755)
    expected = [("TS0100", "closed:1:1"), ("TS0100", "locked.md:1:1")]
    assert result.stdout == f"['a.md'] {expected}\n"


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "spec.txt")
    assert shown(tmp_path / "spec.txt") == ([], ["TS0102"])


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    assert shown(tmp_path / "pipe.md") == ([], ["TS0101"])
    assert shown(tmp_path) == (["a.md"], ["TS0101"])


def test_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    assert shown(tmp_path / "zero.md")[0] == []
    found = read_file(Found("zero.md", "/dev/zero"), 100)
    assert isinstance(found, Diagnostic)
    assert found.code == "TS0101"


def test_a_link_put_in_a_files_place_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "link.md").symlink_to("a.md")
    assert read_file(Found("a.md", str(tmp_path / "a.md")), 100) == BLOCK.encode()
    assert isinstance(read_file(Found("link.md", str(tmp_path / "link.md")), 100), Diagnostic)


def test_a_folder_with_a_files_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "folder.md/b.md")
    assert shown(tmp_path) == (["a.md"], ["TS0101"])
    assert shown(tmp_path / "folder.md") == ([], ["TS0101"])


def test_links_inside_the_folder_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "parts/b.md", "data/text")
    (tmp_path / "link.md").symlink_to("a.md")
    (tmp_path / "again").symlink_to("parts")
    (tmp_path / "parts" / "up").symlink_to("..")
    (tmp_path / "named.md").symlink_to("data/text")
    assert shown(tmp_path) == (["a.md", "named.md", "parts/b.md"], [])


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "spec"
    write(tmp_path, "outside/secret.md")
    write(root, "a.md")
    (root / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "passwd.yaml").symlink_to("/etc/passwd")
    sources, problems = read_sources(root)
    assert [source.file for source in sources] == ["a.md"]
    assert codes(problems) == ["TS0105"] * 3
    assert not any("root:" in found.message for found in problems)


def test_link_loops_and_broken_links_end(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "x.md").symlink_to("y.md")
    (tmp_path / "y.md").symlink_to("x.md")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "self").symlink_to(".")
    assert shown(tmp_path) == (["a.md"], ["TS0105"] * 3)


def test_links_do_not_lead_to_what_the_walk_skips(tmp_path: Path) -> None:
    write(tmp_path, "a.md", ".hidden/b.md", "out/c.md")
    (tmp_path / "out" / ".tospec").mkdir()
    (tmp_path / "one").symlink_to(".hidden")
    (tmp_path / "two").symlink_to("out")
    assert shown(tmp_path) == (["a.md"], [])


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    write(tmp_path, *(f"{number}.md" for number in range(4)))
    assert shown(tmp_path, Limits(files=4)) == (["0.md", "1.md", "2.md", "3.md"], [])
    assert shown(tmp_path, Limits(files=3))[1] == ["TS0104"]


def test_the_number_of_other_entries_is_bounded(tmp_path: Path) -> None:
    write(tmp_path, "a.md", *(f"{number}.txt" for number in range(4)))
    assert shown(tmp_path, Limits(entries=5)) == (["a.md"], [])
    assert shown(tmp_path, Limits(entries=4))[1] == ["TS0104"]


def test_the_number_of_bytes_is_bounded_over_all_files(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.md")
    both = 2 * len(BLOCK)
    assert shown(tmp_path, Limits(total_bytes=both)) == (["a.md", "b.md"], [])
    assert shown(tmp_path, Limits(total_bytes=both - 1)) == (["a.md"], ["TS0103"])


def test_the_default_limit_refuses_ten_megabytes_and_takes_four(tmp_path: Path) -> None:
    (tmp_path / "big.md").write_bytes(b"x" * 10_000_000)
    assert shown(tmp_path) == ([], ["TS0103"])
    (tmp_path / "big.md").write_bytes(b"x" * 4_000_000)
    assert shown(tmp_path) == (["big.md"], [])


def test_names_that_cannot_be_shown_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a\x1b[31m.md", "b\n.md", "ok é.md")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text(BLOCK)
    sources, problems = read_sources(tmp_path)
    assert [source.file for source in sources] == ["ok é.md"]
    assert codes(problems) == ["TS0106"] * 3
    assert all(str(found.span).isprintable() for found in problems)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert shown(tmp_path) == ([], ["TS0110"])


def test_files_without_any_block_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Only prose\n")
    assert codes(read(tmp_path).diagnostics) == ["TS0110"]
    write(tmp_path, "b.md")
    assert codes(read(tmp_path).diagnostics) == []


class Console:
    """Standard input that holds some bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input_is_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Console(BLOCK.replace("\n", "\r\n").encode()))
    reading = read("-")
    assert not reading.diagnostics
    assert [block.root.keys() for block in reading.blocks] == [("entity",)]
    assert str(reading.blocks[0].span) == "<stdin>:1:1"


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Console(b"x" * 101))
    assert shown("-", Limits(total_bytes=100)) == ([], ["TS0103"])
    monkeypatch.setattr("sys.stdin", Console(b"x" * 100))
    assert shown("-", Limits(total_bytes=100)) == (["<stdin>"], [])


def test_a_file_that_changes_under_the_reader_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.md")
    file = tmp_path / "a.md"
    true_dup = os.dup

    def dup_while_someone_saves(descriptor: int) -> int:
        file.write_text(BLOCK.replace("Task", "User"))
        os.utime(file, ns=(1, 1))
        return true_dup(descriptor)

    monkeypatch.setattr("os.dup", dup_while_someone_saves)
    assert shown(file) == ([], ["TS0109"])
    monkeypatch.undo()
    assert shown(file) == (["a.md"], [])
