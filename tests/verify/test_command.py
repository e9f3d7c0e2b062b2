"""`tospec verify`: its verdicts, exit codes and files, with nothing secret in any of them."""

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verify.hostile import responding
from tests.verify.serving import TASKHUB
from tospec import evidence
from tospec.cli import main
from tospec.evidence import Outcome, Verification
from tospec.verify.wire.target import target_of

SPEC = str(TASKHUB)
CANARY = "canary-77aa-of-a-token"
ONLY = ("--only", "answers/GetMe")
CREATE = ("--only", "answers/CreateLabel")
HOSTILE = "\x1b]0;owned\x07<script>alert(1)</script>\u202e]]>&"

type Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Run the command; give exit code, stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["verify", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A file with credentials for everybody."""
    file = tmp_path / "people.json"
    roles = ("owner", "admin", "member", "viewer")
    file.write_text(json.dumps({r: {t: [CANARY] * 3 for t in "ab"} for r in roles}), "utf-8")
    file.chmod(0o600)
    return file


def test_what_conforms_passes(told: Told, taskhub_url: str, tmp_path: Path) -> None:
    code, out, err = told(SPEC, "--url", taskhub_url, *ONLY, "--json", tmp_path / "v.json")
    assert (code, err) == (0, "")
    assert out.startswith("PASSED: ")
    assert "only answers/GetMe was asked for" in out
    kept = evidence.load(Verification, tmp_path / "v.json")
    assert (kept.outcome, kept.complete, kept.target) == (Outcome.PASSED, True, taskhub_url)
    assert all(case.outcome is Outcome.PASSED for case in kept.cases)


def test_what_lies_fails(told: Told, people: Path) -> None:
    with responding(lambda _: ("200 OK", b'{"id": "x", "items": []}')) as target:
        code, out, _ = told(SPEC, "--url", target.url, *CREATE, "--credentials", people)
    assert code == 1
    assert out.startswith("FAILED: ")
    assert "\nfailed answers/CreateLabel/success" in out
    assert f"curl -sS -i -X POST '{target.url}/v1/labels'" in out
    for name in ("rule ", "expected ", "got ", "replay"):
        assert f"\n  {name}" in out


def test_what_is_not_there_is_inconclusive(told: Told, people: Path) -> None:
    with responding(lambda _: ("200 OK", b"{}")) as target:
        pass
    code, out, _ = told(SPEC, "--url", target.url, *ONLY, "--credentials", people)
    assert code == 5
    assert out.startswith("INCONCLUSIVE: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Add --url"),
        (("--url", "http://api.company.io"), "--allow-host api.company.io"),
        (("--url", "http://api.company.io", "--allow-host", "api.company.io"), "--i-own-this"),
        (("--url", "ftp://localhost"), "not an http or https URL"),
        (("--url", "http://127.0.0.1:9", "--only", "nonsense"), "No case is called 'nonsense'"),
        (("--url", "http://127.0.0.1:9", "--read-only"), "cannot sign people up"),
        (("--url", "http://127.0.0.1:9", "--json", f"{__file__}/x/y"), "cannot be written"),
        (("--url", "http://127.0.0.1:9", "--junit", "/"), "cannot be written"),
        (("--url", "http://127.0.0.1:9", "--evidence", SPEC), "not a backend that tospec built"),
        (("--url", "http://127.0.0.1:9", "--credentials", "/none"), "cannot be read"),
        (("--url", "http://127.0.0.1:9", "--jobs", "0"), "--jobs"),
        (("--url", "http://127.0.0.1:9", "--budget", "0"), "--budget"),
        (("--url", "http://127.0.0.1:9", "--rate", "0"), "--rate"),
    ],
)
def test_what_must_not_or_cannot_be_done_is_refused(
    told: Told, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = told(SPEC, *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_an_invalid_spec_is_said(told: Told, tmp_path: Path) -> None:
    spec = tmp_path / "spec.md"
    spec.write_text("```yaml tospec\nsystem: 5\n```\n", encoding="utf-8")
    code, _, err = told(spec, "--url", "http://127.0.0.1:9")
    assert code == 2
    assert "spec.md" in err


def test_a_list_of_cases_sends_nothing(told: Told) -> None:
    with responding(lambda _: ("200 OK", b"{}")) as target:
        code, out, _ = told(SPEC, "--url", target.url, "--list", "--only", "answers")
        again = told(SPEC, "--url", target.url, "--list", "--only", "answers")
        assert target.connections == 0
    assert (code, out) == (again[0], again[1])
    *ids, last = out.splitlines()
    assert code == 0
    assert all(line.startswith("answers/") for line in ids)
    assert last.startswith(f"{len(ids)} cases, about ")
    as_json = json.loads(told(SPEC, "--list", "--only", "answers", "--format", "json")[1])
    assert [case["id"] for case in as_json["cases"]] == ids


@pytest.fixture
def hostile_outputs(told: Told, people: Path, tmp_path: Path) -> dict[str, str]:
    """Everything that is printed and written about a target that echoes and injects."""
    files = {name: tmp_path / name for name in ("json", "junit", "sarif", "resume")}
    options = [word for name, file in files.items() for word in (f"--{name}", file)]

    def respond(request: bytes) -> tuple[str, bytes]:
        echo = {"id": HOSTILE, HOSTILE: HOSTILE, "echo": request.decode("latin-1")}
        return "200 OK", json.dumps(echo).encode()

    with responding(respond) as target:
        common = (SPEC, "--url", target.url, *CREATE, "--credentials", people)
        code, out, err = told(*common, *options)
        assert CANARY.encode() in b"".join(target.received)
        assert code == 1
        printed = {name: told(*common, "--format", name)[1] for name in ("json", "junit", "sarif")}
    written = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    return {"out": out, "err": err, **{f"--{n}": t for n, t in written.items()}, **printed}


def test_nothing_secret_is_printed_or_written(hostile_outputs: dict[str, str]) -> None:
    for name, text in hostile_outputs.items():
        assert CANARY not in text, name
        assert CANARY[:12] not in text, name
    assert '"$OWNER_1_TENANT_A"' in hostile_outputs["out"]


def test_nothing_that_a_target_says_acts_on_who_reads_it(
    hostile_outputs: dict[str, str],
) -> None:
    for name, text in hostile_outputs.items():
        assert "\x1b" not in text, name
        assert "\x07" not in text, name
    assert "\u202e" not in hostile_outputs["out"]
    for name in ("--junit", "junit"):
        document = ET.fromstring(hostile_outputs[name])  # noqa: S314 - our own
        assert document.find(".//failure") is not None
        assert document.find(".//script") is None
    for name in ("--json", "--sarif", "json", "sarif", "--resume"):
        assert json.loads(hostile_outputs[name])


def test_printed_json_says_the_verdict(told: Told, taskhub_url: str) -> None:
    code, out, _ = told(SPEC, "--url", taskhub_url, *ONLY, "--format", "json")
    said = json.loads(out)
    assert (code, said["verdict"], said["exit_code"]) == (0, "passed", 0)
    assert said["cases"][0]["id"].startswith("answers/GetMe/")
    assert sum(each["passed"] for each in said["coverage"]) == len(said["cases"])


def test_evidence_goes_to_where_the_report_looks(
    told: Told, taskhub_url: str, tmp_path: Path
) -> None:
    shutil.copytree(TASKHUB / "backend" / ".tospec", tmp_path / ".tospec")
    assert told(SPEC, "--url", taskhub_url, *ONLY, "--evidence", tmp_path)[0] == 0
    kept = tmp_path / ".tospec" / "evidence" / "verification.json"
    assert evidence.load(Verification, kept).outcome is Outcome.PASSED


def test_a_run_carries_on_from_its_file(told: Told, taskhub_url: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    common = (SPEC, "--url", taskhub_url, "--only", "answers", "--resume", file)
    short = told(*common, "--budget", "60", "--seed", "5")
    part = evidence.load(Verification, file)
    assert (short[0], part.complete, part.seed) == (5, False, 5), short[1]
    assert "the budget of 60 requests is spent" in short[1]
    assert told(*common)[0] == 0
    whole = evidence.load(Verification, file)
    assert (whole.complete, whole.seed) == (True, 5)
    assert len(whole.cases) > len(part.cases) > 0
    code, _, err = told(SPEC, "--url", "http://127.0.0.1:9", "--resume", file)
    assert code == 2
    assert "of another target" in err
    file.write_text("{}", encoding="utf-8")
    assert told(*common)[0] == 2


@pytest.mark.parametrize(("mode", "warns"), [(0o644, True), (0o600, False)])
def test_credentials_that_others_may_read_bring_a_warning(
    told: Told, people: Path, mode: int, *, warns: bool
) -> None:
    people.chmod(mode)
    with responding(lambda _: ("200 OK", b"{}")) as target:
        _, _, err = told(SPEC, "--url", target.url, *ONLY, "--credentials", people)
    assert (f"chmod 600 {people}" in err) == warns


def test_a_base_url_with_a_path_is_kept(told: Told, people: Path) -> None:
    with responding(lambda _: ("200 OK", b"{}")) as target:
        told(SPEC, "--url", f"{target.url}/base/", *ONLY, "--credentials", people)
        assert all(request.split()[1].startswith(b"/base/v1/") for request in target.received)
        assert target_of(f"{target.url}/base/").url == f"{target.url}/base"
