"""The site has every document, and its links lead somewhere."""

import re

import yaml

from tests.support.folders import ROOT
from tests.support.site import MOVED, gather


def _pages(nav):
    for entry in nav:
        for what in entry.values():
            yield from [what] if isinstance(what, str) else _pages(what)


def test_every_document_stands_in_the_menu_once(tmp_path):
    written = {page for page in gather(tmp_path / "pages") if not re.match(r"decisions/\d", page)}
    listed = list(_pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]))
    assert sorted(listed) == sorted(written)


def test_every_link_of_the_site_leads_to_a_page_or_picture(tmp_path):
    for page in list(gather(tmp_path / "pages")):
        there = tmp_path / "pages" / page
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)|src=\"([^\"]+)\"", there.read_text()):
            link = target[0] or target[1]
            assert re.match(r"[a-z]+:", link) or (there.parent / link).exists(), (page, link)


def test_the_first_page_is_the_readme():
    assert MOVED["README.md"] == "index.md"
