"""Looking at many things side by side, none of which can hang or break the others."""

import threading
import time
from collections.abc import Sequence
from typing import Final

from tospec.doctor.base import Probe, Seen, missing
from tospec.errors import TospecError

SECONDS: Final = 5.0
"""How long a look may take."""
PATIENCE: Final = SECONDS - 1
"""How long a program or a server that a look asks may take."""


def looked(probes: Sequence[Probe], seconds: float = SECONDS) -> dict[str, Seen]:
    """Return what each probe saw, by name in the order of the probes.

    Args:
        probes: What to look at, each in a thread of its own.
        seconds: How long all of it may take; what has no answer by then is missing.
    """
    seen: dict[str, Seen] = {}
    # Daemons, because a name server that does not answer must not keep the process alive.
    threads = [threading.Thread(target=_look, args=(p, seen), daemon=True) for p in probes]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
    late = missing(f"There was no answer within {seconds:g} s.", "Try again on an idle machine.")
    return {probe.name: seen.get(probe.name, late) for probe in probes}


def _look(probe: Probe, seen: dict[str, Seen]) -> None:
    try:
        seen[probe.name] = probe.look()
    except TospecError as fault:
        seen[probe.name] = missing(fault.message, fault.help)
    except OSError as fault:
        seen[probe.name] = missing(f"{fault.strerror or fault}: {fault.filename or '?'}", "")
    except Exception as fault:
        # A look that breaks is one more thing to tell; the others still help.
        said = f"tospec has a bug here: {type(fault).__name__}"
        seen[probe.name] = missing(said, "Please report it.")
