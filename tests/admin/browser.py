"""A headless Chromium, driven over its DevTools protocol: pages, their elements, pictures."""

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

from websockets.sync.client import ClientConnection, connect

PROGRAM: Final = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE: Final = 15.0
_OPTIONS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
_LISTENING: Final = re.compile(r"DevTools listening on (ws://\S+)")
# What the browser says to whoever asks while another page takes the place of this one.
_LOADING: Final = ("Cannot find context", "Inspected target navigated")
_BETWEEN: Final = 0.03

# What a person reads: the names of things, as a page shows them.
_HELPERS: Final = """
globalThis.at = (selector, text = "") => [...document.querySelectorAll(selector)].find(
  (e) => e.checkVisibility() && e.textContent.replace(/\\s+/g, " ").trim().startsWith(text)
) ?? null;
globalThis.field = (label) => {
  const named = [...document.querySelectorAll("label")].filter((e) => e.checkVisibility());
  const found = named.find((e) => e.textContent.replace(" *", "").trim() === label);
  return found ? document.getElementById(found.htmlFor) ?? found.querySelector("input") : null;
};
"""


class BrowserError(AssertionError):
    """The page did not do what was waited for."""


@dataclass(slots=True)
class Page:
    """One tab.

    Attributes:
        said: What its console said as a warning or an error, and what its script threw.
    """

    socket: ClientConnection
    session: str
    said: list[str] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the answer to a command of the protocol.

        Raises:
            BrowserError: If the browser refuses it.
        """
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message | {"sessionId": self.session}))
        while True:
            told = json.loads(self.socket.recv(timeout=PATIENCE))
            if told.get("id") == number:
                break
            self._note(told)
        if "error" in told:
            message_text = f"{method}: {told['error']}"
            raise BrowserError(message_text)
        result: dict[str, Any] = told["result"]
        return result

    def run(self, script: str) -> Any:
        """Return what an expression is on the page.

        Raises:
            BrowserError: If it throws.
        """
        asked = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        told = self.ask("Runtime.evaluate", expression=script, **asked)
        if "exceptionDetails" in told:
            message = f"{script}: {told['exceptionDetails']}"
            raise BrowserError(message)
        return told["result"].get("value")

    def wait(self, script: str) -> None:
        """Wait until an expression is true.

        Raises:
            BrowserError: If it does not become true in time.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if self.run(f"Boolean({script})"):
                    return
            except BrowserError as fault:
                if not any(said in str(fault) for said in _LOADING):
                    raise
            time.sleep(_BETWEEN)
        shown = self.run("document.body.innerText")
        message = f"{script} did not come true; the page shows:\n{shown}\n{self.said}"
        raise BrowserError(message)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds beside the page.

        Raises:
            BrowserError: If it does not in time.
        """
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                message = f"{holds} did not come true; {self.said}"
                raise BrowserError(message)
            time.sleep(_BETWEEN)

    def open(self, url: str) -> None:
        """Load a page and wait until its scripts have run."""
        self.ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def click(self, selector: str, text: str = "") -> None:
        """Press what begins with a text, as soon as it is there."""
        found = f"at({json.dumps(selector)}, {json.dumps(text)})"
        self.wait(f"{found} !== null && !{found}.disabled")
        self.run(f"{found}.click()")

    def set(self, label: str, value: str) -> None:
        """Put a value into the field of that label."""
        found = f"field({json.dumps(label)})"
        self.wait(f"{found} !== null")
        self.run(
            f"{{const f = {found}; f.focus(); f.value = {json.dumps(value)};"
            "for (const kind of ['input', 'change'])"
            " f.dispatchEvent(new Event(kind, {bubbles: true}));}"
        )

    def pick(self, label: str, text: str) -> None:
        """Choose a row by its name in the field of that label, with keys only."""
        self.wait(f"field({json.dumps(label)}) !== null")
        self.run(f"field({json.dumps(label)}).focus()")
        self.ask("Input.insertText", text=text)
        wanted = json.dumps(text)
        self.wait(f"at('[role=option]', {wanted}) !== null")
        self.wait("document.activeElement.getAttribute('aria-activedescendant') !== null")
        self.press("Enter")

    def press(self, key: str) -> None:
        """Press a key."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40}
        told = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **told, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **told)

    def attach(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in a field for them."""
        self.wait(f"document.querySelector({json.dumps(selector)}) !== null")
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", nodeId=node, files=[str(each) for each in files])

    def offline(self, *, away: bool) -> None:
        """Cut the network off, or connect it again."""
        limits = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.ask("Network.enable")
        self.ask("Network.emulateNetworkConditions", offline=away, **limits)

    def saves_into(self, folder: Path) -> None:
        """Save downloads in a folder."""
        told = {"behavior": "allow", "downloadPath": str(folder)}
        self.ask("Page.setDownloadBehavior", **told)

    def shows(self, text: str) -> None:
        """Wait until the page shows a text."""
        self.wait(f"document.body.innerText.includes({json.dumps(text)})")

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Be a screen of that size, light or dark."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self) -> bytes:
        """Return what the screen shows, as PNG."""
        told = self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(told["data"])

    def _note(self, told: Mapping[str, Any]) -> None:
        found = told.get("params", {})
        match told.get("method"):
            case "Runtime.exceptionThrown":
                self.said.append(json.dumps(found["exceptionDetails"]))
            case "Log.entryAdded" if found["entry"]["level"] in {"error", "warning"}:
                self.said.append(f"{found['entry']['text']} {found['entry'].get('url', '')}")


@dataclass(frozen=True, slots=True)
class Browser:
    """A running browser."""

    socket: ClientConnection

    def page(self) -> Page:
        """Return a new tab that shares nothing with the others."""
        context = self._ask("Target.createBrowserContext")["browserContextId"]
        made = {"url": "about:blank", "browserContextId": context}
        target = self._ask("Target.createTarget", **made)["targetId"]
        session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self.socket, session)
        for room in ("Page", "Runtime", "Log", "DOM"):
            page.ask(f"{room}.enable")
        page.ask("Page.addScriptToEvaluateOnNewDocument", source=_HELPERS)
        page.resize(1280, 900)
        return page

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.socket.send(json.dumps({"id": 0, "method": method, "params": parameters}))
        while True:
            told = json.loads(self.socket.recv(timeout=PATIENCE))
            if told.get("id") == 0 and "sessionId" not in told:
                result: dict[str, Any] = told["result"]
                return result

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator[Self]:
        """Start a browser that keeps its things in `folder`, until the block ends."""
        command = [str(PROGRAM), *_OPTIONS, f"--user-data-dir={folder}"]
        log = folder / "browser.log"
        folder.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            with connect(_address(log, process), max_size=None, compression=None) as socket:
                yield cls(socket)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 4 * PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if found := _LISTENING.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(_BETWEEN)
    message = f"The browser did not start: {log.read_text(encoding='utf-8', errors='replace')}"
    raise BrowserError(message)
