"""What all cases of a run share: the target, its people, what was made, what may be sent."""

import re
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Lock, local
from typing import Any, Final

from tospec.model.system import System
from tospec.verify.base import Answer, Request, Unavailable
from tospec.verify.hooks.receiver import Receiver
from tospec.verify.ledger import Ledger
from tospec.verify.moving import TargetClock
from tospec.verify.oracle.contract import code_of
from tospec.verify.people.keyring import Keyring
from tospec.verify.stubs.called import Stub
from tospec.verify.wire.admission import Admission, NotAllowedError, RateLimitedError
from tospec.verify.wire.client import Limits, Wire
from tospec.verify.wire.encoding import outgoing_of
from tospec.verify.wire.exchange import Exchange
from tospec.verify.wire.replay import Replayer
from tospec.verify.wire.secrets import Secrets
from tospec.verify.wire.target import Target

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_OVERLOADED: Final = 503
_PATIENCE: Final = 4
_LONGEST_WAIT: Final = 3.0
_TOO_MANY: Final = 429
_QUOTA: Final = "quota-exceeded"
_LOCKED: Final = "too-many-attempts"
_LONGEST_WINDOW: Final = 60.0
_SILENCES: Final = 25


@dataclass(slots=True, kw_only=True)
class World:
    """The target and everything about it; for many threads.

    Attributes:
        read_only: Whether only safe methods may be sent.
        guarded: Whether objects that were there before must be left alone.
        session_delay: Seconds after which the target must have noticed that access was lost.
        budgets: Whether to bring the situations of budgets about, and to measure in them.
        keep: Whether to leave at the target what was made.
        stubs: What stands in for services that the target asks, by the service's name.
        receiver: What receives webhooks; None if nothing does.
        clock: What tells the target the time; None if nothing does.
        signing: What signs messages of other services, by the service's name.
        went_silent: Whether the run ended because the target gave no answers any longer.
        busy: What a case that takes long is doing, how much of it is done, and how much there is.
    """

    system: System
    target: Target
    seed: int
    limits: Limits
    admission: Admission
    secrets: Secrets
    ledger: Ledger
    read_only: bool = False
    guarded: bool = False
    session_delay: float = 0.0
    budgets: bool = False
    keep: bool = False
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    receiver: Receiver | None = None
    clock: TargetClock | None = None
    signing: Mapping[str, str] = field(default_factory=dict)
    went_silent: bool = False
    busy: tuple[str, int, int] | None = None
    _keyring: Keyring | None = None
    _wires: list[Wire] = field(default_factory=list)
    _here: local = field(default_factory=local)
    _started: int = 0
    _answered: int = 0
    _silent: int = 0
    _silences: dict[int, int] = field(default_factory=dict)
    _shared: dict[Hashable, Any] = field(default_factory=dict)
    _locks: dict[Hashable, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def keyring(self) -> Keyring:
        """The people."""
        if self._keyring is None:
            raise Unavailable(
                f"{self.system.name} has no accounts of its own; give credentials by --credentials"
            )
        return self._keyring

    @property
    def has_people(self) -> bool:
        """Whether people can sign in."""
        return self._keyring is not None

    def let_in(self, keyring: Keyring) -> None:
        """Give the world its people, who may need to be made by sending."""
        self._keyring = keyring

    def sign_in_again(self) -> None:
        """Let everybody sign in again before they ask for something."""
        if self._keyring is not None:
            self._keyring.expire()

    @property
    def replayer(self) -> Replayer:
        """What writes exchanges down."""
        return Replayer(target=self.target, secrets=self.secrets, history=self.ledger.history)

    def exchange(self, request: Request, credentials: Mapping[str, str]) -> Exchange:
        """Send a request on the connection of the calling thread.

        A target that says that it is overloaded, or that it is asked too often, and when to
        come again, is asked again.

        Raises:
            RunEndedError: If no request may go out any longer.
            NotAllowedError: If this one must not.
            RateLimitedError: If the target limits how often it is asked, and does not relent.
        """
        self._require_allowed(request)
        for _ in range(_PATIENCE):
            self.admission.admit(self.ledger.owed)
            exchange = self._exchanged(self._wire(), request, credentials)
            wait = asked_to_wait(exchange.answer)
            if wait is None:
                break
            if is_limited(exchange.answer):
                self.admission.hold(wait)
            else:
                time.sleep(wait)
        return _unlimited(exchange)

    def send(self, request: Request, credentials: Mapping[str, str]) -> Answer:
        """Send a request and return its answer; see `exchange`."""
        return self.exchange(request, credentials).answer

    def alone(self, request: Request, credentials: Mapping[str, str], *, gate: Barrier) -> Exchange:
        """Send a request on a connection of its own, at the same moment as others.

        Raises:
            RunEndedError: If no request may go out any longer.
            NotAllowedError: If this one must not.
            RateLimitedError: If the target limits how often it is asked.
        """
        try:
            self._require_allowed(request)
            self.admission.admit(self.ledger.owed)
        except Unavailable:
            gate.abort()
            raise
        with self._connection() as wire:
            return _unlimited(self._exchanged(wire, request, credentials, gate=gate))

    def unrecorded(self, wire: Wire, request: Request, credentials: Mapping[str, str]) -> Answer:
        """Send a request on a connection of the caller's, and keep nothing of it.

        Raises:
            RunEndedError: If no request may go out any longer.
            NotAllowedError: If this one must not.
        """
        self._require_allowed(request)
        self.admission.admit(self.ledger.owed)
        return wire.send(outgoing_of(request, credentials))

    def clean(self, request: Request, credentials: Mapping[str, str]) -> Answer | None:
        """Send a request that cleans up; None when the budget or a silent target forbids it."""
        if self._silent >= _SILENCES or not self.admission.admit_cleaning():
            return None
        return self._exchanged(self._wire(), request, credentials).answer

    def shared[Value](self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what `make` gave for a key in this run."""
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._shared:
                self._shared[key] = make()
            value: Value = self._shared[key]
            return value

    def close(self) -> None:
        """Close all connections; to be called when no thread sends any longer."""
        for wire in self._wires:
            wire.close()
        self._wires.clear()
        self._here = local()

    def _exchanged(
        self,
        wire: Wire,
        request: Request,
        credentials: Mapping[str, str],
        *,
        gate: Barrier | None = None,
    ) -> Exchange:
        with self._lock:
            self._started += 1
            number = self._started
        answer = wire.send(outgoing_of(request, credentials), gate=gate)
        exchange = Exchange(number=number, request=request, answer=answer, credentials=credentials)
        self.secrets.learn(answer)
        if exchange.succeeded:
            self.secrets.learn_body(request.body)
        self._listen(exchange)
        return self.ledger.note(exchange)

    def _wire(self) -> Wire:
        wire: Wire | None = getattr(self._here, "wire", None)
        if wire is None:
            wire = self._here.wire = Wire(self.target, self.limits)
            with self._lock:
                self._wires.append(wire)
        return wire

    @contextmanager
    def _connection(self) -> Iterator[Wire]:
        wire = Wire(self.target, self.limits)
        try:
            yield wire
        finally:
            wire.close()

    def _require_allowed(self, request: Request) -> None:
        if request.method in SAFE_METHODS:
            return
        if self.read_only:
            raise NotAllowedError(f"{request.method} was not sent, since this run only reads")
        if self.guarded and self.ledger.is_foreign(request.path):
            message = (
                f"{request.method} {request.path} is about an object that this run did not make"
            )
            raise NotAllowedError(message)

    def was_gone(self, number: int) -> bool:
        """Return whether an exchange got no answer, nor did any that began after it ended."""
        return self._silences.get(number, -1) >= self._answered

    def _listen(self, exchange: Exchange) -> None:
        """End the run when the target has gone silent."""
        answer = exchange.answer
        with self._lock:
            if answer.status:
                self._answered = max(self._answered, exchange.number)
            else:
                self._silences[exchange.number] = self._started
            self._silent = silent = 0 if answer.status else self._silent + 1
        if silent >= _SILENCES:
            self.admission.end(f"the target gave no answer {silent} times in a row: {answer.fault}")
            self.went_silent = True


def is_limited(answer: Answer) -> bool:
    """Return whether a target says that it is asked too often.

    An account that is locked is answered by 429 as well, with what is left of a limit or not.
    """
    code = code_of(answer)
    says_so = any(name.removeprefix("x-").startswith("ratelimit") for name in answer.headers)
    return answer.status == _TOO_MANY and code != _LOCKED and (says_so or code == _QUOTA)


def _unlimited(exchange: Exchange) -> Exchange:
    if is_limited(exchange.answer):
        after = exchange.answer.headers.get("retry-after", "never")
        message = (
            f"the target limits how often it is asked (429, Retry-After: {after}); raise its "
            "limits for this run, or ask more slowly with --rate"
        )
        raise RateLimitedError(message)
    return exchange


def asked_to_wait(answer: Answer) -> float | None:
    """Return the seconds after which a target wants to be asked again, if it says so."""
    after = answer.headers.get("retry-after", "")
    if not re.fullmatch(r"[0-9]{1,6}", after):
        return None
    if answer.status == _OVERLOADED:
        return min(float(after), _LONGEST_WAIT)
    return float(after) if is_limited(answer) and float(after) <= _LONGEST_WINDOW else None
