"""Each static gate on code that is wrong, and beside it on code that looks like it and is right."""

from pathlib import Path
from typing import Final

import pytest

from tests.gate.support import judge, rules, write
from tospec.evidence import Outcome

_APP: Final = "from fastapi import APIRouter\nrouter = APIRouter()\n"

# Gate, wrong code, right code.
CASES: Final = [
    ("no-stubs", "def f():\n    pass\n", "def f():\n    return g()\n"),
    ("no-stubs", "def f():\n    ...\n", "from typing import overload\n@overload\ndef f(): ...\n"),
    ("no-stubs", 'def f():\n    "Do."\n', 'def f():\n    "Do."\n    return 3\n'),
    (
        "no-stubs",
        "class A:\n    def f(self):\n        raise NotImplementedError\n",
        "class A:\n    def f(self):\n        raise NotImplementedError\n"
        "class B(A):\n    def f(self):\n        return 3\n",
    ),
    (
        "no-stubs",
        "class A:\n    def f(self): ...\n",
        "from typing import Protocol\nclass A(Protocol):\n    def f(self): ...\n",
    ),
    (
        "no-stubs",
        "class Cache:\n    def drop(self):\n        pass\n",
        "class NoCache:\n    def drop(self):\n        pass\n"
        "class GoneError(Exception):\n    def __init__(self):\n        pass\n",
    ),
    (
        "no-stubs",
        f"{_APP}@router.get('/orders')\ndef orders():\n    return []\n",
        f"{_APP}@router.get('/health')\ndef health():\n    return {{'status': 'ok'}}\n"
        "@router.get('/orders')\ndef orders(store):\n    return store.all()\n",
    ),
    (
        "no-stubs",
        "def require_admin(name: str):\n    pass\nx = Depends(require_admin)\n",
        "def organization(name: Slug):\n    pass\nx = Depends(organization)\n",
    ),
    (
        "no-stubs",
        "class A:\n    def f(self) -> int: ...\n",
        "class A:\n    if TYPE_CHECKING:\n        def f(self) -> int: ...\n"
        "    else:\n        def f(self):\n            return 3\n",
    ),
    ("no-placeholders", "x = 1  # TODO: more\n", "class S:\n    TODO = 'TODO'  # the state TODO\n"),
    ("no-placeholders", "# FIXME\nx = 1\n", "x = 'a placeholder of a field'\n"),
    ("no-placeholders", "x = 'Lorem ipsum'\n", "x = 'XXX-XXX'\n"),
    ("no-placeholders", '"""A.\n\nTODO: b.\n"""\n', '"""Moves a task from todo: to done."""\n'),
    (
        "no-swallowed-exceptions",
        "try:\n    f()\nexcept Exception:\n    pass\n",
        "try:\n    f()\nexcept ValueError:\n    pass\n",
    ),
    (
        "no-swallowed-exceptions",
        "try:\n    f()\nexcept:\n    log.error('x')\n",
        "try:\n    f()\nexcept:\n    raise\n",
    ),
    (
        "no-swallowed-exceptions",
        "def g():\n    try:\n        return f()\n"
        "    except (OSError, Exception):\n        return None\n",
        "def g():\n    try:\n        return f()\n"
        "    except Exception as e:\n        return str(e)\n",
    ),
    (
        "no-swallowed-exceptions",
        "def g():\n    try:\n        if f():\n            return True\n        h()\n"
        "    except Exception:\n        return False\n",
        "def g():\n    try:\n        f()\n        return True\n"
        "    except Exception:\n        return False\n",
    ),
    (
        "no-swallowed-exceptions",
        "import contextlib\nwith contextlib.suppress(Exception):\n    f()\n",
        "import contextlib\nwith contextlib.suppress(KeyError):\n    f()\n",
    ),
    (
        "no-blocking-in-async",
        "import time\nasync def f():\n    time.sleep(1)\n",
        "import time\ndef f():\n"
        "    time.sleep(1)\nasync def g():\n    await to_thread(time.sleep, 1)\n",
    ),
    (
        "no-blocking-in-async",
        "import httpx\nasync def f():\n    httpx.get('x')\n",
        "import httpx\nasync def f(c: httpx.AsyncClient):\n    await c.get('x')\n",
    ),
    (
        "no-blocking-in-async",
        "async def f():\n    with open('x') as f:\n        return f.read()\n",
        "async def f():\n    def g():\n"
        "        return open('x').read()\n    return await to_thread(g)\n",
    ),
    (
        "no-blocking-in-async",
        "async def f(p):\n    return p.read_text()\n",
        "async def f(p):\n    return await p.read_text()\n",
    ),
    (
        "no-mutable-globals",
        "SEEN = []\ndef f(x):\n    SEEN.append(x)\n",
        "SEEN = [1]\ndef f(x):\n    SEEN = []\n    SEEN.append(x)\n    return SEEN\n",
    ),
    (
        "no-mutable-globals",
        "CACHE = Cache()\ndef f(x):\n    CACHE[x] = 1\n",
        "CACHE = Cache()\ndef f(x):\n    return CACHE[x]\n",
    ),
    (
        "no-mutable-globals",
        "last = None\ndef f(x):\n    global last\n    last = x\n",
        "last = None\ndef f(x):\n    last = x\n    return last\n",
    ),
    (
        "no-mutable-globals",
        "RULES = {}\ndef add(name, rule):\n    RULES[name] = rule\n",
        "RULES = {}\ndef rule(f):\n    RULES[f.__name__] = f\n    return f\n",
    ),
    (
        "no-secrets",
        "API_KEY = 'q8Jf2mZx7" + "Lp0TbW4rKd9'\n",
        "API_KEY = os.environ['API_KEY']\nPASSWORD_RESET_TOKEN = 'password_reset_token2'\n",
    ),
    (
        "no-secrets",
        "URL = 'postgresql://app:n7Qw" + "2xR@db/orders'\n",
        "URL = f'postgresql://{user}:{password}@db'\nDOC = 'postgresql://user:password@host/x'\n",
    ),
    (
        "no-secrets",
        "X = 'AKIA" + "QX7ZLM2PN4RT6VWB'\n",
        "X = 'AKIA" + "IOSFODNN7EXAMPLE'\n",
    ),
    (
        "sql-bound",
        "def f(c, n):\n    c.execute(f\"SELECT 1 FROM t WHERE n = '{n}'\")\n",
        "COLUMN = 'n'\ndef f(c, n):\n"
        "    c.execute(f'SELECT {COLUMN} FROM t WHERE n = :n', {'n': n})\n",
    ),
    (
        "sql-bound",
        "from sqlalchemy import text\ndef f(n):\n    q = 'DELETE FROM t WHERE n = %s' % n\n"
        "    return text(q)\n",
        "from sqlalchemy import text\ndef f(n):\n    return text('DELETE FROM t WHERE n = :n')\n",
    ),
    (
        "sql-bound",
        "def f(c, n):\n    c.execute('UPDATE t SET n = ' + n)\n",
        "def f(c, n):\n    for t in ('a', 'b'):\n        c.execute('DELETE FROM ' + t)\n",
    ),
    (
        "sql-bound",
        "def f(c, n):\n    c.execute('SELECT * FROM t WHERE n = {}'.format(n))\n",
        "def f(bot, n):\n    bot.execute('say {}'.format(n))\n",
    ),
    ("absolute-imports", "from . import x\n", "from app import x\n"),
    ("parses", "def f(:\n", "def f(): return 1\n"),
]


