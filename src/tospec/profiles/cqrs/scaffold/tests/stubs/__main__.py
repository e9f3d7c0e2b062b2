"""Stubs to look at: `python -m tests.stubs --port 8025`; the inbox is at `/`.

Let the next three requests fail:
`curl http://127.0.0.1:8025/_faults -d '{"fault": "error", "times": 3}'`.
"""

import argparse
import asyncio
import sys

from tests.stubs.contract import CALLS
from tests.stubs.server import Stub


async def _serve(port: int) -> None:
    async with Stub(CALLS).serving(port) as url:
        sys.stdout.write(f"Inbox: {url}/\n")
        for name in sorted({call.integration for call in CALLS}):
            sys.stdout.write(f"{name}: {url}/{name}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stubs of other services.")
    parser.add_argument("--port", default=8025, type=int, help="port to listen on")
    try:
        asyncio.run(_serve(parser.parse_args().port))
    except KeyboardInterrupt:
        sys.exit(0)
