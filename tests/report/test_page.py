"""The page: whatever stands in spec or evidence stays text; nothing is fetched."""

import base64
import dataclasses
import hashlib
import re
from collections.abc import Callable
from enum import Enum
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.report.reports import LATE, TREE, file_of, gated, put, ran, taskhub
from tospec.evidence import Outcome
from tospec.model.system import System
from tospec.report.page import as_html, verification_as_html
from tospec.report.report import Report, report_of
from tospec.report.trace import Executed
from tospec.source import Span

HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style></title></textarea>"
    "{{ 7*7 }}{% raw %}<!-- ]]> &lt;i&gt; &#60;i> \x00\x1b[31m\x9b\u202e\ud800 javascript:alert(1)"
)
SHOWN = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
_VOID = {"br", "meta", "input"}


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.values: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.scripts: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.values += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
            self.tags.append((f"/{tag}",))
        else:
            self.tags.append(("stray", tag))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment",))

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside in self.scripts:
            self.scripts[inside].append(data)
        self.texts.append(data)


def reworded(record: Any, word: Callable[[str], str], keep: frozenset[str]) -> Any:
    """Return a record with every text changed, except in fields of these names."""
    if isinstance(record, str) and not isinstance(record, Enum):
        return word(record)
    if isinstance(record, tuple):
        return tuple(reworded(each, word, keep) for each in record)
    if dataclasses.is_dataclass(record) and not isinstance(record, (type, Span)):
        names = [f.name for f in dataclasses.fields(record) if f.init and f.name not in keep]
        changed = {name: reworded(getattr(record, name), word, keep) for name in names}
        return dataclasses.replace(record, **changed)
    return record


def example(word: Callable[[str], str], *, tree: str = TREE) -> Report:
    """Return a report on TaskHub in which a word is put to all texts of people and of targets."""
    system: System = dataclasses.replace(
        taskhub(),
        title=word("TaskHub"),
        version=word("1"),
        requirements=tuple(
            dataclasses.replace(each, title=word(each.title), prose=word(each.prose))
            for each in taskhub().requirements
        ),
        decisions=reworded(taskhub().decisions, word, frozenset({"requirements", "span"})),
    )
    first = system.requirements[0].id
    keep = frozenset({"requirements", "tree", "spec"})
    states = (Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE)
    executed = Executed(
        tree=TREE,
        spec="s",
        tests=reworded(ran(*((first, each) for each in states), tree=tree), word, keep),
        verification=reworded(put(*((first, each) for each in states), tree=tree), word, keep),
    )
    files = (reworded(file_of(first), word, frozenset({"origins"})),)
    gates = (reworded(gated(), word, frozenset()),)
    made = report_of(system, tool="1", spec=word("s"), files=files, executed=executed, gates=gates)
    return dataclasses.replace(
        made,
        rules=reworded(made.rules, word, frozenset()),
        fields=reworded(made.fields, word, frozenset()),
    )


def hostile(text: str) -> str:
    return f"{text}{HOSTILE}"


def harmless(text: str) -> str:
    return f"{text} nothing"


def test_hostile_text_makes_no_element_and_no_attribute() -> None:
    bad, good = Structure(as_html(example(hostile))), Structure(as_html(example(harmless)))
    assert bad.tags == good.tags
    assert len(good.tags) > 1000
    assert {tag[0] for tag in good.tags}.isdisjoint({"stray", "comment"})
    assert good.open == []
    assert bad.scripts == good.scripts
    text = "".join(bad.texts)
    assert text.count(SHOWN) > 30
    assert "{{ 7*7 }}" in text
    assert "49" not in text.replace("149", "").split()


def test_the_comparison_sees_an_element_that_is_not_escaped() -> None:
    page = as_html(example(hostile))
    head, body = page.split("<h1>")
    broken = f"{head}<h1>{body.replace('&lt;img src=x', '<img src=x', 1)}"
    assert broken != page
    assert [tag for tag in Structure(broken).tags if tag[:3] == ("img", "src", "onerror")]
    assert Structure(broken).tags != Structure(page).tags
    assert not [tag for tag in Structure(page).tags if tag[0] == "img"]


def test_a_verification_of_its_own_is_as_safe() -> None:
    def page(word: Callable[[str], str]) -> str:
        made = put(*(("R", each) for each in Outcome))
        return verification_as_html(reworded(made, word, frozenset({"tree"})))

    bad, good = Structure(page(hostile)), Structure(page(harmless))
    assert bad.tags == good.tags
    assert SHOWN in "".join(bad.texts)


def test_no_control_characters_and_no_half_characters() -> None:
    for page in (as_html(example(hostile)), verification_as_html(put(("R", Outcome.FAILED)))):
        page.encode()
        odd = {c for c in page if not c.isprintable() and c not in "\n\t"}
        assert odd == set()


def test_the_policy_allows_the_page_s_own_style_and_script_only() -> None:
    page = as_html(example(hostile))
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    found = Structure(page)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    for kind in ("script", "style"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    names = {name for tag in found.tags for name in tag[1:]}
    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names


@pytest.mark.parametrize("word", [hostile, harmless])
def test_nothing_is_fetched(word: Callable[[str], str]) -> None:
    found = Structure(as_html(example(word)))
    tags = {tag[0] for tag in found.tags}
    assert tags.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "form", "source"})
    assert not {name for tag in found.tags for name in tag[1:]} & {"src", "srcset", "action"}
    targets = {value for name, value in found.values if name in {"href", "xlink:href"}}
    assert len(targets) > 10
    assert {target for target in targets if not target.startswith("#")} == set()
    assert "url(" not in "".join(found.scripts["style"]).replace("url(#", "")


def test_links_lead_to_places_of_the_page() -> None:
    found = Structure(as_html(example(harmless)))
    ids = [value for name, value in found.values if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {value[1:] for name, value in found.values if name == "href"}
    assert targets <= set(ids)


def test_evidence_about_another_tree_is_not_counted() -> None:
    def tiles(page: str) -> list[str]:
        return re.findall(r"<b>(\d+ / \d+)</b>", page)

    now, late = as_html(example(harmless)), as_html(example(harmless, tree=LATE))
    assert tiles(now) == ["1 / 3", "1 / 3", "0 / 1"]
    assert tiles(late) == ["0 / 0", "0 / 0", "0 / 1"]
    shown = "Kind of case"
    assert (shown in now, shown in late) == (True, False)
    assert "that says nothing of this one" in late


def test_the_same_report_is_the_same_page() -> None:
    assert as_html(example(hostile)) == as_html(example(hostile))