@pytest.mark.parametrize(("gate", "wrong", "right"), CASES)
def test_wrong_code_fails_and_right_code_passes(
    tmp_path: Path, gate: str, wrong: str, right: str
) -> None:
    bad = judge(write(tmp_path / "bad", {"app/code.py": wrong}), gate)
    assert bad.outcome is Outcome.FAILED
    assert [found.path for found in bad.violations] == ["app/code.py"]
    good = judge(write(tmp_path / "good", {"app/code.py": right}), gate)
    assert (good.outcome, good.violations) == (Outcome.PASSED, ())


def test_code_of_tests_is_judged_where_that_is_fair(tmp_path: Path) -> None:
    text = "SEEN = []\ndef test_it():\n    SEEN.append(1)  # TODO: assert\n"
    root = write(tmp_path, {"tests/test_it.py": text, "app/main.py": "x = 1\n"})
    assert judge(root, "no-mutable-globals").outcome is Outcome.PASSED
    assert rules(judge(root, "no-placeholders").violations) == ["placeholder"]


_PROJECT: Final = '[project]\nname = "a"\nversion = "1"\ndependencies = [{}]\n'


@pytest.mark.parametrize(
    ("declared", "code", "lock", "found"),
    [
        ('"pyyaml==6.0"', "import yaml\n", False, []),
        ('"pyyaml==6.0"', "import yaml, jwt\n", False, ["undeclared-import"]),
        ('"py-ip2region==3.0"', "import ip2region.util\n", False, []),
        ('"pyyaml==6.0"', "try:\n    import jwt\nexcept ImportError:\n    jwt = 1\nimport yaml\n",
         False, []),
        ('"pyyaml==6.0", "pyjwt==2.0"', "import yaml\n", False, ["unused-dependency"]),
        ('"pyyaml>=6.0"', "import yaml\n", False, ["unpinned-dependency"]),
        ('"pyyaml>=6.0"', "import yaml\n", True, []),
        ('"fastapi[standard]==0.100"', "import fastapi, uvicorn\n", False, []),
        ('"google-cloud-storage==2.0"', "import google.cloud.storage\n", False, []),
        ('"pyyaml==6.0", "anyio==4.0", "h11==0.16", "idna==3.0", "six==1.0"', "import yaml\n",
         False, []),
        ('"pyyaml==6.0", "aiohttp==3.0"', "import yaml\nfrom yaml.inside.aiohttp import x\n",
         False, []),
        ('"pyyaml==6.0", "httptools==1.0"', "import app, yaml, json\n", False, []),
    ],
)  # fmt: skip
def test_imports_and_declarations_are_held_against_one_another(
    tmp_path: Path, declared: str, code: str, lock: bool, found: list[str]
) -> None:
    files = {"app/main.py": code, "pyproject.toml": _PROJECT.format(declared)}
    root = write(tmp_path, files | ({"uv.lock": "version = 1\n"} if lock else {}))
    assert rules(judge(root, "dependencies").violations) == found


def test_a_list_of_dependencies_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    root = write(tmp_path, {"app/main.py": "x = 1\n"})
    assert "declare" in judge(root, "dependencies").reason
    result = judge(write(tmp_path, {"pyproject.toml": "["}), "dependencies")
    assert (result.outcome, "cannot be read" in result.reason) == (Outcome.FAILED, True)
