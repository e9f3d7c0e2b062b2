"""The house's own services to tests."""

import asyncio
import shutil
import sys
from pathlib import Path

import asyncpg
import pytest

from tests import postgresql

pytest_plugins = ["pytester"]

_TESTS = """
import pytest
@pytest.fixture(scope="session")
def postgres_url():
    from tests import postgresql
    if postgresql.find() is None:
        pytest.skip(postgresql.NOT_RUN)
def test_needs_it(postgres_url): pass
def test_does_not(): pass
"""


@pytest.mark.parametrize("url", ["", "postgresql://x@127.0.0.1:1/x"])
def test_tests_that_did_not_run_are_told(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv(postgresql.VARIABLE, url)
    monkeypatch.setattr(postgresql, "find", lambda: url or None)
    conftest = Path(__file__).parent / "conftest.py"
    pytester.makeconftest(conftest.read_text(encoding="utf-8"))
    pytester.makepyfile(_TESTS)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    said = "1 tests NOT RUN: there is no PostgreSQL server" in result.stdout.str()
    assert said == (not url)


@pytest.mark.slow
def test_a_throw_away_server_answers_and_goes() -> None:
    async def ask(url: str) -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("SELECT 1")
        finally:
            await connection.close()

    with postgresql.throw_away() as url:
        if url is None:
            pytest.skip(postgresql.NOT_RUN)
        assert asyncio.run(ask(url)) == 1
    with pytest.raises(OSError, match="Connect"):
        asyncio.run(ask(url))


@pytest.mark.parametrize("installed", [False, True])
def test_a_run_without_a_server_says_so_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, installed: bool
) -> None:
    monkeypatch.setattr(postgresql, "find", lambda: None)
    if not installed:
        monkeypatch.setattr(postgresql, "programs", lambda: None)
    elif not shutil.which("initdb"):
        pytest.skip(postgresql.NOT_RUN)
    named = f"import os, sys; sys.exit(7 + bool(os.environ.get('{postgresql.VARIABLE}')))"
    monkeypatch.delenv(postgresql.VARIABLE, raising=False)
    code = postgresql.main([sys.executable, "-c", named])
    said = postgresql.NOT_RUN in capsys.readouterr().err
    assert (code, said) == ((8, False) if installed else (7, True))
