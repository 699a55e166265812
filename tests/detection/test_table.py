"""Tables in, findings out: what `feedback detect` reads, and what it says about a wrong table."""

import pandas as pd
import pytest

from feedback.detection import build
from feedback.detection.table import judge, read_table
from feedback.domain.errors import DetectionInputWrong
from tests.detection.made import an_instrument

MADE = an_instrument(scales=2)


def read(text, made=MADE):
    return read_table(text.splitlines(keepends=True), made)


def judged(text, made=MADE, name="switching"):
    return [(row, finding) for row, _, finding in judge(read(text, made), build(name, made))]


def refusal(text, made=MADE):
    with pytest.raises(DetectionInputWrong) as refused:
        judged(text, made)
    return str(refused.value)


def test_a_blank_cell_was_not_answered_and_a_blank_row_was_no_form():
    table = read("case,session,q0,q1,off\na,1,9,,0\na,2,,,\na,3,8,7,2\n")
    first, blank, last = (row.form for row in table.rows)
    assert (dict(first.ratings), first.direct, first.steps) == ({"q0": 9.0}, 0, 11)
    assert blank is None
    assert (dict(last.ratings), last.direct, last.session) == ({"q0": 8.0, "q1": 7.0}, 2, 3)


def test_the_direct_item_may_be_written_as_its_value():
    assert read("case,session,q0,q1,off\na,1,9,9,a_little\n").rows[0].form.direct == 2


def test_only_answered_rows_are_judged_in_their_order():
    rows = judged("case,session,q0,q1\na,1,9,9\nb,1,8,8\na,2,,\nb,2,3,3\n")
    assert [(row.keys["case"], row.session) for row, _ in rows] == [("a", 1), ("b", 1), ("b", 2)]
    assert [finding.forms for _, finding in rows] == [1, 1, 2]


def test_cases_of_the_same_name_under_two_therapists_are_two_cases():
    rows = judged("therapist,case,session,q0,q1\nx,1,1,9,9\ny,1,1,9,9\n")
    assert [finding.forms for _, finding in rows] == [1, 1]


def test_forms_of_other_people_never_change_what_is_found_of_a_case():
    head = "clinic,therapist,case,session,date,q0,q1\n"
    others = "".join(f"x,dana,a{n},1,2026-01-05,2,2\n" for n in range(60))
    mine = "x,dana,b,1,2026-01-06,5,5\n"
    (alone,) = [finding for _, finding in judged(head + mine)]
    (beside,) = [finding for row, finding in judged(head + others + mine) if row.keys["case"] == "b"]
    assert beside == alone


def test_only_the_order_of_dates_counts_not_the_year():
    head = "case,session,date,q0,q1\n"
    rows = ["a,1,{}-01-05,9,9", "b,1,{}-01-06,5,6", "a,2,{}-01-12,8,9", "a,3,{}-01-19,3,4"]
    told = [judged(head + "".join(row.format(year) + "\n" for row in rows)) for year in (2025, 2027)]
    assert [finding for _, finding in told[0]] == [finding for _, finding in told[1]]


def test_what_pandas_itself_writes_is_read():
    columns = {
        "case": ["a", "a", "b"],
        "session": [1, 2, 1],
        "q0": [9, None, 7],
        "q1": [8, 8, None],
        "off": [0, None, 3],
    }
    frame = pd.DataFrame(columns | {"date": pd.to_datetime(["2026-03-02", "2026-03-09", "2026-03-02"])})
    first, second, third = read(frame.to_csv()).rows
    assert (dict(first.form.ratings), first.form.direct, str(first.day)) == ({"q0": 9.0, "q1": 8.0}, 0, "2026-03-02")
    assert dict(second.form.ratings) == {"q1": 8.0}
    assert (third.form.direct, third.session) == (3, 1)


def test_rows_further_down_never_change_a_finding():
    lines = ["a,1,9,9", "b,1,8,9", "a,2,4,6", "c,1,3,9", "b,2,9,9"]
    whole = judged("case,session,q0,q1\n" + "\n".join(lines) + "\n")
    for count in range(1, len(lines)):
        part = judged("case,session,q0,q1\n" + "\n".join(lines[:count]) + "\n")
        assert [finding for _, finding in part] == [finding for _, finding in whole[:count]]


