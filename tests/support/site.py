"""The documents as a site: `python -m tests.support.site` gathers the pages that `make site` builds.

They are the pages of the repository, word for word. What leads out of docs/, to code and tests, is no link on the site
and stays as text; the README is its first page.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.support.folders import CACHE, ROOT

PAGES = CACHE / "site-pages"
DOCS = ROOT / "docs"
MOVED = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages beside docs/, and where they stand on the site."""

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def gather(folder: Path) -> Iterator[str]:
    """Write every page into an empty folder, with pictures; give the pages' names."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder)
    for page in sorted(folder.rglob("*.md")):
        place = page.relative_to(folder)
        page.write_text(led(page.read_text(encoding="utf-8"), Path("docs") / place), encoding="utf-8")
        yield place.as_posix()
    for source, target in MOVED.items():
        text = (ROOT / source).read_text(encoding="utf-8").replace('src="docs/', 'src="')
        (folder / target).write_text(led(text, Path(source)), encoding="utf-8")
        yield target


def led(text: str, page: Path) -> str:
    """Return a page of the repository with its links as they lead on the site."""

    def lead(found: re.Match[str]) -> str:
        words, target = found[1], found[2]
        if re.match(r"[a-z]+:|#", target):
            return found[0]
        path, _, heading = target.partition("#")
        there = (ROOT / page.parent / path).resolve().relative_to(ROOT).as_posix()
        site = MOVED.get(there) or (there.removeprefix("docs/") if there.startswith("docs/") else "")
        if not site or not Path(site).suffix:
            return words
        own = MOVED.get(page.as_posix()) or page.as_posix().removeprefix("docs/")
        up = "../" * (len(Path(own).parts) - 1)
        return f"[{words}]({up}{site}{'#' if heading else ''}{heading})"

    return _LINK.sub(lead, text)


if __name__ == "__main__":
    print(f"{len(list(gather(PAGES)))} pages")
