"""`tospec verify`."""

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from tospec import __version__, evidence, pipeline
from tospec.cli import outcome, progress, terminal
from tospec.cli.arguments import JsonFile, JunitFile, SarifFile, SpecPath
from tospec.cli.exits import Exit
from tospec.cli.files import require_writable
from tospec.errors import TargetError, UsageError
from tospec.evidence import Outcome, Verification
from tospec.report import junit, sarif
from tospec.report.page import verification_as_html
from tospec.report.verification import as_data, as_text

EVIDENCE: Final = Path(".tospec") / "evidence" / "verification.json"
_EXITS: Final = {
    Outcome.PASSED: Exit.COMPLETE,
    Outcome.FAILED: Exit.FAILED,
    Outcome.INCONCLUSIVE: Exit.INCONCLUSIVE,
}
_OTHERS: Final = 0o077


class VerifyFormat(StrEnum):
    """How a verification is printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """The files that a verification is written to."""

    json: Path | None
    junit: Path | None
    sarif: Path | None
    html: Path | None
    resume: Path | None
    variables: Path | None
    evidence: Path | None

    def require_writable(self) -> None:
        """Refuse, before anything is sent, files that cannot be written."""
        for path in (getattr(self, field.name) for field in fields(self)):
            if path is not None:
                require_writable(path)

    def keep(self, partial: Verification) -> None:
        """Write what there is so far, for a run that carries on."""
        self._save(partial, self.resume)

    def write(self, verification: Verification) -> None:
        """Write the verification to every file."""
        for path in (self.resume, self.json, self.evidence):
            self._save(verification, path)
        if self.junit is not None:
            pipeline.save_text(junit.of_verification(verification), self.junit)
        if self.sarif is not None:
            pipeline.save_text(_sarif(verification), self.sarif)
        if self.html is not None:
            pipeline.save_text(verification_as_html(verification), self.html)

    def _save(self, verification: Verification, path: Path | None) -> None:
        if path is None:
            return
        try:
            evidence.save(verification, path)
        except OSError as fault:
            raise TargetError(f"{path} cannot be written: {fault.strerror}.") from fault


def verify(  # noqa: PLR0913, PLR0917 - the options of the command, read from the signature
    spec: SpecPath,
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where the system runs.")] = "",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", metavar="HOST", help="A host beyond this machine that may be verified."
        ),
    ] = None,
    i_own_this: Annotated[
        bool,
        typer.Option("--i-own-this", help="Verify what looks like production, and write to it."),
    ] = False,
    credentials: Annotated[
        Path | None,
        typer.Option(
            "--credentials", metavar="FILE", help="JSON or YAML: role, tenant a or b, token."
        ),
    ] = None,
    credentials_command: Annotated[
        str,
        typer.Option(
            "--credentials-command",
            metavar="CMD",
            help="Called with role, tenant and number; prints a token, or headers as JSON.",
        ),
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="KIND[/ELEMENT]", help="Put only these cases."),
    ] = None,
    list_cases: Annotated[
        bool, typer.Option("--list", help="List the cases, and send nothing.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, max=64, help="Cases that run at a time.")
    ] = 4,
    budget: Annotated[
        int | None, typer.Option("--budget", min=1, metavar="N", help="Most requests to send.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option("--rate", min=0.01, metavar="N", help="Most requests a second."),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=0.1, max=600, metavar="SECONDS", help="Longest time for one answer."
        ),
    ] = 10.0,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, metavar="N", help="Repeat what chance chose.")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Send nothing that writes; needs credentials.")
    ] = False,
    destructive: Annotated[
        bool,
        typer.Option("--destructive", help="With credentials: also change what was there before."),
    ] = False,
    admin_off: Annotated[
        bool, typer.Option("--admin-off", help="The installation has turned its admin page off.")
    ] = False,
    session_delay: Annotated[
        float,
        typer.Option(
            "--session-delay",
            min=0,
            max=60,
            metavar="SECONDS",
            help="How late a target of several processes may notice that somebody lost access.",
        ),
    ] = 0.0,
    budgets: Annotated[
        bool,
        typer.Option(
            "--budgets", help="Also make as many rows as budgets say, and measure: takes minutes."
        ),
    ] = False,
    signing: Annotated[
        list[str] | None,
        typer.Option(
            "--signing",
            metavar="NAME=FILE",
            help="What signs the messages of an integration, as the target has it.",
        ),
    ] = None,
    stub: Annotated[
        list[str] | None,
        typer.Option(
            "--stub",
            metavar="NAME=HOST:PORT",
            help="Stand in for an integration at this address; its URL setting must point there.",
        ),
    ] = None,
    hooks: Annotated[
        str,
        typer.Option(
            "--hooks",
            metavar="HOST:PORT",
            help="Receive webhooks here; the target must be allowed to deliver to this machine.",
        ),
    ] = "",
    clock: Annotated[
        Path | None,
        typer.Option(
            "--clock",
            metavar="FILE",
            help="Set the target's clock ahead by this file, which its CLOCK_FILE names.",
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave at the target what was made.")
    ] = False,
    variables: Annotated[
        Path | None,
        typer.Option(
            "--variables", metavar="FILE", help="Write what replays need to sign in; it is secret."
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="FILE", help="Keep results here, and carry on from them."),
    ] = None,
    evidence_in: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="DIR", help="A built backend; 'report' finds it there."),
    ] = None,
    json_file: JsonFile = None,
    junit_file: JunitFile = None,
    sarif_file: SarifFile = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as one HTML page.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        VerifyFormat, typer.Option("--format", help="How to print the result.")
    ] = VerifyFormat.TEXT,
) -> int:
    """Judge whatever answers at a URL by the spec alone.

    Answers 0 if everything conforms, 1 if something does not, 5 if that cannot be said.
    """
    reading = pipeline.read(spec)
    if reading.system is None or outcome.has_errors(reading.diagnostics):
        outcome.explain_diagnostics(reading, reading.diagnostics)
        if format is VerifyFormat.JSON:
            terminal.data(outcome.as_data(pipeline.assess(reading)))
        return Exit.INVALID
    wanted = tuple(only or ())
    if list_cases:
        return _list(reading, wanted, format)
    files = _Files(
        json=json_file,
        junit=junit_file,
        sarif=sarif_file,
        html=html_file,
        resume=resume,
        variables=variables,
        evidence=_evidence(evidence_in),
    )
    files.require_writable()
    _warn(credentials)
    settings = pipeline.VerifySettings(
        url=_required(url),
        allowed_hosts=tuple(allow_host or ()),
        owned=i_own_this,
        credentials=credentials,
        credentials_command=credentials_command,
        seed=seed,
        jobs=jobs,
        budget=budget,
        rate=rate,
        timeout=timeout,
        only=wanted,
        read_only=read_only,
        destructive=destructive,
        admin_off=admin_off,
        session_delay=session_delay,
        budgets=budgets,
        keep=keep,
        stubs=tuple(stub or ()),
        hooks=hooks,
        clock=clock,
        signing=tuple(signing or ()),
        variables=variables,
        earlier=_earlier(resume),
    )
    tree = pipeline.tree_hash(evidence_in) if evidence_in else ""
    with progress.bar() as advance:
        verification = pipeline.verify(
            reading, settings, tree=tree, progress=advance, checkpoint=files.keep
        )
    terminal.result(_rendered(verification, format))
    files.write(verification)
    return _EXITS[verification.outcome]


def _rendered(verification: Verification, format: VerifyFormat) -> str:  # noqa: A002 - as above
    match format:
        case VerifyFormat.TEXT:
            return as_text(verification)
        case VerifyFormat.JUNIT:
            return junit.of_verification(verification)
        case VerifyFormat.SARIF:
            return _sarif(verification)
        case VerifyFormat.HTML:
            return verification_as_html(verification)
    head = {"verdict": verification.outcome, "exit_code": _EXITS[verification.outcome]}
    return json.dumps({**head, **as_data(verification)}, indent=2) + "\n"


def _sarif(verification: Verification) -> str:
    document = sarif.of_verification(verification, tool_version=__version__)
    return json.dumps(document, indent=2) + "\n"


def _list(
    reading: pipeline.Reading,
    only: tuple[str, ...],
    format: VerifyFormat,  # noqa: A002 - as above
) -> int:
    cases = pipeline.cases(reading, only)
    if format is VerifyFormat.JSON:
        names = ("id", "kind", "element", "operation", "rule", "requirements", "cost")
        terminal.data({"cases": [{name: getattr(c, name) for name in names} for c in cases]})
    else:
        cost = sum(case.cost for case in cases)
        last = f"{len(cases)} cases, about {cost} requests."
        terminal.result("\n".join([*(case.id for case in cases), last]))
    return Exit.COMPLETE


def _required(url: str) -> str:
    if not url:
        raise UsageError("Nothing says where the system runs.", "Add --url http://127.0.0.1:8000.")
    return url


def _evidence(folder: Path | None) -> Path | None:
    """Return the file of evidence in a built tree."""
    if folder is None:
        return None
    if not (folder / ".tospec").is_dir():
        raise UsageError(
            f"{folder} is not a backend that tospec built.",
            "Give --evidence the folder of 'tospec build', or write --json FILE.",
        )
    return folder / EVIDENCE


def _earlier(resume: Path | None) -> Verification | None:
    if resume is None or not resume.exists():
        return None
    return evidence.load(Verification, resume)


def _warn(credentials: Path | None) -> None:
    try:
        mode = credentials.stat().st_mode if credentials else 0
    except OSError:
        return
    if mode & _OTHERS:
        terminal.message(
            f"warning: Others may read {credentials}.\n  help: chmod 600 {credentials}"
        )
