"""Preparing a run: looks at the settings, and refuses those that are unsafe or make no sense."""

from tospec.errors import UsageError
from tospec.evidence import Verification
from tospec.verify.people.given import CommandSource, FileSource
from tospec.verify.people.source import Source
from tospec.verify.run import Options, random_seed
from tospec.verify.settings import Settings
from tospec.verify.signing import signing_of
from tospec.verify.stubs.place import address_of, places_of
from tospec.verify.wire.client import Limits
from tospec.verify.wire.target import Target, require_allowed, target_of


def prepared(settings: Settings, spec: str) -> tuple[Target, Options]:
    """Return where to go and how to run.

    Args:
        settings: What somebody said.
        spec: Hash of the spec.

    Raises:
        UsageError: If the target must not be verified, or the settings make no sense.
    """
    _require_sense(settings)
    target = target_of(settings.url)
    require_allowed(target, allowed=settings.allowed_hosts, owned=settings.owned)
    source = _source(settings)
    seed = _seed(settings)
    _require_same(settings.earlier, spec, target, seed)
    return target, Options(
        spec=spec,
        seed=seed,
        jobs=settings.jobs,
        budget=settings.budget,
        rate=settings.rate,
        only=settings.only,
        source=source,
        read_only=settings.read_only,
        guarded=source is not None and not settings.destructive,
        session_delay=settings.session_delay,
        budgets=settings.budgets,
        keep=settings.keep,
        stubs=places_of(settings.stubs),
        hooks=address_of(settings.hooks) if settings.hooks else None,
        clock=settings.clock,
        signing=signing_of(settings.signing),
        variables=settings.variables,
        earlier=settings.earlier,
        limits=Limits(seconds=settings.timeout),
    )


def _seed(settings: Settings) -> int:
    """Return the seed: the given one, that of the run to carry on with, or one by chance."""
    if settings.seed is not None:
        return settings.seed
    return settings.earlier.seed if settings.earlier else random_seed()


def _require_same(earlier: Verification | None, spec: str, target: Target, seed: int) -> None:
    if earlier is None:
        return
    for what, before, now in (
        ("spec", earlier.spec, spec),
        ("target", earlier.target, target.url),
        ("seed", str(earlier.seed), str(seed)),
    ):
        if before != now:
            raise UsageError(
                f"The results to carry on with are of another {what}.",
                "Remove that file to begin anew, or give --resume another one.",
            )


def _source(settings: Settings) -> Source | None:
    if settings.credentials is not None:
        return FileSource(settings.credentials)
    if settings.credentials_command:
        return CommandSource(settings.credentials_command)
    return None


def _require_sense(settings: Settings) -> None:
    has_file, has_command = settings.credentials is not None, bool(settings.credentials_command)
    if has_file and has_command:
        raise UsageError("Credentials come from a file or from a command, not from both.")
    if settings.read_only and not (has_file or has_command):
        raise UsageError(
            "A run that only reads cannot sign people up.",
            "Add --credentials FILE or --credentials-command CMD.",
        )
