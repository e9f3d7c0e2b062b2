"""Messages of other services are believed if they are signed, lately, and count once.

What is sent is about rows that nothing has, so that nothing comes of it. The control is a message
that is signed as it has to be, for which the verifier needs what signs (`--signing`).
"""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tospec.model import FieldType, Integration, Message, Sending, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.oracle.values import ordinary
from tospec.verify.probes.judging import Trial, skipped
from tospec.verify.probes.routes import random_id
from tospec.verify.probes.topics import Kind, Topic, place
from tospec.verify.signing import key_of

NAME: Final = "messages"
_REFERENCE: Final = "Standard Webhooks"
_REFUSED: Final = frozenset({400, 401})
_TAKEN: Final = range(200, 300)
_MARGIN: Final = 300
_FIXED: Final = {FieldType.DATE: "2030-01-31", FieldType.TIMESTAMP: "2030-01-31T12:00:00Z"}


@dataclass(frozen=True, slots=True)
class _Said:
    """A message with its head."""

    stage: Stage
    sends: Sending
    id: str
    at: int
    body: bytes

    def signed(self, key: bytes) -> Mapping[str, str]:
        """Return the head of the message, signed with a key."""
        content = f"{self.id}.{self.at}.".encode() + self.body
        tag = b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        return {
            "content-type": "application/json",
            "webhook-id": self.id,
            "webhook-timestamp": str(self.at),
            "webhook-signature": f"v1,{tag}",
        }

    def send(self, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send it with a head of any kind; `body` in place of its own."""
        sent = self.body if body is None else body
        return self.stage.send(None, "POST", self.sends.path, headers=headers, body=sent)


type _Judge = Callable[[Trial, "_Sender", bytes], None]


@dataclass(frozen=True, slots=True)
class _Sender:
    """What a service would send."""

    stage: Stage
    integration: Integration
    sends: Sending

    def message(self, *, late: int = 0) -> _Said:
        """Return a message about a row that nothing has, signed so many seconds late."""
        message = self.sends.messages[0]
        data = dict(_data(self.stage, message))
        body = json.dumps({"type": message.type, "data": data}).encode()
        id_ = f"verify_{random_id(self.stage.random)}"
        return _Said(self.stage, self.sends, id_, int(time.time()) + late, body)

    def control(self, trial: Trial, key: bytes) -> None:
        """Send a message that has to be taken."""
        said = self.message()
        answer = said.send(said.signed(key))
        trial.control("a message that is signed", answer, works=answer.status in _TAKEN)


def _planned(system: System) -> Iterator[PlannedCase]:
    for each in system.senders:
        if each.sends and any(message.about for message in each.sends.messages):
            yield from _of_sender(each, each.sends)


def _of_sender(integration: Integration, sends: Sending) -> Iterator[PlannedCase]:
    topic = Topic(
        kind=NAME,
        label=integration.name,
        element=f"integration {integration.name}",
        reference=place(sends.span),
        requirements=integration.requirements,
    )
    for variant, rule, judge in _CASES:
        yield topic.case(variant, rule, _run(integration, sends, judge), reference=_REFERENCE)


def _run(integration: Integration, sends: Sending, judge: _Judge) -> Callable[[Stage], Judgement]:
    def run(stage: Stage) -> Judgement:
        secret = stage.signing(integration.name)
        if secret is None:
            reason = f"No --signing {integration.name}=FILE was given, with what {sends.secret} is."
            return skipped("", reason)
        trial = Trial("401 or 400 for what is not proven, 2xx for what is")
        sender, key = _Sender(stage, integration, sends), key_of(secret)
        sender.control(trial, key)
        judge(trial, sender, key)
        return trial.judgement()

    return run


def _refuse(trial: Trial, what: str, answer: Answer) -> None:
    trial.need(what, holds=answer.status in _REFUSED, got=str(answer.status))


def _unsigned(trial: Trial, sender: _Sender, key: bytes) -> None:
    said = sender.message()
    for missing in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        headers = {name: value for name, value in said.signed(key).items() if name != missing}
        _refuse(trial, f"without {missing}", said.send(headers))


def _forged(trial: Trial, sender: _Sender, key: bytes) -> None:
    said, other = sender.message(), sender.message()
    wrong = hashlib.sha256(key).digest()
    _refuse(trial, "signed by somebody else", said.send(said.signed(wrong)))
    _refuse(trial, "with another body", said.send(said.signed(key), other.body))
    _refuse(trial, "with another id", said.send({**said.signed(key), "webhook-id": other.id}))
    unsigned = {**said.signed(key), "webhook-signature": "v1,"}
    _refuse(trial, "with an empty signature", said.send(unsigned))


def _stale(trial: Trial, sender: _Sender, key: bytes) -> None:
    for late in (-1, 1):
        said = sender.message(late=late * (sender.sends.tolerance + _MARGIN))
        what = "long after it was signed" if late < 0 else "long before it was signed"
        _refuse(trial, what, said.send(said.signed(key)))


def _repeated(trial: Trial, sender: _Sender, key: bytes) -> None:
    said = sender.message()
    for time_ in ("the first time", "the second time"):
        answer = said.send(said.signed(key))
        trial.need(time_, holds=answer.status in _TAKEN, got=str(answer.status))


def _unknown(trial: Trial, sender: _Sender, key: bytes) -> None:
    said = sender.message()
    body = json.dumps({"type": f"verify.{random_id(sender.stage.random)}", "data": {}}).encode()
    other = _Said(said.stage, said.sends, said.id, said.at, body)
    answer = other.send(other.signed(key))
    is_taken = answer.status in _TAKEN
    is_refused = answer.status // 100 == 4
    wanted = is_refused if sender.sends.unknown == "refuse" else is_taken
    trial.need("of another type", holds=wanted, got=str(answer.status))


def _broken(trial: Trial, sender: _Sender, key: bytes) -> None:
    for body in (b"{", b"[]", b"{}", b"\xff", b'{"type": 7}'):
        said = sender.message()
        broken = _Said(said.stage, said.sends, said.id, said.at, body)
        answer = broken.send(broken.signed(key))
        trial.need(f"{body!r}", holds=answer.status // 100 == 4, got=str(answer.status))


def _data(stage: Stage, message: Message) -> Iterator[tuple[str, object]]:
    """Yield what a message tells at the least, and a row that nothing has."""
    entity = stage.system.entity(message.of)
    if message.about:
        yield message.about.name, random_id(stage.random)
    for each in message.data:
        if each.type is FieldType.UUID:
            yield each.name, random_id(stage.random)
        elif not each.optional:
            yield each.name, _FIXED.get(each.type) or ordinary(entity, each, stage.random)


_CASES: Final = (
    ("unsigned", "A message without its proof is refused.", _unsigned),
    ("forged", "A message that its sender has not signed as it is, is refused.", _forged),
    ("stale", "A message of another time is refused.", _stale),
    ("repeated", "A message that comes again is acknowledged.", _repeated),
    ("unknown", "A message of another type is answered as the spec says.", _unknown),
    ("broken", "A message that cannot be read is refused.", _broken),
)
KIND: Final = Kind(NAME, _planned)
