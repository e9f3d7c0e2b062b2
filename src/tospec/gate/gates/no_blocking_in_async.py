"""No coroutine keeps the event loop waiting."""

import ast
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import Function, direct, functions
from tospec.gate.modules import Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_RULE: Final = Rule(
    "blocking-call", "Use the asynchronous counterpart, or hand it to a thread: asyncio.to_thread."
)
_VERBS: Final = ("delete", "get", "head", "options", "patch", "post", "put", "request")
_BLOCKING: Final = frozenset(
    {
        "io.open", "open", "os.popen", "os.system", "shutil.copyfileobj", "shutil.copytree",
        "shutil.make_archive", "shutil.rmtree", "smtplib.SMTP", "smtplib.SMTP_SSL",
        "socket.create_connection", "socket.getaddrinfo", "socket.gethostbyname",
        "subprocess.call", "subprocess.check_call", "subprocess.check_output",
        "subprocess.getoutput", "subprocess.run", "time.sleep", "urllib.request.urlopen",
        "urllib.request.urlretrieve", "MySQLdb.connect", "psycopg.connect", "psycopg2.connect",
        "pymysql.connect", "pyodbc.connect", "sqlite3.connect", "pymssql.connect",
    }
    | {f"{library}.{verb}" for library in ("httpx", "requests") for verb in _VERBS}
    | {"httpx.stream"}
)  # fmt: skip
_FILE_METHODS: Final = frozenset({"read_bytes", "read_text", "write_bytes", "write_text"})
_AT_START: Final = ("lifespan", "shutdown", "startup")


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    every = list(functions(module))
    return judged(len(every), [found for each in every for found in _blocking(module, each)])


def _blocking(module: Module, function: Function) -> Iterator[Violation]:
    node = function.node
    if isinstance(node, ast.FunctionDef) or _is_at_start(node):
        return
    inner = list(direct(node))
    awaited = {id(n.value) for n in inner if isinstance(n, ast.Await)}
    for call in inner:
        if isinstance(call, ast.Call) and id(call) not in awaited:
            name = _name(module, call)
            if name:
                message = f"{name}() blocks the event loop in the coroutine {node.name}."
                yield _RULE.broken(module, call, message)


def _name(module: Module, call: ast.Call) -> str:
    """Return the name of a call that blocks; empty for others."""
    name = module.origin(call.func)
    if name in _BLOCKING:
        return name
    is_method = isinstance(call.func, ast.Attribute) and call.func.attr in _FILE_METHODS
    return f"Path.{call.func.attr}" if is_method and isinstance(call.func, ast.Attribute) else ""


def _is_at_start(node: ast.AsyncFunctionDef) -> bool:
    """Return whether a function runs while nothing is served."""
    return any(word in node.name.lower() for word in _AT_START)


def _planted(line: str, heading: str = "") -> str:
    return f"{heading}\n\n\nasync def planted() -> None:\n    {line}\n"


GATE: Final = ModuleGate(
    name="no-blocking-in-async",
    title="no coroutine blocks the event loop",
    looked_for="functions, for calls directly in coroutines",
    judge=_judge,
    plants=(
        code("sleep", _planted("sleep(1)", "from time import sleep")),
        code("requests", _planted('requests.get("x", timeout=1)', "import requests")),
        code("open", _planted('print(open("x").read())')),
        code("subprocess", _planted('subprocess.run(["x"])', "import subprocess")),
        code("path", _planted('Path("x").read_text()', "from pathlib import Path")),
    ),
)
