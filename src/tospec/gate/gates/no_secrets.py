"""No secret stands in the code."""

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import last_name
from tospec.gate.modules import Kind, Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest
from tospec.source.secret_values import is_key_of_provider, is_url_with_password, looks_random

_FIX: Final = "Read it from the environment, replace the value where it is in use, and revoke it."
_KEY: Final = Rule("key-in-code", _FIX)
_URL: Final = Rule("password-in-url", _FIX)
_SECRET: Final = Rule("secret-in-code", _FIX)
_NAMES: Final = re.compile(
    r"(?:^|_)(?:password|passwd|secret|secret_?key|api_?key|private_?key|access_?key|auth_?token"
    r"|access_?token|refresh_?token|bearer_?token|client_?secret|signing_?key|encryption_?key"
    r"|jwt_?key|token)$",
    re.IGNORECASE,
)


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    texts = [n for n in module.nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return judged(len(texts), [*_by_value(module, texts), *_by_name(module)])


def _by_value(module: Module, texts: list[ast.Constant]) -> Iterator[Violation]:
    documented = _documentation(module)
    for node in texts:
        if is_key_of_provider(str(node.value)):
            yield _KEY.broken(module, node, "The text is a key or token of a known form.")
        elif id(node) not in documented and is_url_with_password(str(node.value)):
            yield _URL.broken(module, node, "The URL holds a password.")


def _documentation(module: Module) -> set[int]:
    """Return the ids of texts that stand alone, as docstrings do."""
    return {id(node.value) for node in module.nodes if isinstance(node, ast.Expr)}


def _by_name(module: Module) -> Iterator[Violation]:
    for node in module.nodes:
        for name, value in _named(node):
            if _NAMES.search(name) and (text := _text(value)) and looks_random(text):
                message = f"{name} is given a value that looks like a real secret."
                yield _SECRET.broken(module, node, message)


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a node gives values to, with the values."""
    if isinstance(node, ast.Assign):
        yield from ((last_name(target), node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield last_name(node.target), node.value
    elif isinstance(node, ast.keyword) and node.arg:
        yield node.arg, node.value
    elif isinstance(node, ast.Dict):
        keys = (k.value if isinstance(k, ast.Constant) else "" for k in node.keys)
        yield from ((str(key), value) for key, value in zip(keys, node.values, strict=True))
    elif isinstance(node, ast.arguments):
        yield from _defaults(node)


def _defaults(node: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    backwards = zip_longest(reversed(node.args), reversed(node.defaults))
    for argument, default in (*backwards, *zip(node.kwonlyargs, node.kw_defaults, strict=True)):
        if argument is not None and default is not None:
            yield argument.arg, default


def _text(value: ast.expr) -> str:
    """Return the text that a value is or is made from, as in `SecretStr("...")`."""
    if isinstance(value, ast.Call):
        is_wrapper = last_name(value.func) in {"Field", "SecretBytes", "SecretStr", "getenv", "get"}
        named = [k.value for k in value.keywords if k.arg == "default"]
        inner = named or value.args[-1:]
        return _text(inner[0]) if is_wrapper and inner else ""
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str | bytes)
    if not is_text or not isinstance(value, ast.Constant):
        return ""
    return value.value.decode("latin-1") if isinstance(value.value, bytes) else str(value.value)


_URL_PARTS: Final = ("postgresql://", "service:", "n7Qw2x", "@db.internal/orders")
_KEY_PARTS: Final = ("AKIA", "QX7ZLM2PN4RT6VWB")
_SECRET_PARTS: Final = ("q8Jf2", "mZx7Lp0", "TbW4rKd9")


def _planted(name: str, parts: tuple[str, ...]) -> str:
    # In parts, so that no scanner of secrets takes this file for one that holds any.
    return f'{name} = "{"".join(parts)}"\n'


GATE: Final = ModuleGate(
    name="no-secrets",
    title="no secret stands in the code",
    looked_for="texts in the code",
    judge=_judge,
    kinds=(Kind.APPLICATION, Kind.MIGRATION, Kind.SCRIPT),
    plants=(
        code("url", _planted("DATABASE", _URL_PARTS)),
        code("provider", _planted("REGION", _KEY_PARTS)),
        code("name", _planted("API_KEY", _SECRET_PARTS)),
    ),
)
