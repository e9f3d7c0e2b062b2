"""Replays and masking: lines that a shell takes word for word, and that give no secret away."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify.hostile import responding
from tospec.verify.base import NOTHING, Answer, Json, Person, Request
from tospec.verify.wire.exchange import Exchange
from tospec.verify.wire.replay import Replayer
from tospec.verify.wire.secrets import HIDDEN, Secrets, placeholder_name
from tospec.verify.wire.shell import bytes_expression, one_line, quoted
from tospec.verify.wire.target import target_of

TOKEN: Final = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"  # noqa: S105 - made up
MEMBER: Final = Person(name="member-1@tenant-a", role="member", tenant=0, number=0)
HEADERS: Final = {"authorization": f"Bearer {TOKEN}"}


def _secrets() -> Secrets:
    secrets = Secrets()
    secrets.add(HEADERS["authorization"], MEMBER.name)
    secrets.add(TOKEN, f"{MEMBER.name}-token")
    return secrets


def _answer(body: bytes = b"{}", status: int = 200, json: Json = NOTHING) -> Answer:
    return Answer(status=status, headers={}, body=body, json=json, seconds=0.0)


def _exchange(
    request: Request,
    *,
    number: int = 1,
    answer: Answer | None = None,
    credentials: Mapping[str, str] = HEADERS,
    **more: object,
) -> Exchange:
    return Exchange(
        number=number,
        request=request,
        answer=answer or _answer(),
        credentials=credentials if request.person else {},
        **more,  # type: ignore[arg-type]  # the fields of an exchange
    )


def _lines(
    *exchanges: Exchange, before: Sequence[Exchange] = (), url: str = "http://127.0.0.1:1"
) -> tuple[str, ...]:
    known = {each.id: [each] for each in before}

    def history(id_: str, before: int) -> Sequence[Exchange]:
        return [each for each in known.get(id_, ()) if each.number < before]

    replayer = Replayer(target=target_of(url), secrets=_secrets(), history=history)
    return replayer.replay(exchanges).lines


def _bash(script: str, **variables: str) -> bytes:
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        timeout=20,
        check=True,
    )
    return done.stdout


def _words(line: str, **variables: str) -> list[str]:
    """Return the words that curl would be called with, and then what it would read."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{line}"
    return _bash(script, **variables).decode("utf-8", "surrogateescape").split("\0")[:-1]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
@settings(max_examples=60)
def test_a_quoted_text_is_one_word(text: str) -> None:
    word = quoted(text)
    assert _bash(f"printf %s {word}").decode("utf-8") == text
    assert word.isprintable()


@pytest.mark.parametrize(
    "text", ["$HOME `id` $(id) !x \\ \" '", "a\x1b[31mb\r\n\tc", "-n", "é\u202e"]
)
def test_a_shell_finds_nothing_to_do_in_a_quoted_text(text: str) -> None:
    assert _bash(f"printf %s {quoted(text)}").decode("utf-8") == text


@given(st.binary(max_size=80).flatmap(lambda b: st.just(b + b"\0" * 70 + b)))
def test_bytes_are_written_exactly(body: bytes) -> None:
    expression = bytes_expression(body)
    assert eval(expression) == body  # noqa: S307 - our own expression
    assert expression.isprintable()


def test_long_runs_are_written_short() -> None:
    assert bytes_expression(b"[" * 100_000 + b"1" + b"]" * 100_000) == (
        "b'[' * 100000 + b'1' + b']' * 100000"
    )


def test_a_request_becomes_a_line_with_a_variable_for_the_credentials() -> None:
    request = Request(
        method="POST",
        path="/v1/tasks",
        query=(("q", "it's"),),
        headers=(("If-Match", '"1"'),),
        body={"title": "it's $HOME\n"},
        person=MEMBER,
    )
    line, seen = _lines(_exchange(request))
    assert '"$MEMBER_1_TENANT_A"' in line
    assert _words(line, MEMBER_1_TENANT_A="Bearer mine") == [
        "-sS",
        "-i",
        "-X",
        "POST",
        "http://127.0.0.1:1/v1/tasks?q=it%27s",
        "-H",
        "content-type: application/json",
        "-H",
        "authorization: Bearer mine",
        "-H",
        'If-Match: "1"',
        "--data-raw",
        '{"title": "it\'s $HOME\\n"}',
    ]
    assert seen == "# -> 200 {}"


