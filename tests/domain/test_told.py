"""What counts as told outright: by what was chosen, or by words nobody has read, never by a number."""

import pytest

from feedback.domain.told import ToldKind, told_by


@pytest.mark.parametrize(
    ("choices", "is_unread", "said_yes", "kinds"),
    [
        ({}, False, False, ()),
        ({"off": ("no",)}, False, False, ()),
        ({"off": ("a_little",), "wish": ("just_know",)}, False, False, ()),
        ({"wish": ("i_will",), "repair": ("helped",)}, False, False, ()),
        ({"off": ("no",)}, True, False, (ToldKind.WROTE,)),
        ({"off": ("yes",)}, False, False, (ToldKind.CLEAR_YES,)),
        ({"something": ("yes",)}, False, False, ()),
        ({"something": ("yes",)}, False, True, (ToldKind.CLEAR_YES,)),
        ({"off": ("yes",)}, False, True, (ToldKind.CLEAR_YES,)),
        ({"off": ("a_little",), "wish": ("bring_up",)}, False, False, (ToldKind.ASKED_TO_TALK,)),
        ({"repair": ("would_like",)}, True, False, (ToldKind.WROTE, ToldKind.WOULD_STILL_LIKE_TO_TALK)),
    ],
)
def test_what_was_told(choices, is_unread, said_yes, kinds):
    assert told_by(choices, is_unread=is_unread, said_yes=said_yes) == kinds