@pytest.mark.parametrize(
    ("ratings", "steps"),
    [("10,7", 11), ("10,7.5", 5), ("1.67,8.33", 7), ("10,7.3", 101), ("10,10", 11)],
)
def test_the_answer_steps_are_read_off_the_ratings(ratings, steps):
    assert read(f"case,session,q0,q1\na,1,{ratings}\n").rows[0].form.steps == steps


def test_five_steps_are_seen_in_the_whole_table_not_in_one_row():
    assert [row.form.steps for row in read("case,session,q0,q1\na,1,10,10\na,2,7.5,10\n").rows] == [5, 5]


def test_a_steps_column_settles_it_row_by_row():
    rows = read("case,session,steps,q0,q1\na,1,5,10,10\na,2,,9,10\n").rows
    assert [row.form.steps for row in rows] == [5, 11]


def test_minus_nought_is_nought():
    assert str(read("case,session,q0,q1\na,1,-0,10\n").rows[0].form.ratings["q0"]) == "0.0"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("session,q0,q1\n1,9,9\n", "Row 1, column case: this column is missing"),
        ("case,session\na,1\n", "Row 1, column q0: this column is missing"),
        ("", "Row 1, column case: this column is missing"),
        (
            "case,session,q0,q1\na,1,9,9\na,2,9,11\n",
            "Row 3, column q1: “11” is not a rating. Write a number from 0 to 10",
        ),
        ("case,session,q0,q1\na,1,inf,9\n", "Row 2, column q0: “inf” is not a rating"),
        ("case,session,q0,q1\na,1.5,9,9\n", "Row 2, column session: “1.5” is not the number"),
        ("case,session,q0,q1,closest\na,1,9,9,pushed|gone\n", "Row 2, column closest: “gone” is no answer"),
        ("case,session,q0,q1\na,1,good,9\n", "Row 2, column q0: “good” is not a rating"),
        ("case,session,q0,q1\na,1,9.99,8.13\n", "lies on no answer step. Round it"),
        ("case,session,q0,q1\na,first,9,9\n", "Row 2, column session: “first” is not the number"),
        ("case,session,q0,q1\na,0,9,9\n", "Row 2, column session: “0” is not the number"),
        ("case,session,q0,q1\n,1,9,9\n", "Row 2, column case: this cell is blank"),
        ("case,session,q0,q1\na,2,9,9\na,1,9,9\n", "Row 3, column session: 1 comes after 2 in case a"),
        ("case,session,q0,q1\na,1,9,9\na,1,9,9\n", "Row 3, column session: 1 comes after 1 in case a"),
        ("case,session,q0,q1,off\na,1,9,9,4\n", "Row 2, column off: “4” is no answer. Write 0 to 3"),
        ("case,session,date,q0,q1\na,1,2.3.26,9,9\n", "Row 2, column date: “2.3.26” is not a date. Write it like"),
        ("case,session,steps,q0,q1\na,1,1,9,9\n", "Row 2, column steps: “1” is not a number of answer steps"),
        ("case,session,q0,q1\na,1,9,9,9\n", "Row 2, column last: there are more cells than columns"),
    ],
)
def test_a_wrong_table_names_row_column_and_remedy(text, names):
    assert names in refusal(text)


def test_a_short_row_ends_in_blank_cells():
    assert dict(read("case,session,q0,q1\na,1,9\n").rows[0].form.ratings) == {"q0": 9.0}


def test_items_without_a_column_were_not_answered_and_are_named():
    table = read("case,session,q1,note\na,1,9,hello\n")
    assert dict(table.rows[0].form.ratings) == {"q1": 9.0}
    assert (table.missing, table.unused) == (("q0", "off"), ("note",))


def test_what_pandas_writes_is_read():
    """An index column without a name, whole numbers as fractions where a cell is blank, a day with its hour."""
    text = (
        ",case,session,date,q0,q1,off\n0,a,1.0,2026-03-02 00:00:00,9.0,8.0,0.0\n1,a,2.0,2026-03-09 00:00:00,NaN,7.0,\n"
    )
    first, second = read(text).rows
    assert (first.session, str(first.day), first.form.direct) == (1, "2026-03-02", 0)
    assert (dict(second.form.ratings), second.form.direct) == ({"q1": 7.0}, None)


def test_what_it_was_closest_to_is_read_with_a_bar_between_several():
    assert read("case,session,q0,off,closest\na,1,9,2,pushed|judged\n").rows[0].form.closest == {"pushed", "judged"}
