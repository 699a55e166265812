"""Teams from the command line."""

THERAPIST = ("dana@clinic.example", "--role", "therapist", "--name", "Dana")


def test_teams_are_made_filled_renamed_listed_and_archived(installed):
    assert installed("staff", "invite", *THERAPIST).exit_code == 0
    assert installed("teams", "list").output == ""
    assert installed("teams", "make", "  North ").output == "Made: North\n"
    assert installed("teams", "list").output == "North: nobody yet\n"
    assert installed("teams", "place", "Dana@clinic.example", "north").output == "dana@clinic.example is in North.\n"
    assert installed("teams", "rename", "NORTH", "North and East").exit_code == 0
    assert installed("teams", "list").output == "North and East: dana@clinic.example\n"
    assert installed("teams", "place", "dana@clinic.example").output == "dana@clinic.example is in no team.\n"
    assert installed("teams", "archive", "North and East").exit_code == 0
    assert installed("teams", "list").output.startswith("North and East: archived on ")


def test_what_cannot_be_done_is_said_in_a_line(installed):
    assert installed("teams", "make", "North").exit_code == 0
    for words, says in (
        (("make", "north"), "There is a team of this name already."),
        (("make", " "), "Please give the team a name"),
        (("rename", "South", "East"), "There is no such team: South."),
        (("archive", "South"), "There is no such team: South."),
        (("place", "anna@clinic.example", "North"), "There is no therapist with this address"),
        (("place", "nobody@clinic.example"), "There is no therapist with this address"),
    ):
        done = installed("teams", *words)
        assert done.exit_code == 2
        assert says in done.output
