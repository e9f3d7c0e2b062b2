"""`tospec gate`: exit codes, formats, skips, evidence. The gates are the real ones."""

import json
from pathlib import Path

import pytest

from tests.gate.support import write, write_built
from tospec.cli import main

type Capture = pytest.CaptureFixture[str]

GOOD = {"app/main.py": '"""A."""\n\nLIMIT = 3\n', "app/__init__.py": ""}
BAD = {"app/main.py": '"""A."""\n\nLIMIT = 3  # TODO: more\n'}
ONLY = ["--only", "no-placeholders"]


def test_it_answers_with_its_verdict(tmp_path: Path, capsys: Capture) -> None:
    good, bad = write(tmp_path / "good", GOOD), write(tmp_path / "bad", BAD)
    assert main(["gate", str(good), *ONLY]) == 0
    assert capsys.readouterr().out.startswith("1 of 1 gates passed.\npassed")
    assert main(["gate", str(bad), *ONLY]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("Next: app/main.py:3:12: ")
    assert printed.err == ""
    assert sorted(path.name for path in bad.rglob("*")) == ["app", "main.py"]


def test_an_empty_folder_passes_nothing(tmp_path: Path, capsys: Capture) -> None:
    assert main(["gate", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "passed " not in printed
    assert len(printed.splitlines()) <= 60


def test_a_skip_needs_a_reason_and_is_shown(tmp_path: Path, capsys: Capture) -> None:
    root = write(tmp_path, BAD)
    both = ["gate", str(root), "--only", "parses"]
    skip = ["gate", str(root), *["--skip", "no-placeholders"]]
    assert main([*skip]) == 2
    assert "reason" in capsys.readouterr().err
    assert main([*skip, "--reason", " "]) == 2
    assert main([*both, "--reason", "idle"]) == 2
    assert main([*both, "--skip", "parses", "--reason", "x"]) == 2
    capsys.readouterr()
    assert main([*both, "--skip", "no-placeholders", "--reason", "not ours", "--format=json"]) == 0
    main([*skip, "--reason", "moved to #12", "--format", "json"])
    gates = json.loads(capsys.readouterr().out.partition("\n}\n")[2])["gates"]
    (skipped,) = [each for each in gates if each["gate"] == "no-placeholders"]
    assert (skipped["outcome"], skipped["reason"]) == ("skipped", "on request: moved to #12")


def test_unknown_gates_folders_and_interpreters_answer_2(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, GOOD)
    assert main(["gate", str(tmp_path), "--only", "no-stub"]) == 2
    assert "Did you mean 'no-stubs'?" in capsys.readouterr().err
    assert main(["gate", str(tmp_path / "none")]) == 2
    assert main(["gate", str(tmp_path), "--python", str(tmp_path / "none")]) == 2
    write(tmp_path, {".tospec/manifest.json": "[]"})
    assert main(["gate", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_formats_go_to_stdout_or_to_files_beside_it(tmp_path: Path, capsys: Capture) -> None:
    root = str(write(tmp_path / "tree", BAD))
    assert main(["gate", root, *ONLY, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["exit_code"]) == ("failed", 1)
    assert main(["gate", root, *ONLY, "--format", "junit"]) == 1
    assert capsys.readouterr().out.startswith("<?xml")
    files = {kind: tmp_path / "results" / kind for kind in ("json", "junit", "sarif")}
    options = (f"--{kind}={path}" for kind, path in files.items())
    assert main(["gate", root, *ONLY, *options]) == 1
    assert capsys.readouterr().out.startswith("Next: ")
    written = {kind: path.read_text(encoding="utf-8") for kind, path in files.items()}
    assert json.loads(written["json"])["verdict"] == "failed"
    assert written["junit"].startswith("<?xml")
    assert len(json.loads(written["sarif"])["runs"][0]["results"]) == 1


def test_a_file_that_cannot_be_written_is_refused_first(tmp_path: Path, capsys: Capture) -> None:
    root = write(tmp_path / "tree", GOOD)
    below_a_file = root / "app/main.py" / "x"
    for path in (tmp_path, below_a_file):
        assert main(["gate", str(root), *ONLY, "--sarif", str(path)]) == 2
        assert f"{path} cannot be written" in capsys.readouterr().err
    assert main(["gate", str(root), *ONLY, "--sarif", str(tmp_path / "x")]) == 0


def test_evidence_of_a_built_tree_is_used_again(tmp_path: Path, capsys: Capture) -> None:
    root = write_built(tmp_path, GOOD)
    for extra, reused in ([], False), ([], True), (["--no-cache"], False):
        assert main(["gate", str(root), *ONLY, *extra, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["gates"][0]["reused"] is reused
    write(root, {"app/main.py": BAD["app/main.py"]})
    assert main(["gate", str(root), *ONLY]) == 1


def test_gates_are_listed_and_canaries_tried(tmp_path: Path, capsys: Capture) -> None:
    assert main(["gate", "--list", "--format", "json"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert main(["gate", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(every) >= 17
    root = write(tmp_path, GOOD)
    assert main(["gate", str(root), *ONLY, "--canary"]) == 0
    assert "canaries: 4 of 4 planted violations were rejected" in capsys.readouterr().out
    assert (root / "app/main.py").read_text(encoding="utf-8") == GOOD["app/main.py"]
