"""The accuracy table: its scores worked out by hand, its worlds, its plots, its command."""

import csv
import gzip
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from feedback import detection, instruments
from feedback.cli import main
from feedback.detection import evaluation
from feedback.detection.evaluation import plots, report, scoring
from feedback.detection.evaluation.run import Outcome
from feedback.detection.evaluation.worlds import KnownTruth, draw
from feedback.detection.simulation import WORLDS
from feedback.domain.errors import NotFound, Refused

FORM = instruments.load("rapport-session")
NAN = float("nan")
DOCUMENT = Path(__file__).parents[2] / "docs" / "detection.md"


def marks(text):
    return np.array([letter == "1" for letter in text], dtype=bool)


def an_outcome(*probability, case=None, forms=None):
    count = len(probability)
    return Outcome(
        np.array(probability, dtype=float),
        np.zeros(count, dtype=bool),
        np.array(forms or range(1, count + 1)),
        np.array(case or [0] * count),
    )


def a_truth(onset, in_rupture, excluded):
    return KnownTruth(marks(onset), marks(in_rupture), marks(excluded))


def test_auc_is_the_share_of_pairs_in_order_ties_counting_half():
    assert scoring.auc(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert np.isnan(scoring.auc(np.array([]), np.array([0.1])))


def test_an_old_rupture_and_the_dip_after_a_repair_are_in_neither_class():
    truth = a_truth("0100", "0100", "0010")
    assert scoring.score(an_outcome(0.1, 0.9, 0.99, 0.2), truth).auc == 1.0


def test_a_flag_on_what_is_left_of_a_rupture_is_right_but_not_right_now():
    """Ten forms, of which at 10 % one is flagged: the one in an old rupture."""
    truth = a_truth("0100000000", "0110000000", "0001100000")
    outcome = an_outcome(0.1, 0.3, 0.2, 0.9, *[0.1] * 6)
    found = scoring.score(outcome, truth)
    assert (found.right[0.10], found.right_now[0.10], found.caught[0.10]) == (1.0, 0.0, 0.0)


def test_a_rupture_is_caught_in_one_of_its_first_four_sessions_and_the_wait_is_counted():
    truth = a_truth("0100000000", "0111110000", "0000000000")
    early = scoring.score(an_outcome(0.1, 0.2, 0.2, 0.9, *[0.1] * 6), truth)
    late = scoring.score(an_outcome(0.1, 0.2, 0.2, 0.2, 0.2, 0.9, *[0.1] * 4), truth)
    assert (early.caught[0.10], early.delay[0.10]) == (1.0, 2.0)
    assert late.caught[0.10] == 0.0


def test_a_rupture_of_which_no_form_came_back_is_not_counted_against_a_method():
    truth = a_truth("1000000000001", "1000000000001", "0" * 13)
    outcome = an_outcome(NAN, *[0.1] * 11, 0.9)
    assert scoring.score(outcome, truth).caught[0.08] == 1.0


def test_an_episode_ends_with_its_case():
    truth = a_truth("100", "111", "000")
    assert [list(rows) for rows in scoring.episodes(truth, np.array([0, 0, 1]))] == [[0, 1]]


def test_ties_at_the_limit_are_broken_by_a_seeded_draw():
    outcome = np.full(50, 0.4)
    first = scoring.flagged(outcome, 0.08)
    assert first.sum() == 4
    assert (first == scoring.flagged(outcome, 0.08)).all()


def test_tenths_hold_every_answered_form_and_what_was_so():
    truth = a_truth("0100", "0100", "0010")
    (low, high) = scoring.tenths([an_outcome(0.05, 0.95, 1.0, NAN)], [truth])
    assert (low.count, low.given, low.was) == (1, 0.05, 0.0)
    assert (high.count, high.was, high.gap) == (2, 1.0, pytest.approx(0.025))


@pytest.fixture(scope="module")
def evaluated():
    methods = {name: detection.build(name, FORM) for name in ("switching", "cutoff", "direct")}
    found = evaluation.Evaluated(methods)
    for world in evaluation.simulated(FORM, seed=1, names=("base", "clients-hide-it"), cases=4):
        for name in methods:
            found.add(world, name)
    return found


def test_the_same_seed_draws_the_same_world_and_every_world_is_its_own():
    first, again = (draw(FORM, WORLDS["base"], seed=3, cases=1) for _ in range(2))
    assert first.answers == again.answers
    assert first.answers != draw(FORM, WORLDS["base"], seed=4, cases=1).answers
    assert first.answers != draw(FORM, WORLDS["noisy"], seed=3, cases=1).answers


def test_what_it_was_closest_to_goes_with_the_answers():
    rows = draw(FORM, WORLDS["base"], seed=3, cases=3).answers.rows
    assert any(row.form.closest for row in rows if row.form)


def test_an_unknown_world_is_refused_with_the_names_there_are():
    with pytest.raises(NotFound, match="base, mild-ceiling"):
        list(evaluation.simulated(FORM, seed=1, names=("eden",)))


def test_the_table_has_a_line_per_method_and_one_per_world_and_method(evaluated):
    text = evaluated.text()
    assert text.count("| `switching` |") == 1 + 2
    assert "Mean of 2 worlds" in text
    assert "clients-hide-it" in text


def test_the_mean_is_of_the_worlds(evaluated):
    both = [evaluated.scores[world, "switching"].auc for world in evaluated.names]
    assert f"| `switching` | {np.mean(both):.3f} |" in evaluated.text()


def test_where_a_published_rule_catches_more_it_is_said():
    low, high = (scoring.Scores(0, 0, 0, 0, {0.08: caught}, {0.08: 0}, {0.08: 0}, {0.08: 0}) for caught in (0.4, 0.5))
    found = {("w", "switching"): low, ("w", "direct"): high, ("w", "pooled"): high}
    assert report.lags(found, "switching") == [("w", "direct", pytest.approx(0.1))]


def test_the_plots_are_well_formed_and_say_what_they_show(evaluated):
    for drawing in (
        plots.roc_plot(evaluated.curves(), "two worlds"),
        plots.calibration_plot(evaluated.tenths(), "a < b"),
    ):
        root = ET.fromstring(drawing)  # noqa: S314  written a line above
        words = "".join(root.itertext())
        assert root.get("role") == "img"
        assert "switching" in words
        assert "nan" not in drawing


def test_a_roc_curve_goes_from_corner_to_corner_and_never_falls(evaluated):
    for curve in evaluated.curves().values():
        heights = [y for _, y in curve]
        assert (curve[0], curve[-1]) == ((0.0, 0.0), (1.0, 1.0))
        assert heights == sorted(heights)


def test_a_method_that_says_the_same_of_every_form_is_a_coin_on_the_roc_curve():
    truth = a_truth("0100000000", "0100000000", "0" * 10)
    across, upwards = scoring.roc(an_outcome(*[0.3] * 10), truth)
    assert upwards == pytest.approx(across)


def test_the_area_under_the_roc_curve_is_the_auc(evaluated):
    for name, curve in evaluated.curves().items():
        across, upwards = zip(*curve, strict=True)
        aucs = [evaluated.scores[world, name].auc for world in evaluated.names]
        assert np.trapezoid(upwards, across) == pytest.approx(np.mean(aucs), abs=0.01)


def test_a_document_without_the_marks_is_refused():
    with pytest.raises(Refused, match="no place for the tables"):
        evaluation.in_document("# Nothing here", "table")


@pytest.fixture
def evaluate(capsys):
    """Run the command as a person would, in this process."""

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["evaluate", *map(str, arguments)])
        said = capsys.readouterr()
        return int(left.value.code), said.out, said.err

    return run