@pytest.mark.parametrize("body", [b"\0\xff\x80", b"@/etc/passwd", b"a" * 100_000, b"", b"\x1b[2J"])
def test_any_body_reaches_curl(body: bytes) -> None:
    (line, _) = _lines(_exchange(Request(method="POST", path="/", body=body)))
    assert line.isprintable()
    assert len(line) < 500
    script = (
        "curl() { while [ $# -gt 1 ]; do shift; done; "
        'if [ "$1" = @- ]; then cat; else printf %s "$1"; fi; }\n'
    )
    assert _bash(script + line) == body


def test_a_long_target_and_a_long_header_stay_whole() -> None:
    request = Request(method="GET", path=f"/{'a' * 9_000}/b'c", headers=(("x", "h" * 20_000),))
    with responding(lambda _: ("200 OK", b"{}")) as target:
        line, _ = _lines(_exchange(request), url=target.url)
        _bash(line)
        received = target.received[0]
    assert len(line) < 500
    assert f"GET /{'a' * 9_000}/b'c ".encode() in received
    assert b"x: " + b"h" * 20_000 in received


def test_a_replay_sends_what_was_sent() -> None:
    requests = [
        Request(method="GET", path="/v1/a%20b", query=(("x", "ä"),), person=MEMBER),
        Request(method="PUT", path="/v1/b", body={"é": "\u0000'"}, person=MEMBER),
        Request(method="DELETE", path="/v1/c", headers=(("x-y", "z"),)),
    ]
    with responding(lambda _: ("200 OK", b"{}")) as target:
        exchanges = [_exchange(request, number=n) for n, request in enumerate(requests)]
        lines = _lines(*exchanges, url=target.url)
        _bash("\n".join(lines), MEMBER_1_TENANT_A=HEADERS["authorization"])
        received = b"\n".join(target.received)
    assert b"GET /v1/a%20b?x=%C3%A4 " in received
    assert '{"é": "\\u0000\'"}'.encode() in received
    assert b"DELETE /v1/c " in received
    assert received.count(f"authorization: Bearer {TOKEN}".encode()) == 2


def test_what_an_object_needs_comes_before_it() -> None:
    project = _exchange(
        Request(method="POST", path="/v1/projects", body={}, person=MEMBER),
        number=1,
        answer=_answer(b'{"id": "0198c0de-0000-7000-8000-000000000001"}', 201),
        entity="Project",
        id="0198c0de-0000-7000-8000-000000000001",
    )
    task = _exchange(
        Request(method="POST", path="/v1/tasks", body={"project_id": project.id}, person=MEMBER),
        number=2,
        answer=_answer(b'{"id": "0198c0de-0000-7000-8000-000000000002"}', 201),
        entity="Task",
        id="0198c0de-0000-7000-8000-000000000002",
    )
    read = _exchange(
        Request(method="GET", path=f"/v1/tasks/{task.id}", person=MEMBER),
        number=3,
        answer=_answer(task.id.encode(), 404),
    )
    lines = _lines(read, before=(project, task))
    assert lines[0].startswith("ANSWER=$(curl -sS -i -X POST 'http://127.0.0.1:1/v1/projects'")
    assert lines[1].startswith("PROJECT_ID_1=$(")
    assert '"$PROJECT_ID_1"' in lines[3]
    assert lines[6].startswith("curl -sS -i 'http://127.0.0.1:1/v1/tasks/'\"$TASK_ID_1\"")
    assert lines[7] == "# -> 404 $TASK_ID_1"
    assert len(_lines(read)) == 2


def test_ids_and_entity_tags_are_taken_from_the_answers() -> None:
    made = _exchange(
        Request(method="POST", path="/v1/a", person=MEMBER),
        answer=Answer(
            status=201, headers={"etag": '"old"'}, body=b"{}", json={"id": "old-id"}, seconds=0.0
        ),
        entity="A",
        id="old-id",
    )
    change = Request(
        method="PATCH", path="/v1/a/old-id", headers=(("If-Match", '"old"'),), person=MEMBER
    )
    now = ('201 Made\r\nETag: "new"', b'{\n\n"id": "new-id"}')
    with responding(lambda _: now) as target:
        lines = _lines(made, _exchange(change, number=2), url=target.url)
        _bash("\n".join(lines), MEMBER_1_TENANT_A="mine")
        second = target.received[1]
    assert second.startswith(b"PATCH /v1/a/new-id ")
    assert b'If-Match: "new"' in second
    other = Request(method="PATCH", path="/v1/a/old-id", headers=(("If-Match", '"else"'),))
    assert 'If-Match: "else"' in _lines(made, _exchange(other, number=2))[-2]


