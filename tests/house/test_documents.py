"""Documents that cannot lie: what they name exists."""

import re
from pathlib import Path

import click
import pytest

from feedback.cli import main
from feedback.settings import Settings
from feedback.web import create_app
from tests.house.repository import named, tracked
from tests.support.folders import ROOT
from tests.support.reference_pages import PAGES

DOCUMENTS = sorted(path for path in tracked() if path.suffix == ".md")
SUITE_SETTINGS = {"FEEDBACK_TEST_CHROMIUM", "FEEDBACK_TEST_FIREFOX", "FEEDBACK_TEST_POSTGRES_URL"}
SETTINGS = {f"FEEDBACK_{name.upper()}" for name in Settings.model_fields} | {"FEEDBACK_SECRETS_DIR"} | SUITE_SETTINGS
SYSTEM = ("/etc", "/var", "/srv", "/usr", "/run", "/opt", "/dev", "/proc", "/mnt")
TOP_LEVEL = {path.relative_to(ROOT).parts[0] for path in tracked()}


def _text(path):
    return path.read_text(encoding="utf-8")


def _code(path):
    """Everything a document sets as code: lines of its blocks, and what stands between backticks."""
    text = _text(path)
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    yield from (line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def _command(words):
    """Follow a command line's words to its command; raises `AssertionError` at the first that does not exist."""
    command = main
    context = click.Context(main, info_name="feedback")
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        found = command.get_command(context, word)
        assert found is not None, f"there is no command {word!r} in {context.command_path}"
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {word.split("=")[0] for word in words if word.startswith("--")}
    assert used <= known | {"--help", "--version"}, words


def _heading_ids(path):
    headings = re.findall(r"^#+ (.+)$", _text(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_its_make_targets_exist(document):
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), flags=re.MULTILINE))
    used = {hit for code in _code(document) for hit in re.findall(r"(?:^|[;&] |\d )make ([a-z]+)", code)}
    assert used <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_its_commands_exist(document):
    for code in _code(document):
        line = re.match(r"(?:[A-Z_]+=\S+ )*(?:sudo (?:-u \S+ )?)?(?:\.venv/bin/)?feedback(?: (.+))?$", code)
        if line and line[1]:
            words = re.split(r"\s+", re.sub(r"[\[\]…]|\.\.\.|#.*|\|.*| > .*", " ", line[1]).strip())
            _command([word for word in words if word])


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_its_settings_exist(document):
    assert set(re.findall(r"FEEDBACK_[A-Z_]*[A-Z]", _text(document))) <= SETTINGS


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_its_addresses_exist(document, every_rule):
    for code in _code(document):
        address = re.match(r"(?:(?:GET|POST) )?(/[\w{}./-]*)(?:\?\S*)?$", code)
        if address and not address[1].startswith(SYSTEM):
            assert re.sub(r"\{[^}]*\}", "{}", address[1].rstrip("/") or "/") in every_rule, address[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_its_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"", _text(document)):
        link = target[0] or target[1]
        if re.match(r"[a-z]+:", link):
            continue
        file, _, heading = link.partition("#")
        there = (document.parent / file).resolve() if file else document
        assert there.exists(), link
        assert not heading or heading in _heading_ids(there), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_its_files_exist(document):
    for code in _code(document):
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+/?", code) and code.split("/")[0] in TOP_LEVEL:
            assert (ROOT / code).exists() or not Path(code).suffix, code


def test_the_list_of_decisions_is_whole():
    folder = ROOT / "docs/decisions"
    pages = {path.name for path in folder.glob("[0-9]*.md")}
    assert set(re.findall(r"\]\((\d{4}-[^)]+)\)", _text(folder / "README.md"))) == pages
    assert len({page[:4] for page in pages}) == len(pages), "a number is used once"


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("[0-9]*.md")), ids=named)
def test_a_decision_has_the_usual_parts_and_fits_one_screen(page):
    text = _text(page)
    assert re.match(rf"# {page.name[:4]} [^\n]+\n\n\*\*Status\.\*\* (Accepted|Superseded)\b", text)
    assert [part for part in ("Context", "Decision", "Consequences") if f"\n## {part}\n" not in text] == []
    assert len(text.split()) <= 600


@pytest.mark.parametrize("written", PAGES)
def test_the_pages_written_from_the_code_are_current(written):
    assert _text(ROOT / written) == PAGES[written](), "run: make docs"


@pytest.fixture(scope="session")
def every_rule(tmp_path_factory, sqlite_shelf):
    """Every address the product answers, with each variable part as `{}`."""
    from tests.support.installing import install

    folder = tmp_path_factory.mktemp("routes")
    with sqlite_shelf.migrated(folder) as database:
        rules = [rule.rule for rule in create_app(install(database, folder)).url_map.iter_rules()]
    return {re.sub(r"<[^>]*>", "{}", rule).rstrip("/") or "/" for rule in rules}
