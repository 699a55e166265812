"""What holds for every format: only releases, the same bytes each time, nothing about a person."""

import hashlib
import inspect
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from feedback.domain.figures.release import FigureStatus, Release
from feedback.exporters import FORMATS, Format, export, package
from feedback.exporters.cells import neutral
from tests.support.builders import a_release


@pytest.mark.parametrize("wanted", Format)
def test_every_format_is_made_of_a_release_and_nothing_else(wanted):
    assert FORMATS.keys() == set(Format)
    (first, *_) = inspect.signature(export, eval_str=True).parameters.values()
    assert first.annotation is Release
    assert next(file.name for file in export(a_release(), wanted)).startswith("rapport-2026-Q3.")


def test_the_same_release_gives_the_same_bytes_in_another_process_too():
    program = (
        "import hashlib; from feedback.exporters import Format, export\n"
        "from tests.support.builders import a_release\n"
        "print([hashlib.sha256(f.content).hexdigest() for wanted in Format for f in export(a_release(), wanted)])"
    )
    here = [file.content for wanted in Format for file in export(a_release(), wanted)]
    there = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert there.stdout.strip() == str([hashlib.sha256(content).hexdigest() for content in here])


def test_the_package_gives_the_same_bytes():
    assert package(a_release()) == package(a_release())


@pytest.mark.parametrize("wanted", Format)
def test_a_clinic_without_figures_can_be_exported_too(wanted):
    release = a_release()
    bare = {"status": FigureStatus.GATED, "value": None, "lower95": None, "upper95": None}
    gated = replace(release, figures=tuple(replace(each, **bare) for each in release.figures))
    assert export(gated, wanted)[0].content


def test_another_release_gives_other_bytes():
    for wanted in Format:
        assert export(a_release("2026-09"), wanted)[0].content != export(a_release("2026-08"), wanted)[0].content


@pytest.mark.parametrize("harmless", ["Quay", "Örtliche Praxis", "2nd floor", "a=b", "", "  ", "O’Neill & Sons"])
def test_harmless_names_stay_as_they_are(harmless):
    assert neutral(harmless) == harmless


@pytest.mark.parametrize("dangerous", ["=1", "  +1", "\t-1", "\n@x", "＝1", "－2", "\u00a0=1"])
def test_a_name_that_would_calculate_gets_an_apostrophe(dangerous):
    assert neutral(dangerous) == f"'{dangerous}"
