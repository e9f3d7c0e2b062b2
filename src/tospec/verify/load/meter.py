"""Whether those who ask have a machine to ask from: CPU that they take, and CPU that they get."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

SATURATED: Final = 0.6
"""Share of a core above which asking may be what is slow."""
_SWITCHING: Final = 0.001
"""Seconds after which a thread gives way to others; an answer waits no longer to be noticed."""
_NAP: Final = 0.01
_RARE: Final = 0.95


@dataclass(slots=True)
class Meter:
    """What was measured of this process while it asked.

    Attributes:
        share: Share of a core that it took.
        late: Milliseconds within which 95 of 100 naps ended that should have ended at once: an
            answer may have waited as long to be noticed, and the target for its own turn.
    """

    share: float = 0.0
    late: float = 0.0

    def doubt(self, limit: int) -> str:
        """Return why nothing is known of answers within so many milliseconds; empty if it is."""
        if self.share > SATURATED:
            return f"the load generator takes {100 * self.share:.0f} % of a core"
        if self.late > limit / 4:
            return f"this machine is too busy: it wakes up {self.late:.0f} ms late"
        return ""


@contextmanager
def metered() -> Iterator[Meter]:
    """Give threads short turns and measure meanwhile; what was measured is known at the end."""
    meter, ended, naps = Meter(), Event(), [0.0]
    watch = Thread(target=_nap, args=(ended, naps), daemon=True)
    switching = sys.getswitchinterval()
    began, spent = time.monotonic(), time.process_time()
    sys.setswitchinterval(_SWITCHING)
    watch.start()
    try:
        yield meter
    finally:
        meter.share = (time.process_time() - spent) / max(time.monotonic() - began, 0.001)
        sys.setswitchinterval(switching)
        ended.set()
        watch.join()
        meter.late = 1000 * sorted(naps)[int(_RARE * (len(naps) - 1))]


def _nap(ended: Event, naps: list[float]) -> None:
    """Note by how much each of many naps is longer than it should be."""
    while not ended.is_set():
        began = time.monotonic()
        time.sleep(_NAP)
        naps.append(time.monotonic() - began - _NAP)
