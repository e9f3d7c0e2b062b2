"""People: from the sign-up flow of a real backend, from a file, from a command."""

import json
import stat
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.verify.hostile import responding
from tospec.errors import UsageError
from tospec.model.system import System
from tospec.verify.base import Answer, Person, Request, Unavailable
from tospec.verify.people.given import CommandSource, FileSource
from tospec.verify.people.keyring import Keyring
from tospec.verify.people.sign_up import SignUpSource
from tospec.verify.people.source import Grant, person_name
from tospec.verify.run import Options, world_of
from tospec.verify.wire.secrets import Secrets
from tospec.verify.wire.target import target_of
from tospec.verify.world import World

_ME = Request(method="GET", path="/v1/me")


@pytest.fixture
def world(taskhub_url: str, system: System) -> Iterator[World]:
    """A run against the example."""
    found = world_of(system, target_of(taskhub_url), Options())
    yield found
    found.close()


def _me(world: World, person: Person) -> dict[str, dict[str, str]]:
    answer = world.send(_ME, world.keyring.headers(person))
    assert answer.status == 200, answer
    told: dict[str, dict[str, str]] = answer.json
    return told


def test_everybody_signs_up_once_in_two_tenants(world: World, system: System) -> None:
    tenants: dict[int, set[str | None]] = {0: set(), 1: set()}
    for role in system.roles:
        for tenant in (0, 1):
            person = world.keyring.person(role, tenant, 0)
            told = _me(world, person)
            assert (told["user"]["role"], told["user"]["id"]) == (role, person.user_id)
            assert told["tenant"]["id"] == person.tenant_id
            tenants[tenant].add(person.tenant_id)
    assert len(tenants[0]) == len(tenants[1]) == len(tenants[0] | tenants[1]) - 1 == 1
    sent = world.admission.sent
    assert world.keyring.person("member", 0, 0) == world.keyring.person("member", 0, 0)
    assert world.admission.sent == sent


def test_people_of_a_role_differ_by_number_and_fresh_ones_from_all(world: World) -> None:
    found = [world.keyring.person("member", 0, number) for number in (0, 1)]
    found += [world.keyring.fresh("member", 0) for _ in range(2)]
    assert len({person.user_id for person in found}) == 4
    assert len({person.name for person in found}) == 4
    assert {person.tenant_id for person in found} == {found[0].tenant_id}


def test_many_threads_get_the_same_people(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: world.keyring.person("viewer", 1, 0), range(16)))
    assert len(set(found)) == 1


class _Hasty(SignUpSource):
    """A source whose tokens are thought to last for a moment only."""

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        return replace(super().grant(role, tenant, number), lifetime=0.01)


def test_tokens_are_renewed_before_they_expire(world: World, system: System) -> None:
    assert system.auth is not None
    source = _Hasty(system, system.auth, world.send, world.secrets)
    world.let_in(Keyring(source, world.secrets))
    person = world.keyring.person("member", 0, 0)
    time.sleep(0.02)
    renewed = world.keyring.headers(person)
    sent = world.admission.sent
    assert _me(world, person)["user"]["id"] == person.user_id
    assert world.keyring.headers(person) == renewed
    assert world.admission.sent == sent + 1
    before = source.grant("member", 0, 5)
    spent = replace(before, renewal="no-longer-valid")
    assert source.renew(spent).headers["authorization"].startswith("Bearer eyJ")


def test_passwords_are_known_for_cases_about_signing_in(world: World) -> None:
    person = world.keyring.fresh("member", 0)
    account = world.keyring.account(person)
    request = Request(method="POST", path="/v1/auth/sign-in", body=dict(account))
    assert world.send(request, {}).status == 200
    assert world.secrets.masked(account["password"]).startswith("$")
    assert len(account["password"]) >= 12


def test_a_role_that_does_not_exist_is_unavailable_at_once_the_second_time(world: World) -> None:
    with pytest.raises(Unavailable, match="InviteUser was answered by 422"):
        world.keyring.person("emperor", 0, 0)
    sent = world.admission.sent
    with pytest.raises(Unavailable, match="InviteUser was answered by 422"):
        world.keyring.person("emperor", 0, 0)
    assert world.admission.sent == sent


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        ("404 No", b"{}", "SignUp was answered by 404"),
        ("201 Yes", b"{}", "signing owner-1@tenant-a in gave no access_token"),
        ("201 Yes", b"[]", "signing owner-1@tenant-a in gave 201 without a JSON object"),
        ("201 Yes", b'{"access_token": 5}', "gave no access_token"),
    ],
)
def test_a_target_without_accounts_gives_reasons(
    system: System, status: str, body: bytes, said: str
) -> None:
    with responding(lambda _: (status, body)) as target:
        world = world_of(system, target_of(target.url), Options())
        with pytest.raises(Unavailable, match=said):
            world.keyring.person("owner", 0, 0)
        world.close()


