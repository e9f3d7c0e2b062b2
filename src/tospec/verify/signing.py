"""What signs the messages of other services, as somebody says it."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tospec.errors import UsageError

_HELP: Final = "Write --signing NAME=FILE; the file has whsec_ and Base64, as the target's setting."
_PREFIX: Final = "whsec_"


def signing_of(texts: Iterable[str]) -> Mapping[str, str]:
    """Return what signs, by the name of an integration, of texts such as `mail=secret.txt`.

    Raises:
        UsageError: If one names no file with a secret.
    """
    return dict(map(_named, texts))


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for."""
    return b64decode(secret.removeprefix(_PREFIX), validate=True)


def _named(text: str) -> tuple[str, str]:
    name, _, file = text.partition("=")
    if not name or not file:
        raise UsageError(f"{text!r} does not say what signs.", _HELP)
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
        key_of(secret)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} holds nothing that signs.", _HELP) from error
    if not secret.startswith(_PREFIX):
        raise UsageError(f"{file} holds nothing that signs.", _HELP)
    return name, secret
