"""TS1406."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1406", Domain.INTEGRATIONS, Blocker.CONTRADICTION)
def call_without_use(system: System) -> Iterator[Finding]:
    """A service can be asked for something, and nothing asks for it.

    Why:
        Somebody provides the service, and nothing comes of it.

    Fix:
        Ask for it in a job, with `call`, or remove it.
    """
    asked = {(job.ask.integration, job.ask.call) for job in system.jobs if job.ask}
    for integration in system.integrations:
        for call in integration.calls:
            if (integration.name, call.name) not in asked:
                name = f"{integration.name}.{call.name}"
                yield Finding(
                    subject=name,
                    span=call.span,
                    problem=f"No job asks for {name}.",
                    questions=(f"What asks for {name}?",),
                    options=(f"a job with `call: {name}`", "remove the call"),
                    impact="The service would never be asked for it.",
                )
