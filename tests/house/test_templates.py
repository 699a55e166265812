"""Pages that a strict policy lets through: no inline script, no inline style, everything escaped."""

import re

import pytest

from feedback.web import create_app
from tests.house.repository import PACKAGE, TEMPLATES, named

PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
SHEET = "<style>{{ client_sheet }}</style>"


def _markup(path):
    """A template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("template", PAGES, ids=named)
def test_a_template_is_escaped_and_carries_no_script_or_style_of_its_own(template):
    assert template.suffix == ".html", "only these are escaped by Flask"
    markup = _markup(template)
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", markup, flags=re.DOTALL | re.IGNORECASE)
    assert len(scripts) == len(re.findall(r"<script\b", markup, flags=re.IGNORECASE))
    assert all("src=" in attributes and not body.strip() for attributes, body in scripts)
    assert not re.search(r"\sstyle\s*=", markup, flags=re.IGNORECASE)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", markup, flags=re.IGNORECASE)
    assert "javascript:" not in markup.lower()
    assert not re.search(r"\|\s*safe\b|autoescape", markup)


def test_the_clients_sheet_is_the_only_style_element():
    with_style = {named(page): _markup(page) for page in PAGES if "<style" in _markup(page).lower()}
    assert list(with_style) == ["templates/_layout/client.html"]
    markup = with_style["templates/_layout/client.html"]
    assert markup.count(SHEET) == 1
    assert markup.lower().count("<style") == 1


def test_what_people_wrote_is_escaped(installation):
    app = create_app(installation)
    with app.test_request_context():
        assert app.jinja_env.autoescape("any/page.html") is True
        assert app.jinja_env.from_string("{{ it }}").render(it="<b>") == "&lt;b&gt;"


def test_every_template_is_used():
    code = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "web").rglob("*.py"))
    code += "".join(_markup(page) for page in PAGES)
    unused = [named(page) for page in PAGES if f'"{page.relative_to(TEMPLATES).as_posix()}"' not in code]
    assert unused == []