def test_an_invitation_without_a_token_is_said(system: System) -> None:
    with responding(lambda _: ("201 Yes", b'{"access_token": "some-token"}')) as target:
        world = world_of(system, target_of(target.url), Options())
        assert world.keyring.person("owner", 0, 0).role == "owner"
        with pytest.raises(Unavailable, match=r"InviteUser holds no token.*--credentials"):
            world.keyring.person("member", 0, 0)
        world.close()


@pytest.mark.parametrize(
    ("status", "times"),
    [
        ("429 Slow\r\nretry-after: 0", 3),
        ("429 Slow\r\nretry-after: 3600", 1),
        ("429 Slow\r\nretry-after: soon", 1),
        ("429 Slow", 1),
        ("503 Off\r\nretry-after: 0", 4),
        ("503 Off", 1),
    ],
)
def test_signing_up_tries_again_when_it_is_told_to(system: System, status: str, times: int) -> None:
    with responding(lambda _: (status, b"{}")) as target:
        world = world_of(system, target_of(target.url), Options())
        with pytest.raises(Unavailable, match=status[:3]):
            world.keyring.person("owner", 0, 0)
        world.close()
        assert len(target.received) == times


def test_a_file_gives_credentials_by_role_tenant_and_number(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        "member: {a: [first-token, {X-Key: second}], b: third-token}\n"
        "owner: {a: {X-Key: fourth}}\n",
        encoding="utf-8",
    )
    source = FileSource(file)
    assert source.grant("member", 0, 0).headers == {"authorization": "Bearer first-token"}
    assert source.grant("member", 0, 1).headers == {"x-key": "second"}
    assert source.grant("member", 1, 0).headers == {"authorization": "Bearer third-token"}
    assert source.grant("owner", 0, 0).person.name == "owner-1@tenant-a"
    for missing in (("member", 0, 2), ("viewer", 0, 0), ("owner", 1, 0)):
        with pytest.raises(Unavailable, match="has no credentials for"):
            source.grant(*missing)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "member: token",
        "member: {c: token}",
        "member: {a: 5}",
        "member: {a: {X-Key: 5}}",
        "member: {a: ''}",
        'member: {a: "x\\r\\ny: z"}',
        "member: {a: {}}",
        "member: {a: [[canary]]}",
        "{member: {a: canary",
        "!!python/object/apply:os.system [canary]",
        "\0",
    ],
)
def test_a_file_that_holds_no_credentials_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        FileSource(file)
    said = refusal.value.message + refusal.value.help
    assert str(file) in said
    assert "canary" not in said
    file.write_text('{"member": {"a": "token"}}', encoding="utf-8")
    assert FileSource(file).grant("member", 0, 0)


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        FileSource(tmp_path / "missing")


