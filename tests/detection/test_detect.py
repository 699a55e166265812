"""`feedback detect` as a person runs it."""

import csv
import gzip
from typing import NamedTuple

import numpy as np
import pytest

from feedback.cli import main
from feedback.detection.simulation import WORLDS, simulate_case
from feedback.detection.table import FOUND

HEAD = "therapist,case,session,heard,safe,goals,approach,pace,respect,off\n"
ROWS = "t,a,1,9,9,9,9,9,9,0\nt,a,2,,,,,,,\nt,a,3,9,9,9,8,9,9,0\nt,a,4,6,3,9,8,9,7,2\nt,b,1,10,10,10,10,10,10,3\n"
COLUMNS = ["therapist", "case", "session", *FOUND]


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def detect(capsys):
    """Run the command as a person would, in this process."""

    def run(source, target, *more):
        with pytest.raises(SystemExit) as left:
            main(["detect", "--input", str(source), "--output", str(target), *more])
        said = capsys.readouterr()
        return Ran(int(left.value.code), said.out, said.err)

    return run


def written(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def test_every_answered_form_is_written_with_its_reasons(answers, tmp_path, detect):
    ran = detect(answers, tmp_path / "found.csv")
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    rows = written(tmp_path / "found.csv")
    assert list(rows[0]) == COLUMNS
    assert [(row["case"], row["session"]) for row in rows] == [("a", "1"), ("a", "3"), ("a", "4"), ("b", "1")]
    dip, yes = rows[2], rows[3]
    assert dip["flag"] == yes["flag"] == "1"
    assert dip["level"] in {"worth_asking", "likely"}
    assert float(dip["value"]) == pytest.approx(7.0)
    assert float(dip["expected_low"]) > 7.0
    assert "free to say what was on their mind, 3" in dip["reasons"]
    assert "Something felt off: a little." in dip["reasons"]
    assert "as usual" not in yes["reasons"]
    assert rows[0]["expected_low"] == rows[0]["expected_high"] == ""


def test_gzip_is_read_and_written_directly(answers, tmp_path, detect):
    packed = tmp_path / "answers.csv.gz"
    packed.write_bytes(gzip.compress(answers.read_bytes()))
    assert detect(packed, tmp_path / "found.csv.gz").status == 0
    assert detect(answers, tmp_path / "found.csv").status == 0
    assert gzip.decompress((tmp_path / "found.csv.gz").read_bytes()) == (tmp_path / "found.csv").read_bytes()


def test_a_spreadsheets_byte_order_mark_is_no_part_of_a_name(answers, tmp_path, detect):
    answers.write_bytes(b"\xef\xbb\xbf" + answers.read_bytes())
    assert detect(answers, tmp_path / "found.csv").status == 0


def test_another_method_may_be_chosen(answers, tmp_path, detect):
    assert detect(answers, tmp_path / "found.csv", "--method", "direct", "--budget", "0.05").status == 0
    assert [row["flag"] for row in written(tmp_path / "found.csv")] == ["0", "0", "1", "1"]


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        ("case,session,note\na,1,hello\n", (), "Row 1, column heard: this column is missing"),
        (HEAD + "t,a,1,9,9,9,9,9,twelve,0\n", (), "Row 2, column respect: “twelve” is not a rating"),
        (HEAD + ROWS + "t,a,2,9,9,9,9,9,9,0\n", (), "Row 7, column session: 2 comes after 4 in case a"),
        (
            HEAD + ROWS,
            ("--method", "crystal_ball"),
            "There is no detection method “crystal_ball”. Choose one of: switching",
        ),
        (HEAD + ROWS, ("--budget", "0.5"), "between 0.05 and 0.12"),
        (HEAD + ROWS, ("--instrument", "unheard-of"), "unheard-of"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(text, more, says, tmp_path, detect):
    source, target = tmp_path / "answers.csv", tmp_path / "found.csv"
    source.write_text(text, encoding="utf-8")
    ran = detect(source, target, *more)
    assert ran.status == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert not target.exists()


def test_something_that_is_no_table_is_refused_by_name(tmp_path, detect):
    source = tmp_path / "photo.csv.gz"
    source.write_bytes(b"\x89PNG not gzip")
    ran = detect(source, tmp_path / "found.csv")
    assert ran.status == 2
    assert "photo.csv.gz is not a CSV file in UTF-8" in ran.err


def test_simulated_clients_go_through(tmp_path, detect):
    rng = np.random.default_rng(3)
    lines = [HEAD]
    for number in range(12):
        for form in simulate_case(rng, WORLDS["five-points"], sessions=8):
            cells = [form.ratings.get(item, "") for item in HEAD.strip().split(",")[3:9]]
            lines.append(
                f"t,{number},{form.session},{','.join(map(str, cells))},{'' if form.off is None else form.off}\n"
            )
    source = tmp_path / "answers.csv"
    source.write_text("".join(lines), encoding="utf-8")
    assert detect(source, tmp_path / "found.csv").status == 0
    assert all(0 <= float(row["probability"]) <= 1 and row["reasons"] for row in written(tmp_path / "found.csv"))
