"""Identifiers, inputs, versions, lifecycles, signatures, dispatch."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.problems import Problems
from app.authorization.actor import Actor
from app.authorization.dispatch import Dispatcher, Message, PublicMessage
from app.authorization.permissions import FOUNDER, MANAGE_USERS, ROLE_PERMISSIONS, Role
from app.core.context import WorkContext, entered
from app.core.errors import (
    AppError,
    FieldError,
    InvalidTransitionError,
    MalformedJsonError,
    PermissionDeniedError,
    PreconditionFailedError,
    SerializationError,
    ServiceUnavailableError,
    ValidationError,
)
from app.core.ids import TenantId, UserId, new_id, new_request_id
from app.core.inputs import Payload
from app.core.jsonio import check_json
from app.core.lifecycle import Transition, allowed, target_of
from app.core.preconditions import NO_PRECONDITION, Precondition, entity_tag
from app.security.signing import InvalidSignatureError, Signer


@dataclass(frozen=True)
class Thing:
    id: UUID
    version: int


class State(StrEnum):
    OPEN = "open"
    DONE = "done"


class TestIds:
    def test_version_order_and_difference(self) -> None:
        first = new_id()
        time.sleep(0.002)
        many = [new_id() for _ in range(1000)]
        assert {each.version for each in many} == {7}
        assert {each.variant for each in many} == {"specified in RFC 4122"}
        assert len(set(many)) == 1000
        assert all(first < each for each in many)
        assert many == sorted(many)
        assert all(later.int - one.int > 1 for one, later in pairwise(many))
        assert abs((many[0].int >> 80) / 1000 - time.time()) < 5

    def test_requests_have_random_ones(self) -> None:
        many = [UUID(each) for each in (new_request_id() for _ in range(1000))]
        assert {each.version for each in many} == {4}
        assert {each.variant for each in many} == {"specified in RFC 4122"}
        assert len(set(many)) == 1000
        assert len({str(each)[0] for each in many}) == 16
        assert {str(each)[19] for each in many} == set("89ab")

    def test_two_processes_do_not_draw_the_same(self) -> None:
        forked = (
            "import os; from app.core.ids import new_id; new_id(); os.fork();"
            "os.write(1, b'%d\\n' % (new_id().int & (1 << 62) - 1))"
        )
        told = subprocess.run([sys.executable, "-c", forked], capture_output=True, check=True)
        assert len(set(told.stdout.split())) == 2


class TestPayload:
    def test_faults_wait(self) -> None:
        fault = MalformedJsonError()
        assert Payload.of(5).value == 5
        assert Payload.of(None).value is None
        payload: Payload[int] = Payload.failed(fault)
        with pytest.raises(MalformedJsonError):
            _ = payload.value


class TestPreconditions:
    def test_tags(self) -> None:
        one, two = Thing(new_id(), 1), Thing(new_id(), 1)
        later = Thing(one.id, 2)
        tags = {entity_tag(each) for each in (one, two, later)}
        assert len(tags) == 3
        assert entity_tag(one) == entity_tag(Thing(one.id, 1))
        assert all(tag[0] == tag[-1] == '"' for tag in tags)
        NO_PRECONDITION.check(one)
        Precondition(tags=frozenset({entity_tag(one)})).check(one)
        with pytest.raises(PreconditionFailedError):
            Precondition(tags=frozenset({entity_tag(one)})).check(later)


class TestLifecycle:
    def test_edges(self) -> None:
        edges = {"finish": Transition(sources=frozenset({State.OPEN}), target=State.DONE)}
        assert allowed(edges, State.OPEN) == ["finish"]
        assert target_of(edges, "finish", State.OPEN) is State.DONE
        with pytest.raises(InvalidTransitionError) as raised:
            target_of(edges, "finish", State.DONE)
        assert raised.value.extensions["state"] == "done"
        assert raised.value.extensions["allowed"] == []


class TestSigning:
    @given(st.binary(max_size=200), st.binary(max_size=50))
    def test_what_was_signed_comes_back(self, payload: bytes, context: bytes) -> None:
        signer = Signer(b"k" * 32, purpose="p")
        signed = signer.sign(payload, context=context)
        assert signer.verify(signed, context=context) == payload
        for other in (Signer(b"x" * 32, purpose="p"), Signer(b"k" * 32, purpose="q")):
            with pytest.raises(InvalidSignatureError):
                other.verify(signed, context=context)
        with pytest.raises(InvalidSignatureError):
            signer.verify(signed, context=context + b"x")

    def test_every_change_is_seen(self) -> None:
        signer = Signer(b"k" * 32, purpose="p")
        signed = signer.sign(b"payload", context=b"")
        for index in range(len(signed)):
            for letter in "A_é":
                changed = signed[:index] + letter + signed[index + 1 :]
                if changed != signed:
                    with pytest.raises(InvalidSignatureError):
                        signer.verify(changed, context=b"")
        for text in ("", "x", "====", signed + "=", signed + "A", "\ud800", "é"):
            with pytest.raises(InvalidSignatureError):
                signer.verify(text, context=b"")


class TestJson:
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(st.text(st.characters()), inner, max_size=4)
            ),
            max_leaves=20,
        )
    )
    def test_python_and_we_agree(self, value: object) -> None:
        body = json.dumps(value).encode()
        raw = json.dumps(value, ensure_ascii=False)
        suspect = "\0" in "".join(_texts(value)) or not _encodes(raw)
        if suspect:
            with pytest.raises(MalformedJsonError):
                check_json(body)
        else:
            check_json(body)
            check_json(raw.encode())

    @given(st.binary(max_size=300))
    def test_any_bytes_are_judged(self, body: bytes) -> None:
        try:
            check_json(body)
        except MalformedJsonError:
            return
        assert json.dumps(json.loads(body.decode("utf-8")))


class TestProblems:
    @given(
        st.dictionaries(
            st.text(st.characters()),
            st.recursive(
                st.none() | st.floats() | st.integers() | st.text(st.characters()) | st.binary(),
                lambda inner: (
                    st.lists(inner, max_size=4) | st.dictionaries(st.integers(), inner, max_size=4)
                ),
                max_leaves=10,
            ),
            max_size=3,
        ),
        st.text(st.characters()),
    )
    def test_the_renderer_is_total(self, extensions: dict[str, object], detail: str) -> None:
        error = ValidationError([FieldError(pointer=detail, code=detail, detail=detail)])
        error.extensions = extensions
        with entered(WorkContext()):
            response = Problems("https://x").response(error)
        assert response.status_code == 422
        body = json.loads(bytes(response.body).decode("utf-8"))
        assert body["status"] == 422
        assert len(response.body) <= 64 * 1024

    def test_extremes(self) -> None:
        deep: list[object] = []
        for _ in range(5000):
            deep = [deep]
        for value in (10**5000, float("nan"), deep, b"\xff", object(), {1: deep}, "\ud800"):
            response = Problems("https://x").response(AppError("d", member=value))
            assert response.status_code == 500
            json.loads(bytes(response.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Message[int]):
    permission: ClassVar = MANAGE_USERS
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock(PublicMessage[int]):
    number: int = 1


def actor(role: Role) -> Actor:
    return Actor(user_id=UserId(new_id()), tenant_id=TenantId(new_id()), role=role)


class TestDispatch:
    async def test_the_role_is_asked_before_the_handler(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dispatch = Dispatcher()
        seen: list[int] = []

        async def handle(message: Ask, *, actor: Actor) -> int:
            seen.append(message.number)
            return message.number

        dispatch.register(Ask, handle)
        assert await dispatch(Ask(number=2), actor=actor(FOUNDER)) == 2
        rest = ROLE_PERMISSIONS[FOUNDER] - {MANAGE_USERS}
        monkeypatch.setattr("app.authorization.actor.ROLE_PERMISSIONS", {FOUNDER: rest})
        with pytest.raises(PermissionDeniedError):
            await dispatch(Ask(number=1), actor=actor(FOUNDER))
        assert seen == [2]

    async def test_one_handler_for_a_message_and_a_permission_for_each(self) -> None:
        dispatch = Dispatcher()

        class Silent(Message[int]):
            pass

        async def handle(message: Message[int], *, actor: Actor) -> int:
            return 1

        dispatch.register(Ask, handle)
        for message in (Ask, Silent):
            with pytest.raises(ValueError, match=message.__name__):
                dispatch.register(message, handle)

    @pytest.mark.parametrize(("failures", "runs"), [(0, 1), (1, 2), (3, 4), (4, 4)])
    async def test_conflicts_are_run_again_three_times(self, failures: int, runs: int) -> None:
        dispatch = Dispatcher()
        count = 0

        async def handle(message: Knock) -> int:
            nonlocal count
            count += 1
            if count <= failures:
                raise SerializationError
            return count

        dispatch.register_public(Knock, handle)
        if failures < 4:
            assert await dispatch.public(Knock()) == runs
        else:
            with pytest.raises(ServiceUnavailableError):
                await dispatch.public(Knock())
        assert count == runs

    async def test_other_refusals_are_not(self) -> None:
        dispatch = Dispatcher()
        count = 0

        async def handle(message: Knock) -> int:
            nonlocal count
            count += 1
            raise ServiceUnavailableError

        dispatch.register_public(Knock, handle)
        with pytest.raises(ServiceUnavailableError):
            await dispatch.public(Knock())
        assert count == 1


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