def test_the_command_prints_the_table_and_writes_csv_plots_and_document(evaluate, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{evaluation.BEGIN}\nold\n{evaluation.END}\n\nend\n", encoding="utf-8")
    status, out, _ = evaluate(
        *("--worlds", "base", "--method", "direct", "--cases", 2, "--csv", tmp_path / "t.csv"),
        *("--plots", tmp_path / "drawn", "--document", page),
    )
    assert status == 0
    assert out.strip() in page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").endswith("end\n")
    (row,) = csv.DictReader((tmp_path / "t.csv").read_text(encoding="utf-8").splitlines())
    assert (row["world"], row["method"]) == ("base", "direct")
    assert 0 < float(row["caught_8"]) < 1
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == [
        "detection-calibration.svg",
        "detection-roc.svg",
    ]


def test_worlds_of_a_folder_are_scored_too(evaluate, tmp_path):
    head = "clinic,therapist,case,session,heard,safe,goals,approach,pace,respect,off\n"
    rows = ["0,0,0,1,9,9,9,9,9,9,0", "0,0,0,2,9,9,9,9,9,9,0", "0,0,0,3,2,2,9,9,9,9,3"]
    answers = "".join(f"{row}\n" for row in rows)
    truth = "answered,onset,in_rupture,excluded\n1,0,0,0\n1,0,0,0\n1,1,1,0\n"
    (tmp_path / "tiny.answers.csv.gz").write_bytes(gzip.compress((head + answers).encode()))
    (tmp_path / "tiny.truth.csv.gz").write_bytes(gzip.compress(truth.encode()))
    status, out, _ = evaluate("--from", tmp_path, "--method", "switching")
    assert status == 0
    assert "| tiny | `switching` | 1.000 |" in out


@pytest.mark.parametrize("arguments", [("--worlds", "eden"), ("--method", "crystal_ball")])
def test_wrong_names_are_one_line_and_status_2(evaluate, arguments):
    status, _, err = evaluate(*arguments)
    assert status == 2
    assert err.count("\n") == 1


def test_an_empty_folder_is_refused(evaluate, tmp_path):
    status, _, err = evaluate("--from", tmp_path)
    assert status == 2
    assert "holds no NAME.answers.csv.gz" in err


def test_the_documents_hold_the_whole_table_and_both_plots():
    page = DOCUMENT.read_text(encoding="utf-8")
    table = page.partition(evaluation.BEGIN)[2].partition(evaluation.END)[0]
    assert f"Mean of {len(WORLDS)} worlds" in table
    for line in (*report.MEAN_HEAD.splitlines(), *report.WORLD_HEAD.splitlines(), *report.TENTHS_HEAD.splitlines()):
        assert line in table
    for name in set(detection.names()) & set(report.SIMPLE) | {"switching", "pooled"}:
        assert table.count(f"| `{name}` |") == 2 + len(WORLDS)
    assert all(f"\n| {world} | `switching` |" in table for world in WORLDS)
    for picture in ("detection-roc.svg", "detection-calibration.svg"):
        drawn = ET.fromstring((DOCUMENT.parent / "pictures" / picture).read_text(encoding="utf-8"))  # noqa: S314  our own picture
        assert f"{len(WORLDS)} simulated worlds" in "".join(drawn.itertext())
        assert f"pictures/{picture}" in page


def test_the_calibration_in_the_documents_is_within_a_twentieth_where_there_are_a_hundred_forms():
    table = DOCUMENT.read_text(encoding="utf-8").partition(report.TENTHS_HEAD)[2].partition("\n\n")[0]
    tenths = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()]
    assert len(tenths) == 10
    assert all(float(gap) <= 0.05 for _, forms, _, _, gap in tenths if int(forms) >= 100)
