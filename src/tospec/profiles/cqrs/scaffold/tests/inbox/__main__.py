"""Send a message as another service does: `python -m tests.inbox mail message.bounced about=ID`.

`--secret` is what the service has in its setting, such as `MAIL_WEBHOOK_SECRET`.
"""

import argparse
import sys

import httpx

from app.inbox import SENDERS
from app.inbox.base import Sender
from tests.inbox.sending import written
from tests.inbox.signing import signed

_SECONDS = 10


def _sent(sender: Sender, options: argparse.Namespace) -> httpx.Response:
    data = dict(each.split("=", 1) for each in options.data)
    body = written(type=options.type, data=data)
    url = options.url.rstrip("/") + sender.path
    return httpx.post(url, content=body, headers=signed(body, options.secret), timeout=_SECONDS)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Send a message as another service does.")
    parser.add_argument("sender", choices=[each.name for each in SENDERS])
    parser.add_argument("type", help="what the service calls it")
    parser.add_argument("data", nargs="*", metavar="name=value", help="what it tells")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the backend runs")
    parser.add_argument("--secret", required=True, help="what signs: whsec_ and Base64")
    return parser.parse_args()


if __name__ == "__main__":
    options = _options()
    answer = _sent(next(each for each in SENDERS if each.name == options.sender), options)
    sys.stdout.write(f"{answer.status_code}\n{answer.text}")
    sys.exit(0 if answer.is_success else 1)
