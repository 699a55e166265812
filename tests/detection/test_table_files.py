"""`feedback detect` on files as people have them: read rightly, or refused with the row and the remedy, and it ends."""

import csv
import gzip
import io
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from feedback.cli import main, table_files
from feedback.detection import build, names
from feedback.detection.switching.filter import LONGEST_WALK
from feedback.detection.table import judge, read_table, records
from feedback.domain.errors import DetectionInputWrong
from tests.detection.made import an_instrument

HEAD = "case,session,heard,safe,goals,approach,pace,respect,note"
LINES = [f"{case},{session},9,8,9,{8 - session % 2},8,9,fine" for case in ("P0", "P1") for session in range(1, 9)]
PLAIN = "\n".join([HEAD, *LINES]) + "\n"


@pytest.fixture
def detect(capsys, tmp_path):
    """Run the command on the bytes of a table; gives status, what was said, and what was written or None."""

    def run(content, *more, name="answers.csv", target=None):
        source, target = tmp_path / name, target or tmp_path / "found.csv"
        if content is not None:
            source.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(SystemExit) as left:
            main(["detect", "--input", str(source), "--output", str(target), *more])
        is_there = target.exists() and target.is_file()
        return int(left.value.code), capsys.readouterr().err, target.read_text("utf-8") if is_there else None

    return run


@pytest.fixture
def plain(detect, tmp_path):
    """What is found in the plain table."""
    return detect(PLAIN, target=tmp_path / "plain.csv")[2]


READ_ALIKE = {
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "a mark of a spreadsheet": "\ufeff" + PLAIN,
    "a mark inside gzip": gzip.compress(("\ufeff" + PLAIN).encode()),
    "gzip in two parts": gzip.compress(PLAIN[:90].encode()) + gzip.compress(PLAIN[90:].encode()),
    "UTF-16 as Excel's Unicode text": PLAIN.replace(",", "\t").encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "UTF-32": PLAIN.encode("utf-32"),
    "line ends of Windows": PLAIN.replace("\n", "\r\n"),
    "line ends of an old Mac": PLAIN.replace("\n", "\r"),
    "no line end at the end": PLAIN.rstrip("\n"),
    "rows that are blank": PLAIN + ",,,,,,,,\n , ,,,,,,,\n\n",
    "blank rows in between and before": "\n,,\n" + PLAIN.replace("\n", "\n,,,,,,,,\n"),
    "Excel's hint of the separator": "sep=;\r\n" + PLAIN.replace(",", ";"),
    "blank cells beyond the last column": PLAIN.replace("fine\n", "fine,,\n"),
    "everything in quotes": "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in PLAIN.split("\n")[:-1]),
    "decimal points": PLAIN.replace(",9,", ",9.0,"),
    "decimal commas beside semicolons": PLAIN.replace(",", ";").replace(";9;", ";9,0;"),
    "blanks around cells": PLAIN.replace(",", " , "),
}


@pytest.mark.parametrize("content", READ_ALIKE.values(), ids=READ_ALIKE)
def test_the_same_table_in_another_coat_is_read_the_same(detect, plain, content):
    status, said, found = detect(content)
    assert (status, found) == (0, plain), said
    assert "Row" not in said


@pytest.mark.parametrize("name", ["answers.csv", "answers.csv.gz", "answers"])
def test_gzip_is_known_by_its_beginning_not_by_its_name(detect, plain, name):
    assert detect(gzip.compress(PLAIN.encode()), name=name)[2] == plain


def swallowed(opens, closes):
    lines = [HEAD, *LINES]
    lines[opens] = lines[opens].replace("fine", opens and '"left early')
    if closes:
        lines[closes] = lines[closes].replace("fine", 'late"')
    return "\n".join(lines) + "\n"


def with_cell(text, row=4, column=2):
    lines = [line.split(",") for line in [HEAD, *LINES]]
    lines[row - 1][column] = text
    return "\n".join(",".join(line) for line in lines) + "\n"


