"""The stage of one case: people, and a wire that records what the case sends."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from threading import Barrier
from typing import Final

from tospec.verify.base import NOTHING, Answer, Json, Person, Request
from tospec.verify.crowd import Crowd
from tospec.verify.hooks.receiver import Receiver
from tospec.verify.moving import TargetClock
from tospec.verify.stubs.called import Stub
from tospec.verify.wire.admission import NotAllowedError, RunEndedError
from tospec.verify.wire.encoding import pairs_of
from tospec.verify.wire.exchange import Exchange
from tospec.verify.world import World

MOST_AT_ONCE: Final = 64


class CaseStage:
    """What one case acts on; see `Stage`.

    Attributes:
        exchanges: What was sent and what came back, in order.
        refusal: Why a request was not let out, whatever the case made of that; None if all were.
    """

    def __init__(self, world: World, case_id: str) -> None:
        self.system = world.system
        self.random = Random(f"{world.seed}/{case_id}")  # noqa: S311 - values of tests
        self.exchanges: list[Exchange] = []
        self.refusal: RunEndedError | NotAllowedError | None = None
        self._world = world

    def person(self, role: str, *, tenant: int = 0, number: int = 0) -> Person:
        """Return somebody with a role; see `Stage`."""
        with self._noting():
            return self._world.keyring.person(role, tenant, number)

    def fresh_person(self, role: str, *, tenant: int = 0) -> Person:
        """Return somebody whom no other case uses; see `Stage`."""
        with self._noting():
            return self._world.keyring.fresh(role, tenant)

    def credentials(self, person: Person) -> Mapping[str, str]:
        """Return the headers that sign a person in; see `Stage`."""
        with self._noting():
            return self._world.keyring.headers(person)

    def account(self, person: Person) -> Mapping[str, str]:
        """Return what a person sends to sign in; see `Stage`."""
        return self._world.keyring.account(person)

    def shared[Value](self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what `make` gave for a key in this run; see `Stage`."""
        return self._world.shared(key, make)

    @property
    def session_delay(self) -> float:
        """Seconds that the target has to notice a loss of access; see `Stage`."""
        return self._world.session_delay

    @property
    def wants_budgets(self) -> bool:
        """Whether budgets are to be measured; see `Stage`."""
        return self._world.budgets

    @property
    def cleans_up(self) -> bool:
        """Whether what was made is to be removed; see `Stage`."""
        return not self._world.keep

    def stub(self, integration: str) -> Stub | None:
        """Return what stands in for a service; see `Stage`."""
        return self._world.stubs.get(integration)

    @property
    def receiver(self) -> Receiver | None:
        """What receives webhooks; see `Stage`."""
        return self._world.receiver

    @property
    def clock(self) -> TargetClock | None:
        """What tells the target the time; see `Stage`."""
        return self._world.clock

    def signing(self, integration: str) -> str | None:
        """Return what signs the messages of a service; see `Stage`."""
        return self._world.signing.get(integration)

    def apart(self, name: str) -> "CaseStage":
        """Return a stage whose exchanges are no part of this case; see `Stage`."""
        return CaseStage(self._world, name)

    def crowd(self, people: Sequence[Person]) -> Crowd:
        """Return people who ask at once; see `Stage`."""
        return Crowd(self._world, people)

    def busy(self, what: str, done: int, total: int) -> None:
        """Tell what takes so long; see `Stage`."""
        self._world.busy = (what, done, total) if what else None

    def leave(self, many: int, what: str) -> None:
        """Take down what was made outside of the record, and stays; see `Stage`."""
        self._world.ledger.leave(many, what)

    def send(
        self,
        person: Person | None,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        body: Json | bytes = NOTHING,
    ) -> Answer:
        """Send a request and record it; see `Stage`."""
        request = Request(
            method=method,
            path=path,
            query=pairs_of(query),
            headers=pairs_of(headers),
            body=body,
            person=person,
        )
        with self._noting():
            exchange = self._world.exchange(request, self._headers(person))
        self.exchanges.append(exchange)
        return exchange.answer

    def race(self, requests: Sequence[Request]) -> list[Answer]:
        """Send requests at the same moment, each on its own connection; see `Stage`.

        Raises:
            ValueError: If they are none, or more than 64.
        """
        if not 0 < len(requests) <= MOST_AT_ONCE:
            message = f"a race has 1 to {MOST_AT_ONCE} requests, not {len(requests)}"
            raise ValueError(message)
        credentials = [self._headers(request.person) for request in requests]
        gate = Barrier(len(requests))
        with self._noting(), ThreadPoolExecutor(len(requests)) as pool:
            pairs = zip(requests, credentials, strict=True)
            racing = [pool.submit(self._world.alone, r, h, gate=gate) for r, h in pairs]
            exchanges = [each.result() for each in racing]
        group = exchanges[0].number
        self.exchanges += [replace(exchange, group=group) for exchange in exchanges]
        return [exchange.answer for exchange in exchanges]

    def _headers(self, person: Person | None) -> Mapping[str, str]:
        return {} if person is None else self.credentials(person)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except (RunEndedError, NotAllowedError) as refusal:
            self.refusal = refusal
            raise
