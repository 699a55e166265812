"""The detector without a product around it: the page that shows how runs as it stands."""

import re
from pathlib import Path

import pytest

from feedback.detection import build, judge_ratings
from feedback.domain.errors import DetectionInputWrong
from tests.detection.made import an_instrument

PAGE = Path(__file__).parents[2] / "docs" / "detection-library.md"
MADE = an_instrument(scales=2)
METHOD = build("switching", MADE)


def test_the_examples_of_the_page_run_as_they_stand(capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    known = {}
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), known)  # noqa: S102  our own page
    assert len(blocks) >= 6
    assert "Something felt off: a little." in capsys.readouterr().out


def test_a_session_without_a_form_is_passed_over_and_still_lets_time_pass():
    judged = judge_ratings(METHOD, MADE, [{"q0": 9, "q1": 9}, None, {"q0": None, "q1": 8}])
    assert [one.session for one in judged] == [1, 3]
    assert judged[-1].finding.forms == 2


@pytest.mark.parametrize(
    ("ratings", "direct", "says"),
    [
        ([{"q0": 11}], (), "Session 1, q0: 11 is not a rating. Give 0 to 10"),
        ([{"q0": float("nan")}], (), "Session 1, q0: nan is not a rating"),
        ([{"q0": 9}, {"heard": 9}], (), "Session 2, heard: no rated item has this name. Use q0, q1"),
        ([{"q0": 9}], (0, 1), "There are 1 sessions and 2 direct answers"),
    ],
)
def test_wrong_input_names_the_session_the_item_and_the_remedy(ratings, direct, says):
    with pytest.raises(DetectionInputWrong, match=says):
        judge_ratings(METHOD, MADE, ratings, direct=direct)