REFUSED = {
    "a quote that takes the rest": (swallowed(7, 0), "Row 8: a quote opens in this row"),
    "a quote that takes eight rows": (
        swallowed(4, 12),
        "Row 5, column note: a quote opens here and takes the rows up to",
    ),
    "a quote that takes one row": (swallowed(4, 5), "Row 5, column note: a quote opens here"),
    "two stray quotes": (swallowed(4, 0).replace("P1,3,9,8,9,7,8,9,fine", 'P1,3,9,8,9,7,8,9,"ok'), "Row 5: a quote"),
    "a quote in a case": (with_cell('"P0', column=0), "Row 4: a quote opens in this row"),
    "a quote in the header": (PLAIN.replace("heard", '"heard', 1), "Row 1: a quote opens in this row"),
    "a closed quote in the header": (PLAIN.replace("note\n", '"no\nte"\n', 1), "Row 1: a quote in the header"),
    "a line break in a rating": (with_cell('"9\n"'), "Row 4, column heard: this cell holds a line break"),
    "a backslash before a quote": (with_cell('"said \\"no\\""', column=8), "Row 4: a quote opens in this row"),
    "a column twice": (PLAIN.replace("note", "heard", 1), "Row 1, column heard: this column is there twice"),
    "the case twice": (PLAIN.replace("note", "case", 1), "column case: this column is there twice"),
    "a column twice but for blanks": (PLAIN.replace("note", " heard ", 1), "column heard: this column is there twice"),
    "a row with cells too many": (PLAIN + "P2,1,9,9,9,9,9,9,a,b\n", "Row 18, column last: there are more cells"),
    "an underscore": (with_cell("1_0"), "Row 4, column heard: “1_0” is not a rating"),
    "an exponent": (with_cell("1e1"), "“1e1” is not a rating"),
    "a huge exponent": (with_cell("1e400"), "“1e400” is not a rating"),
    "a tiny exponent": (with_cell("1e-400"), "“1e-400” is not a rating"),
    "not finite": (with_cell("-Infinity"), "is not a rating"),
    "hexadecimal": (with_cell("0x9"), "is not a rating"),
    "negative": (with_cell("-1"), "“-1” is not a rating"),
    "out of range": (with_cell("10.5"), "“10.5” is not a rating"),
    "digits of another script": (with_cell("٩"), "is not a rating"),
    "full-width digits": (with_cell("９"), "is not a rating"),
    "a decimal comma between commas": (with_cell('"7,5"'), "“7,5” is not a rating"),
    "a very long number": (with_cell("1" * 4400), "is not a rating"),
    "a terminal's orders": (with_cell("\x1b[2J9"), "“�[2J9” is not a rating"),
    "a session in words": (with_cell("three", column=1), "“three” is not the number of a therapy session"),
    "a session that is an instant": (with_cell("1741392000", column=1), "“1741392000” is not the number"),
    "a session with thousands": (with_cell("3,000", column=1).replace(",", ";").replace("3;000", "3,000"), "“3,000”"),
    "a session of nought": (with_cell("0", column=1), "“0” is not the number"),
    "a session twice": (with_cell("2", column=1), "Row 4, column session: 2 comes after 2 in case P0"),
    "no case": (with_cell("", column=0), "Row 4, column case: this cell is blank"),
    "a case that is not there": (with_cell("NaN", column=0), "Row 4, column case: this cell is blank"),
    "a NUL": (with_cell("9\0"), "Row 4: there is a NUL character"),
    "UTF-16 without a mark": (PLAIN.encode("utf-16-le"), "Row 1: there is a NUL character"),
    "Latin-1": (with_cell("Zoë", column=8).encode("latin-1"), "Row 4: answers.csv is not a CSV file in UTF-8 here"),
    "half of UTF-16": (PLAIN.encode("utf-16")[:-1], "is not a CSV file"),
    "nothing": ("", "Row 1, column case: this column is missing"),
    "a header alone": (HEAD + "\n", "Row 1: there is no row below this header"),
    "blank rows alone": (",,,\n\n,,\n", "Row 1, column case: this column is missing"),
    "a header and blank rows": (HEAD + "\n,,,\n", "Row 1: there is no row below this header"),
    "a separator nobody knows": (PLAIN.replace(",", "|"), "Row 1, column case: this column is missing"),
    "a hint of one nobody knows": ("sep=|\n" + PLAIN.replace(",", "|"), "Row 1: “|” is no separator"),
    "gzip cut short": (gzip.compress(PLAIN.encode())[:-9], "or is cut short"),
    "gzip that is damaged": (gzip.compress(PLAIN.encode())[:30] + b"\xff" * 90, "nor one packed with gzip"),
    "gzip within gzip": (gzip.compress(gzip.compress(PLAIN.encode())), "is not a CSV file in UTF-8 here"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "answers.csv is an old spreadsheet"),
    "a cell without an end": (with_cell("x" * 140_000, column=8), "Row 4: a quote opens in this row"),
}


