"""Doors into files that are not Python."""

import configparser
import json
import tomllib

import pytest
import yaml
from hypothesis import given
from markdown_it import MarkdownIt

from tests.python.hostile import HOSTILE, hostile_texts
from tospec.python import (
    ini_value,
    json_string,
    markdown_text,
    text_line,
    text_name,
    toml_string,
    yaml_string,
)


@given(hostile_texts())
def test_yaml_reads_back_the_text(text: str) -> None:
    source = f"a: {yaml_string(text).text}\nb: {yaml_string('x').text}\n"
    assert yaml.safe_load(source) == {"a": text, "b": "x"}


@given(hostile_texts())
def test_toml_reads_back_the_text(text: str) -> None:
    assert tomllib.loads(f"a = {toml_string(text).text}\n") == {"a": text}


@given(hostile_texts())
def test_json_reads_back_the_text(text: str) -> None:
    assert json.loads(json_string(text).text) == text


@given(hostile_texts())
def test_ini_reads_back_the_line(text: str) -> None:
    parser = configparser.ConfigParser()
    parser.read_string(f"[s]\na = {ini_value(text).text}\nb = 1\n")
    assert parser["s"]["a"] == text_line(text).text
    assert parser["s"]["b"] == "1"


@given(hostile_texts())
def test_a_line_is_one_line(text: str) -> None:
    line = text_line(text).text
    assert len(line.splitlines()) <= 1
    assert line.isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_the_text_and_no_markup(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(f"{markdown_text(text).text}\n")
    kinds = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}
    shown = "".join(c.content for t in tokens for c in t.children or ())
    assert shown == text_line(text).text


def test_markdown_alone_would_be_markup() -> None:
    tokens = MarkdownIt("commonmark").parse("# head\n")
    assert tokens[0].type == "heading_open"


def test_names_are_names() -> None:
    assert text_name("task-hub_1.0").text == "task-hub_1.0"
    for bad in ("", "a b", "-x", "a\nb", "a/b", "é"):
        with pytest.raises(ValueError, match="is not a name"):
            text_name(bad)


def test_a_lone_surrogate_is_refused() -> None:
    for door in (yaml_string, toml_string, text_line):
        with pytest.raises(ValueError, match="surrogate"):
            door("\ud800")
