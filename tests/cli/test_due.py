"""What a timer sets going, from the command line."""

from feedback.persistence.answers.sealed_submissions import SealedSubmission, newest_submission_key, put_submission
from feedback.persistence.clinic.clinics import only_clinic
from feedback.persistence.database import Database


def newest_key(folder):
    database = Database(f"sqlite:///{folder / 'data/feedback.db'}")
    with database.reading(None) as uow:
        key = newest_submission_key(uow)
    database.close()
    return key[0]


def test_run_due_does_its_work_once_a_day_and_says_so(installed, folders):
    first = newest_key(folders)
    done = installed("run-due", "--now", "2099-03-03")
    assert (done.exit_code, done.stdout.startswith("Sealed answers are rewritten")) == (0, True)
    assert newest_key(folders) != first, "a quarter of its own has a key of its own"
    assert installed("run-due", "--now", "2099-03-03T22:00:00").stdout == "Nothing is due.\n"
    assert installed("run-due", "--now", "2099-03-04").exit_code == 0
    assert [path.stem for path in (folders / "keys/pool").glob("*.key")] == [newest_key(folders)]


def test_file_pool_works_whenever_it_is_asked(installed, folders):
    before = newest_key(folders)
    for _ in range(2):
        done = installed("file-pool")
        assert (done.exit_code, done.stdout.startswith("Sealed answers are rewritten")) == (0, True)
    assert newest_key(folders) == before


def test_a_damaged_key_is_one_line_that_names_it(installed, folders):
    (key,) = (folders / "keys/pool").glob("*.key")
    seal_something(folders)
    key.chmod(0o600)
    key.write_text("zz")
    done = installed("run-due", "--now", "2099-03-03")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert str(key) in done.stderr


def test_a_lost_key_is_said_with_the_remedy_and_given_up_on_request(installed, folders):
    seal_something(folders)
    (key,) = (folders / "keys/pool").glob("*.key")
    key.unlink()
    assert "feedback file-pool --drop-unreadable" in installed("file-pool").stdout
    assert "because their key is lost: 1." in installed("file-pool", "--drop-unreadable").stdout


def seal_something(folder):
    """Store a row that names the newest key."""
    database = Database(f"sqlite:///{folder / 'data/feedback.db'}")
    with database.writing(None) as uow:
        clinic = only_clinic(uow)
        key_id, _ = newest_submission_key(uow)
        put_submission(uow, SealedSubmission(b"id", clinic.id, key_id, b"sealed"))
    database.close()
