"""What the README shows is what the commands print."""

import re
from pathlib import Path

from tospec import assess, read
from tospec.report import escalations

ROOT = Path(__file__).parents[2]


def test_the_shown_question_is_one_of_the_draft() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^question\[.*?(?=^…)", readme, re.MULTILINE | re.DOTALL)
    reading = read(ROOT / "examples" / "taskhub-draft")

    printed = escalations.as_text(assess(reading).escalations, reading.sources)

    assert shown.strip() in printed


def test_the_draft_is_open_and_the_finished_spec_is_not() -> None:
    draft, finished = (read(ROOT / "examples" / name) for name in ("taskhub-draft", "taskhub"))

    assert sum(e.blocking for e in assess(draft).escalations) >= 20
    assert [e.id for e in assess(finished).escalations if e.blocking] == []
