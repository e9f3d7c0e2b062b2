"""The page in a real browser: search, keys, theme, and a console without errors."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest

from tests.report.test_page import example, harmless, hostile
from tospec.report.page import as_html

BROWSER: Final = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE: Final = 120.0
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="NOT RUN: there is no chromium"),
]

# It does what a person does, and notes what the page makes of it.
PROBE: Final = """{
const noted = {};
const shown = () => [...document.querySelectorAll("[data-find]")].filter((e) => !e.hidden).length;
const key = (target, name) => target.dispatchEvent(
  new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
const box = document.querySelector("#search");
const type = (text) => { box.value = text; box.dispatchEvent(new Event("input")); };
noted.all = shown();
type("StartTask"); noted.some = shown(); noted.told = document.querySelector("#found").textContent;
type("no such thing anywhere"); noted.none = shown();
key(document.body, "/"); noted.focused = document.activeElement === box;
key(box, "Escape"); noted.cleared = box.value === "" && shown() === noted.all;
noted.blurred = document.activeElement !== box;
const state = document.querySelector("#state");
const requirements = () => document.querySelectorAll("#requirements > [data-state]:not([hidden])");
state.value = "failing"; state.dispatchEvent(new Event("change"));
noted.failing = requirements().length;
state.value = ""; state.dispatchEvent(new Event("change"));
const paper = () => getComputedStyle(document.body).backgroundColor;
const papers = [paper()];
for (const _ of [1, 2]) { document.querySelector("#theme").click(); papers.push(paper()); }
noted.papers = papers;
const button = document.querySelector("#open");
button.click(); noted.opened = document.querySelectorAll("#requirements > details[open]").length;
button.click(); noted.closed = document.querySelectorAll("#requirements > details[open]").length;
noted.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
const result = document.createElement("pre");
result.id = "noted";
result.textContent = JSON.stringify(noted);
document.body.append(result);
}"""


def with_probe(page: str, probe: str) -> str:
    """Return a page with one more script, which its policy allows."""
    digest = base64.b64encode(hashlib.sha256(probe.encode()).digest()).decode()
    allowed = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    assert allowed != page
    return allowed.replace("</body>", f"<script>{probe}</script></body>")


def browsed(folder: Path, page: str, *, width: int = 1200) -> tuple[str, list[str]]:
    """Return the document as the browser leaves it, and what it wrote to the console."""
    file = folder / "report.html"
    file.write_text(page, encoding="utf-8")
    assert BROWSER is not None
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
    done = subprocess.run(
        [
            BROWSER,
            *options,
            "--enable-logging=stderr",
            "--log-level=0",
            "--virtual-time-budget=5000",
            f"--window-size={width},900",
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def noted(document: str) -> dict[str, Any]:
    (text,) = re.findall(r'<pre id="noted">(.*?)</pre>', document, re.DOTALL)
    return dict(json.loads(unescape(text)))


@pytest.mark.parametrize("word", [harmless, hostile])
def test_the_page_does_what_it_promises(tmp_path: Path, word: Any) -> None:
    page = as_html(example(word))
    document, console = browsed(tmp_path, with_probe(page, PROBE))
    assert console == []
    seen = noted(document)
    assert seen["all"] > seen["some"] > seen["none"] == 0
    assert seen["told"] == f"{seen['some']} of {seen['all']} shown"
    assert seen["focused"]
    assert seen["cleared"]
    assert seen["blurred"]
    assert seen["failing"] == 1
    first, second, third = seen["papers"]
    assert first == third != second
    assert seen["opened"] > 10
    assert seen["closed"] == 0
    assert not seen["wide"]


def test_a_narrow_window_needs_no_scrolling_sideways(tmp_path: Path) -> None:
    page = with_probe(as_html(example(harmless)), PROBE)
    document, _ = browsed(tmp_path, page, width=500)
    assert not noted(document)["wide"]


def test_a_script_that_the_policy_does_not_know_does_not_run(tmp_path: Path) -> None:
    page = as_html(example(harmless)).replace("</body>", f"<script>{PROBE}</script></body>")
    document, console = browsed(tmp_path, page)
    assert '<pre id="noted">' not in document
    assert [line for line in console if "Content Security Policy" in line]
