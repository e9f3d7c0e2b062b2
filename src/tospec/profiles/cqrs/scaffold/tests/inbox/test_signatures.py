"""Messages are believed that the secret of their sender has signed, lately."""

from datetime import UTC, datetime, timedelta

import pytest

from app.security.message_signatures import MOST_SIGNATURES, Claim, MessageSignatures
from tests.inbox.signing import signature
from tests.requirements import MESSAGES

pytestmark = pytest.mark.requirement(*MESSAGES)

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
AT = int(NOW.timestamp())
BODY = b'{"type":"a"}'
SECRET, BEFORE, OTHER = (f"whsec_{letter * 32}" for letter in "abc")
TOLERANCE = timedelta(minutes=5)


def fault(
    *secrets: str,
    message_id: str = "msg_1",
    timestamp: str = str(AT),
    signatures: str | None = None,
    body: bytes = BODY,
) -> str | None:
    if signatures is None:
        signatures = signature(SECRET, "msg_1", AT, BODY)
    claim = Claim(message_id=message_id, timestamp=timestamp, signatures=signatures)
    return MessageSignatures(secrets, tolerance=TOLERANCE).fault(claim, body, now=NOW)


def test_what_the_standard_shows_is_believed() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the one of the standard
    sent = datetime.fromtimestamp(1614265330, UTC)
    claim = Claim(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp="1614265330",
        signatures="v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    )
    signatures = MessageSignatures([secret], tolerance=TOLERANCE)

    assert signatures.fault(claim, b'{"test": 2432232314}', now=sent) is None
    assert signatures.fault(claim, b'{"test": 2432232315}', now=sent) == "signature"


def test_each_of_two_secrets_is_believed() -> None:
    old = signature(BEFORE, "msg_1", AT, BODY)
    new = signature(SECRET, "msg_1", AT, BODY)

    assert fault(SECRET, BEFORE, signatures=old) is None
    assert fault(SECRET, BEFORE, signatures=new) is None
    assert fault(SECRET, signatures=f"{old} {new}") is None
    assert fault(SECRET, signatures=old) == "signature"


def test_nothing_is_believed_without_a_secret() -> None:
    assert fault() == "no secret"
    assert fault(SECRET) is None


@pytest.mark.parametrize(
    "signatures",
    [
        "",
        "v1,",
        "v1",
        "v2," + signature(SECRET, "msg_1", AT, BODY).removeprefix("v1,"),
        signature(SECRET, "msg_1", AT, BODY) + ",",
        signature(SECRET, "msg_1", AT, BODY).lower(),
        signature(SECRET, "msg_2", AT, BODY),
        signature(SECRET, "msg_1", AT + 1, BODY),
        signature(SECRET, "msg_1", AT, BODY + b" "),
        signature(OTHER, "msg_1", AT, BODY),
        "v1,\xe4\xf6",
        " ".join(["v1,x"] * MOST_SIGNATURES + [signature(SECRET, "msg_1", AT, BODY)]),
    ],
)
def test_another_signature_is_refused(signatures: str) -> None:
    assert fault(SECRET, signatures=signatures) == "signature"


@pytest.mark.parametrize("message_id", ["", "a b", "m" * 256, "\xe4", "a\x00", "a\n"])
def test_an_id_of_another_form_is_refused(message_id: str) -> None:
    signatures = signature(SECRET, message_id, AT, BODY)

    assert fault(SECRET, message_id=message_id, signatures=signatures) == "malformed"


@pytest.mark.parametrize(
    "timestamp", ["", "-1", "1e9", "1.5", " 1", "1, 1", "9" * 13, "\u0661", "0x1"]
)
def test_a_time_of_another_form_is_refused(timestamp: str) -> None:
    assert fault(SECRET, timestamp=timestamp) == "malformed"


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(-301, "time"), (-300, None), (0, None), (300, None), (301, "time")],
)
def test_a_message_is_believed_for_a_while(seconds: int, wanted: str | None) -> None:
    at = AT + seconds
    signatures = signature(SECRET, "msg_1", at, BODY)

    assert fault(SECRET, timestamp=str(at), signatures=signatures) == wanted
