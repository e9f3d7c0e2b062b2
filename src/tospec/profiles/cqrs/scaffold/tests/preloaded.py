"""What is imported in the process that others are forked from: the application, all by itself.

No setting is there to be read meanwhile, and it is noted whom it asks. To be imported there only.
"""

import gc
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final, NoReturn

asked: Final[list[str]] = []


@contextmanager
def alone() -> Iterator[None]:
    """Hold no settings and refuse whatever is asked of others, but note it."""
    kept = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
    settings = dict(os.environ)
    socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = _refuse
    os.environ.clear()
    try:
        yield
    finally:
        os.environ.update(settings)
        socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = kept


def _refuse(*whom: object) -> NoReturn:
    asked.append(repr(whom))
    raise ConnectionRefusedError


def _imported() -> frozenset[str]:
    return frozenset(name for name in sys.modules if name.partition(".")[0] == "app")


BEFORE: Final = _imported()
# All of it stays, in every process that is forked.
gc.disable()
with alone():
    for _name in ("app.main", "app.server", "app.__main__", "alembic.command"):
        import_module(_name)
gc.freeze()
gc.enable()
AFTER: Final = _imported()
