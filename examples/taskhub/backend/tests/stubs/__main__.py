"""Stubs to look at: `python -m tests.stubs`; what it prints are settings, and where its page is.

Let the next three requests fail, each in the way that `tests.stubs.faults` calls so:
`curl http://127.0.0.1:8025/_faults -d '{"fault": "error", "times": 3}'`.
"""

import argparse
import asyncio
import sys

from tests.integrations.known import SETTINGS
from tests.stubs.contract import CALLS
from tests.stubs.server import Stub


async def _serve(port: int) -> None:
    async with Stub(CALLS).serving(port) as url:
        for name, (setting, proof) in SETTINGS.items():
            sys.stdout.write(f"{setting.upper()}={url}/{name}\n")
            if proof is not None:
                sys.stdout.write(f"{proof.upper()}=any\n")
        sys.stdout.write(f"Inbox: {url}/\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stubs of other services.")
    parser.add_argument("--port", default=8025, type=int, help="port to listen on; 0 for any")
    try:
        asyncio.run(_serve(parser.parse_args().port))
    except KeyboardInterrupt:
        sys.exit(0)
