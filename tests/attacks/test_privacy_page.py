"""The published figures are those of a run that met every gate; any other leaves the page as it is."""

from subprocess import CompletedProcess

import pytest

from tests.support import privacy_page
from tests.support.privacy_page import ATTACKS, CONTROLS, MEASURED_HEAD, PAGE, GateMissed, figures_of

WHOLE = [*(f"{attack} nothing" for attack in ATTACKS), *(f"A9: without {control}: red" for control in CONTROLS)]


def a_run(lines):
    return "\n".join(["......", "--- measured ---", *lines, "R1 of another suite", "6 passed"])


def test_a_whole_run_gives_its_figures_and_no_other_suites():
    assert figures_of(a_run(WHOLE), 0) == WHOLE


@pytest.mark.parametrize("gone", WHOLE)
def test_a_run_that_left_an_attack_out_is_refused(gone):
    with pytest.raises(GateMissed, match="Not measured"):
        figures_of(a_run([line for line in WHOLE if line != gone]), 0)


def test_a_run_in_which_a_gate_was_missed_leaves_the_page_as_it_is(monkeypatch, tmp_path, capsys):
    page = tmp_path / "privacy.md"
    page.write_text("as it was", encoding="utf-8")
    monkeypatch.setattr(privacy_page, "PAGE", page)
    monkeypatch.setattr(privacy_page, "ROOT", tmp_path)
    red = a_run(WHOLE) + "\nFAILED tests/attacks/test_figures.py::test_the_adversary_does_not_get_through"
    monkeypatch.setattr(privacy_page.subprocess, "run", lambda command, **_: CompletedProcess(command, 1, red))
    assert privacy_page.main() == 1
    assert page.read_text(encoding="utf-8") == "as it was"
    assert "test_the_adversary_does_not_get_through" in capsys.readouterr().out
    monkeypatch.setattr(privacy_page.subprocess, "run", lambda command, **_: CompletedProcess(command, 0, a_run(WHOLE)))
    assert privacy_page.main() == 0
    assert f"- {WHOLE[0]}\n" in page.read_text(encoding="utf-8")


def test_the_page_in_the_repository_is_of_a_whole_run():
    _, _, measured = PAGE.read_text(encoding="utf-8").partition(MEASURED_HEAD)
    figures = [line.removeprefix("- ") for line in measured.split("\n") if line]
    assert figures_of(a_run(figures), 0) == figures
