"""Templates and style sheets that people can read: short lines, one element and one declaration to a line.

Their indentation is held by djhtml, in `make check`.
"""

import re

import pytest

from tests.house.repository import TEMPLATES, named
from tests.support.sheets import SHEETS, formatted

PAGES = sorted(TEMPLATES.rglob("*.html"))
WIDTH = 120
BLOCKS = (
    "article|aside|blockquote|dd|details|div|dl|dt|fieldset|footer|form|h1|h2|h3|header|li|main|nav|ol|option|p|section"
    "|select|summary|table|tbody|td|th|thead|tr|ul"
)


@pytest.mark.parametrize("file", [*PAGES, *SHEETS], ids=named)
def test_no_line_is_too_long_to_read(file):
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    assert [number for number, line in lines if len(line) > WIDTH] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=named)
def test_a_style_sheet_is_in_the_layout_of_all(sheet):
    text = sheet.read_text(encoding="utf-8")
    assert text == formatted(text), "run: make format"


@pytest.mark.parametrize("template", PAGES, ids=named)
def test_a_template_begins_one_block_to_a_line(template):
    lines = enumerate(template.read_text(encoding="utf-8").splitlines(), 1)
    assert [number for number, line in lines if len(re.findall(rf"<(?:{BLOCKS})\b", line)) > 1] == []


@pytest.mark.parametrize("template", PAGES, ids=named)
def test_an_element_in_which_white_space_counts_is_filled_by_an_expression(template):
    markup = template.read_text(encoding="utf-8")
    assert "<pre" not in markup, "web/white_space.py would join its lines"
    assert len(re.findall(r">\s*\{\{-? [^<>]* \}\}</textarea>", markup)) == markup.count("<textarea")