def test_a_short_id_is_a_variable_only_as_a_part_of_a_path() -> None:
    made = _exchange(
        Request(method="POST", path="/v1/a", person=MEMBER),
        answer=_answer(b'{"id": 1}', 201, {"id": 1}),
        entity="A",
        id="1",
    )
    read = _exchange(Request(method="GET", path="/v1/a/1/b", body=[1], person=MEMBER), number=2)
    *_, line, _ = _lines(made, read)
    assert line.startswith("curl -sS -i -X GET 'http:'/''/'127.0.0.1:1'/'v1'/'a'/\"$A_ID_1\"/'b' ")
    assert line.endswith("--data-raw '[1]'")
    now = ("201 Made", b'{"id": 7}')
    with responding(lambda _: now) as target:
        _bash("\n".join(_lines(made, read, url=target.url)), MEMBER_1_TENANT_A="mine")
        assert target.received[1].startswith(b"GET /v1/a/7/b ")


def test_requests_of_a_race_run_side_by_side() -> None:
    request = Request(method="POST", path="/v1/a", person=MEMBER)
    lines = _lines(*(_exchange(request, number=n, group=7) for n in (1, 2)))
    assert [line.rsplit(" ", 1)[-1] for line in lines[::2]] == ["&", "&", "wait"]
    assert _lines(_exchange(request))[0].endswith('"$MEMBER_1_TENANT_A"')


def test_an_answer_cannot_act_on_the_terminal() -> None:
    exchange = _exchange(
        Request(method="GET", path="/"), answer=_answer(b"\x1b]0;x\x07\r\nrm -rf ~")
    )
    (_, seen) = _lines(exchange)
    assert seen == "# -> 200 \\x1b]0;x\\x07\\r\\nrm -rf ~"
    assert one_line("plain é") == "plain é"


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"Bearer {TOKEN}",
        f"?token={TOKEN}&x=1",
        TOKEN[:-1] + "A",
        TOKEN.replace("eyJzdWIiOiIxIn0", "eyJzdWIiOiIyIn0"),
        TOKEN[-20:],
        f"{TOKEN}{TOKEN}",
    ],
)
def test_a_secret_is_masked_also_when_it_is_tampered_with(text: str) -> None:
    secrets = _secrets()
    masked = secrets.masked(f"before {text} after")
    signature = TOKEN.rpartition(".")[2]
    assert not any(signature[at : at + 8] in masked for at in range(len(signature) - 7))
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert secrets.masked("before, after: nothing of it") == "before, after: nothing of it"


def test_secrets_are_learned_from_answers_and_accepted_bodies() -> None:
    secrets = Secrets()
    json = {"user": {"name": "Ada Lovelace"}, "tokens": [{"access_token": "first-secret"}]}
    secrets.learn(_answer(json=json))
    cookies = {
        "set-cookie": "sid=cookie-secret; Path=/, theme=dark-and-long",
        "x-api-key": "key-secret",
    }
    secrets.learn(Answer(status=200, headers=cookies, body=b"", json=NOTHING, seconds=0.0))
    secrets.learn_body(
        {"email": "ada@example.com", "password": "pass-secret", "token_type": "Bearer token"}
    )
    said = "first-secret cookie-secret key-secret pass-secret"
    assert secrets.masked(said) == "$ACCESS_TOKEN $SID $X_API_KEY $PASSWORD"
    plain = "Ada Lovelace ada@example.com Bearer token"
    assert secrets.masked(plain) == plain


def test_members_that_the_spec_calls_secret_are_secret() -> None:
    answer = _answer(json={"pin": "1234-5678", "note": "1234-5679"})
    for members, masked in ((["pin"], "$PIN"), ([], "1234-5678")):
        secrets = Secrets(members)
        secrets.learn(answer)
        assert secrets.masked("1234-5678") == masked


def test_a_short_secret_is_one_only_when_it_is_said_to_be() -> None:
    secrets = Secrets()
    secrets.add("short", "first")
    assert secrets.masked("a short text") == "a short text"
    secrets.add("short", "first", least=1)
    assert secrets.masked("a short text") == "a $FIRST text"


def test_a_huge_token_costs_little() -> None:
    secrets = Secrets()
    secrets.learn(_answer(json={"token": "ab" * 2_000_000}))
    assert HIDDEN in secrets.masked("x" + "ab" * 100) or "$TOKEN" in secrets.masked("ab" * 100)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("member-1@tenant-a", "MEMBER_1_TENANT_A"),
        ("1st", "SECRET_1ST"),
        ("", "SECRET"),
        ("x; rm -rf ~", "X_RM_RF"),
    ],
)
def test_placeholders_are_names_of_variables(name: str, variable: str) -> None:
    assert placeholder_name(name) == variable