def _command(tmp_path: Path, code: str) -> str:
    program = tmp_path / "give credentials.py"
    program.write_text(f"#!{sys.executable}\nimport sys, json\n{code}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return f"'{program}' extra"


def test_a_command_gives_credentials(tmp_path: Path) -> None:
    source = CommandSource(_command(tmp_path, "print('-'.join(sys.argv[1:]))"))
    grant = source.grant("member", 1, 3)
    assert grant.headers == {"authorization": "Bearer extra-member-b-3"}
    assert source.renew(grant).headers == grant.headers
    headers = CommandSource(_command(tmp_path, "print(json.dumps({'X-Key': 'k'}))"))
    assert headers.grant("member", 0, 0).headers == {"x-key": "k"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit('canary')", "ended with 1 for member-1@tenant-a"),
        ("pass", "printed no token"),
        ("print('{broken canary')", "printed no token"),
        ("print('{\"a\": 1}')", "printed no token"),
        ("print('canary\\ntwo lines')", "printed no token"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe')", "failed for member-1@tenant-a: Unicode"),
    ],
)
def test_a_command_that_gives_none_says_why(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(Unavailable, match=said) as refusal:
        CommandSource(_command(tmp_path, code)).grant("member", 0, 0)
    assert "canary" not in str(refusal.value)


def test_a_command_that_does_not_exist_says_so() -> None:
    with pytest.raises(Unavailable, match="No such file"):
        CommandSource("/nowhere/at-all").grant("member", 0, 0)
    for command in ("", "'unclosed"):
        with pytest.raises(UsageError):
            CommandSource(command)


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    command = _command(tmp_path, "print(len(sys.argv))")
    grant = CommandSource(f"{command} ; touch {tmp_path}/made $(id)").grant("member", 0, 0)
    assert grant.headers == {"authorization": "Bearer 9"}
    assert not (tmp_path / "made").exists()


def test_given_people_learn_their_ids_from_the_target(system: System, tmp_path: Path) -> None:
    me = json.dumps({"user": {"id": "u-1"}, "tenant": {"id": "t-1"}}).encode()
    with responding(lambda _: ("200 OK", me)) as target:
        source = CommandSource(_command(tmp_path, "print('token-' + sys.argv[2])"))
        world = world_of(system, target_of(target.url), Options(source=source))
        person = world.keyring.person("member", 0, 0)
        world.close()
        assert (person.user_id, person.tenant_id) == ("u-1", "t-1")
        assert b"authorization: Bearer token-member" in target.received[0]


@dataclass
class _Slow:
    """A source that takes its time, and counts."""

    granted: list[tuple[str, int, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        with self.lock:
            self.granted.append((role, tenant, number))
        time.sleep(0.05)
        name = person_name(role, tenant, number)
        person = Person(name=name, role=role, tenant=tenant, number=number)
        return Grant(person=person, headers={"x-key": f"key-of-{name}"}, lifetime=0.1)

    def renew(self, grant: Grant) -> Grant:
        return replace(grant, headers={"x-key": f"{grant.headers['x-key']}+"})

    def account(self, person: Person) -> dict[str, str]:
        raise Unavailable(person.name)


def test_the_keyring_asks_once_and_side_by_side() -> None:
    source = _Slow()
    keyring = Keyring(source, Secrets())
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: keyring.person("member", 0, n % 4), range(16)))
    assert sorted(source.granted) == [("member", 0, n) for n in range(4)]
    assert time.monotonic() - began < 4 * 0.05 * 4
    assert [person.number for person in keyring.people()] == [0, 1, 2, 3]


def test_the_keyring_renews_what_is_about_to_expire() -> None:
    keyring = Keyring(_Slow(), Secrets())
    person = keyring.person("member", 0, 0)
    assert keyring.headers(person) == {"x-key": "key-of-member-1@tenant-a"}
    time.sleep(0.08)
    assert keyring.headers(person) == {"x-key": "key-of-member-1@tenant-a+"}


def test_the_keyring_makes_every_credential_a_secret() -> None:
    secrets = Secrets()
    keyring = Keyring(_Slow(), secrets)
    keyring.person("member", 0, 0)
    masked = secrets.masked("x-key: key-of-member-1@tenant-a")
    assert masked == "x-key: $MEMBER_1_TENANT_A_X_KEY"


def test_a_stranger_has_no_credentials() -> None:
    keyring = Keyring(_Slow(), Secrets())
    person = keyring.person("member", 0, 0)
    with pytest.raises(Unavailable, match="has no credentials"):
        keyring.headers(replace(person, number=7))
    assert keyring.headers(person)


def test_everybody_signs_in_again_when_they_are_told_to(world: World) -> None:
    ada = world.keyring.person("admin", 0, 0)
    before = world.keyring.headers(ada)
    assert world.keyring.headers(ada) == before
    world.sign_in_again()
    assert world.keyring.headers(ada) != before
    assert _me(world, ada)["user"]["id"] == ada.user_id


def test_a_founder_whose_credentials_have_expired_can_still_invite(
    world: World, system: System
) -> None:
    assert system.auth is not None
    seen: list[str] = []

    def send(request: Request, headers: Mapping[str, str]) -> Answer:
        seen.append(request.path)
        is_first = request.path == "/v1/invitations" and seen.count(request.path) == 2
        old = {"authorization": "Bearer of-yesterday"} if is_first else headers
        return world.send(request, old)

    source = SignUpSource(system, system.auth, send, world.secrets)
    for number in (1, 2, 3):
        assert source.grant("member", 0, number).person.user_id
    assert seen.count("/v1/invitations") == 4
