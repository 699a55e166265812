"""`feedback detect-again` as an operator runs it."""


def test_where_nothing_is_outdated_it_says_so(installed):
    done = installed("detect-again")
    assert (done.exit_code, done.stdout) == (0, "Everything is up to date.\n")


def test_without_an_installation_it_is_one_line_with_the_remedy(run):
    done = run("detect-again")
    assert done.exit_code != 0
    assert done.stderr.count("\n") == 1