@pytest.mark.parametrize(("content", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_for_certain_is_refused_with_row_and_remedy(detect, content, says):
    status, said, found = detect(content)
    assert (status, found) == (2, None)
    assert says in said
    assert len(said.splitlines()[-1]) < 400


def test_a_zip_archive_is_refused_by_name(detect):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("answers.csv", PLAIN)
    assert "answers.csv is a spreadsheet or a zip archive. Save the table as CSV" in detect(out.getvalue())[1]


def test_a_note_of_several_lines_is_read_and_said(detect):
    status, said, found = detect(with_cell('"first line\nsecond, line"', column=8))
    assert (status, found.count("\n")) == (0, 17)
    assert "Row 4, column note: this cell runs on to row 5, and was read as its text." in said


def test_a_row_that_is_cut_short_is_said(detect):
    status, said, found = detect(PLAIN + "P2,1,9,9\n")
    assert (status, found.count("\n")) == (0, 18)
    assert "Row 18 has 4 cells for 9 columns; the others count as not answered." in said


def test_many_notes_are_counted_not_listed(detect):
    _, said, _ = detect("\n".join([HEAD, *(f"P{n},1,9,9" for n in range(50))]))
    assert said.count("cells for 9 columns") == 10
    assert "… and 40 more of this kind." in said


def test_a_table_without_an_answer_is_said(detect):
    status, said, found = detect(f"{HEAD}\na,1,,,,,,,\n")
    assert (status, found.count("\n")) == (0, 1)
    assert "No row holds an answer" in said


def test_one_name_in_two_encodings_of_its_letters_is_one_case(detect, plain):
    halves = [line.replace("P0", "Zoë" if at % 2 else "Zoe\u0308") for at, line in enumerate(LINES)]
    _, said, found = detect("\n".join([HEAD, *halves]))
    assert "spelling" not in said
    ours = [list(row.values())[2:] for row in csv.DictReader(io.StringIO(found))]
    assert ours == [list(row.values())[2:] for row in csv.DictReader(io.StringIO(plain))]


@pytest.mark.parametrize("other", ["p1", "P 1", "P\u200b1", "Ｐ1", "P1.0"])
def test_two_cases_that_look_the_same_are_judged_as_two_and_said(detect, other):
    _, said, _ = detect(PLAIN.replace("P0", other))
    assert "are judged as two, and differ in spelling alone" in said


@pytest.mark.parametrize("name", ["=1+1", "+1", "@SUM(A1)", "＝1", "-1"])
def test_no_cell_of_what_is_found_is_a_formula(detect, name):
    found = detect(PLAIN.replace("P0", name))[2]
    assert {row["case"] for row in csv.DictReader(io.StringIO(found))} == {f"'{name}", "P1"}


def same_path(source, _folder):
    return source


def another_spelling(source, folder):
    (folder / "sub").mkdir()
    return folder / "sub" / ".." / source.name


def a_symbolic_link(source, folder):
    (folder / "link.csv").symlink_to(source)
    return folder / "link.csv"


def a_hard_link(source, folder):
    (folder / "hard.csv").hardlink_to(source)
    return folder / "hard.csv"


def a_link_to_its_folder(source, folder):
    (folder / "here").symlink_to(folder)
    return folder / "here" / source.name


SAME = (same_path, another_spelling, a_symbolic_link, a_hard_link, a_link_to_its_folder)


@pytest.mark.parametrize("option", ["--output", "--fit"])
@pytest.mark.parametrize("way", SAME, ids=lambda way: way.__name__)
def test_what_is_read_is_never_written_over(capsys, tmp_path, way, option):
    source = tmp_path / "answers.csv"
    source.write_text(PLAIN)
    outputs = {"--output": tmp_path / "found.csv"} | {option: way(source, tmp_path)}
    with pytest.raises(SystemExit) as left:
        main(["detect", "--input", str(source), *(str(word) for pair in outputs.items() for word in pair)])
    assert left.value.code == 2
    assert "is the same file as" in capsys.readouterr().err
    assert source.read_text() == PLAIN


def test_nor_is_the_instrument_the_parameters_or_another_output(capsys, tmp_path):
    source, same = tmp_path / "answers.csv", tmp_path / "same.json"
    source.write_text(PLAIN)
    same.write_text("{}")
    for more in (("--instrument", str(same)), ("--parameters", str(same)), ("--fit", str(same))):
        with pytest.raises(SystemExit):
            main(["detect", "--input", str(source), "--output", str(same), *more])
        assert "is the same file as" in capsys.readouterr().err
    assert same.read_text() == "{}"


def test_nor_through_standard_output(tmp_path):
    source = tmp_path / "answers.csv"
    source.write_text(PLAIN)
    with source.open("a") as appending:
        words = ["--input", str(source), "--output", "/dev/stdout"]
        done = run(words, stdout=appending)
    assert done.returncode == 2
    assert b"is the same file as" in done.stderr
    assert source.read_text() == PLAIN


def run(words, **more):
    command = [sys.executable, "-m", "feedback", "detect", *words]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, check=False, **more)


def test_standard_output_may_be_a_pipe(tmp_path, plain):
    (tmp_path / "answers.csv").write_text(PLAIN)
    done = run(["--input", str(tmp_path / "answers.csv"), "--output", "/dev/stdout"], stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout.decode()) == (0, plain)


def test_an_old_longer_output_leaves_nothing_behind(detect, plain, tmp_path):
    (tmp_path / "found.csv").write_text("x" * 100_000)
    assert detect(PLAIN)[2] == plain


@pytest.mark.parametrize("what", ["/dev/zero", "/dev/null", "pipe"])
def test_an_input_without_an_end_is_refused_before_it_is_read(tmp_path, what):
    source = tmp_path / "pipe"
    os.mkfifo(source)
    done = run(["--input", str(source) if what == "pipe" else what, "--output", str(tmp_path / "found.csv")])
    assert done.returncode == 2
    assert b"is a pipe or a device" in done.stderr


def test_an_output_that_nobody_reads_is_refused(tmp_path):
    (tmp_path / "answers.csv").write_text(PLAIN)
    os.mkfifo(tmp_path / "pipe")
    done = run(["--input", str(tmp_path / "answers.csv"), "--output", str(tmp_path / "pipe")])
    assert done.returncode == 1
    assert b"pipe: No such device or address." in done.stderr


def test_a_table_has_bounds(detect, monkeypatch):
    monkeypatch.setattr(records, "MOST_ROWS", 10)
    assert "Row 12: a table has at most 10 rows" in detect(PLAIN)[1]
    monkeypatch.setattr(records, "MOST_COLUMNS", 5)
    assert "Row 1: a table has at most 5 columns" in detect(PLAIN)[1]


def test_a_small_file_that_unpacks_to_a_large_one_is_given_up_at_the_bound(detect, monkeypatch):
    monkeypatch.setattr(table_files, "MOST_BYTES", 2**20)
    assert "answers.csv holds more than 1 MiB" in detect(gzip.compress(b"\n" * 2**22))[1]
    assert "answers.csv holds more than 1 MiB" in detect(b"\n" * 2**21)[1]


@pytest.mark.parametrize("name", names())
def test_a_long_way_between_two_sessions_costs_no_more_than_a_short_one(name):
    made = an_instrument(scales=2)
    method, walked = build(name, made), []
    for last in (LONGEST_WALK + 2, 9_999):
        table = read_table(["case,session,q0,q1\na,1,9,9\n", f"a,{last},3,3\n"], made)
        calls = 0

        def count(_frame, event, _argument):
            nonlocal calls
            calls += event in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            found = [finding for _, _, finding in judge(table, method)]
        finally:
            sys.setprofile(before)
        walked.append(calls)
        assert 0 <= found[-1].probability <= 1
    assert walked[1] < walked[0] * 1.5


def test_what_is_passed_in_one_go_is_what_is_passed_step_by_step():
    made = an_instrument(scales=2)
    method = build("switching", made)
    ((_, start, _),) = judge(read_table(["case,session,q0,q1\na,1,9,9\n"], made), method)
    state, _ = method.observe(None, start)
    far = LONGEST_WALK + 40
    mass = method._unkept(state).mass
    for _ in range(far):
        fitted, rupture = mass[0], mass[1:]
        onset = np.outer(method.patterns.weights, method.par.onset * fitted)
        settled = (1.0 - method.par.onset) * fitted + (1.0 - method.par.stay) * rupture.sum(axis=0)
        mass = np.vstack([settled[None, :], method.par.stay * rupture + onset])
    assert method._carried(state, 1 + far).mass.sum(axis=1) == pytest.approx(mass.sum(axis=1), abs=1e-12)


def test_a_session_beyond_the_bound_is_refused_by_the_library_too():
    with pytest.raises(DetectionInputWrong, match="Count from 1, up to 9999"):
        read_table(["case,session,q0,q1\na,10000,9,9\n"], an_instrument(scales=2))
