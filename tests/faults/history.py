"""What clients asked and what they were answered, as they saw it themselves."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One request and its answer.

    Attributes:
        kind: `create`, `start`, `cancel`, `rename`, `read` or `list`.
        begun: When it was sent, in seconds since the beginning of the history.
        ended: When it was answered, or given up.
        tenant: Whose request it was.
        request_id: What log lines call it.
        key: Its `Idempotency-Key`.
        task: Which task it was about; of one that was made, from the answer.
        status: What was answered; None if nobody knows what became of it.
        version: Of the task, as the answer tells.
        retry_after: Whether the answer says when to come again.
        replayed: Whether the answer is one that was given before.
    """

    kind: str
    begun: float
    ended: float
    tenant: str
    request_id: str
    key: str | None = None
    task: str | None = None
    status: int | None = None
    version: int | None = None
    retry_after: bool = False
    replayed: bool = False

    @property
    def is_acknowledged(self) -> bool:
        """Return whether it was answered with a success."""
        return self.status in SUCCESS

    @property
    def is_refused_by_fault(self) -> bool:
        """Return whether it was not served, whatever was asked."""
        return self.status is None or self.status >= 500

    @property
    def is_write(self) -> bool:
        """Return whether it asks for a change."""
        return self.kind not in {"read", "list"}


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which something was done to the service.

    Attributes:
        may_break: Whether connections of clients may break, since what serves them was ended.
    """

    begin: float
    end: float
    may_break: bool = False


@dataclass
class History:
    """Operations, windows and events of a run, in the order in which they ended."""

    operations: list[Operation] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self._begun

    def note(self, event: str, **told: Any) -> float:
        """Write down that something happens now; return the time."""
        now = self.now()
        with self._lock:
            self.events.append({"at": round(now, 3), "event": event, **told})
        return now

    def add(self, operation: Operation) -> None:
        """Write an operation down."""
        with self._lock:
            self.operations.append(operation)

    def after(self, time_: float) -> Iterator[Operation]:
        """Yield the operations that ended after a time."""
        return (each for each in list(self.operations) if each.ended > time_)

    def write(self, path: Path) -> None:
        """Write all of it as lines of JSON."""
        windows = [{"event": "window", **asdict(each)} for each in self.windows]
        operations = [{"event": "operation", **asdict(each)} for each in self.operations]
        lines = [json.dumps(each, default=str) for each in (*self.events, *windows, *operations)]
        path.write_text("\n".join(lines) + "\n")
