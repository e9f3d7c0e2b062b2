"""Settings: what somebody says about how to verify, before anything is looked at."""

from dataclasses import dataclass, replace
from pathlib import Path

from tospec.evidence import Verification
from tospec.model import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to verify a running system.

    Attributes:
        url: Where it runs.
        allowed_hosts: Hosts beyond this machine that it may run at.
        owned: Whether it may be written to although it looks like production.
        credentials: A file with everybody's credentials; None for the system's own sign-up.
        credentials_command: A command that prints somebody's credentials; empty for none.
        seed: Of everything that is chosen by chance; None for another one each time.
        jobs: How many cases run at a time.
        budget: Most requests to send; None for as many as it takes.
        rate: Most requests a second; None for as many as there can be.
        timeout: Seconds that a request may take, from its first byte to its answer's last.
        only: Beginnings of ids of cases that are wanted; none for all.
        read_only: Whether to send safe methods only.
        destructive: Whether to change objects that the verifier did not make.
        admin_off: Whether the installation has turned the page for people off.
        session_delay: Seconds after which the target must have noticed that access was lost.
        budgets: Whether to measure budgets, which takes minutes and many rows.
        keep: Whether to leave at the target what was made.
        stubs: Where to stand in for services, as `NAME=HOST:PORT`.
        hooks: Where to receive webhooks, as `HOST:PORT`; empty for nowhere.
        clock: The file by which the target's clock is set ahead; None if it is left alone.
        signing: What signs messages of other services, as `NAME=FILE`.
        variables: A file for the variables of replays; it holds secrets. None for no such file.
        earlier: An earlier verification to carry on with.
    """

    url: str
    allowed_hosts: tuple[str, ...] = ()
    owned: bool = False
    credentials: Path | None = None
    credentials_command: str = ""
    seed: int | None = None
    jobs: int = 4
    budget: int | None = None
    rate: float | None = None
    timeout: float = 10.0
    only: tuple[str, ...] = ()
    read_only: bool = False
    destructive: bool = False
    admin_off: bool = False
    session_delay: float = 0.0
    budgets: bool = False
    keep: bool = False
    stubs: tuple[str, ...] = ()
    hooks: str = ""
    clock: Path | None = None
    signing: tuple[str, ...] = ()
    variables: Path | None = None
    earlier: Verification | None = None


def as_installed(system: System, settings: Settings) -> System:
    """Return what a spec says of an installation that is set as somebody said."""
    if not settings.admin_off or system.admin is None:
        return system
    return replace(system, admin=replace(system.admin, enabled=False))
