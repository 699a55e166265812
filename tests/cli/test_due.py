"""What a timer sets going, from the command line."""

from feedback.persistence.answers.pool import newest_pool_key, put_in_pool
from feedback.persistence.clinic.clinics import only_clinic
from feedback.persistence.database import Database


def newest_key(folder):
    database = Database(f"sqlite:///{folder / 'data/feedback.db'}")
    with database.reading(None) as uow:
        key = newest_pool_key(uow)
    database.close()
    return key[0]


def test_run_due_files_once_a_day_and_says_so(installed, folders):
    first = newest_key(folders)
    done = installed("run-due", "--now", "2099-03-03")
    assert (done.exit_code, done.stdout.startswith("Filed.")) == (0, True)
    assert newest_key(folders) != first
    assert [path.stem for path in (folders / "keys/pool").glob("*.key")] == [newest_key(folders)]
    assert installed("run-due", "--now", "2099-03-03T22:00:00").stdout == "Nothing is due.\n"


def test_file_pool_files_whenever_it_is_asked(installed, folders):
    before = newest_key(folders)
    assert installed("file-pool").exit_code == 0
    assert newest_key(folders) != before


def test_a_damaged_key_is_one_line_that_names_it(installed, folders):
    (key,) = (folders / "keys/pool").glob("*.key")
    put_something_in_the_pool(folders)
    key.chmod(0o600)
    key.write_text("zz")
    done = installed("file-pool")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert str(key) in done.stderr


def test_a_lost_key_is_said_with_the_remedy_and_given_up_on_request(installed, folders):
    put_something_in_the_pool(folders)
    (key,) = (folders / "keys/pool").glob("*.key")
    key.unlink()
    assert "feedback file-pool --drop-unreadable" in installed("file-pool").stdout
    assert "because their key is lost: 1." in installed("file-pool", "--drop-unreadable").stdout


def put_something_in_the_pool(folder):
    """Put a row in the pool that names the newest key."""
    database = Database(f"sqlite:///{folder / 'data/feedback.db'}")
    with database.writing(None) as uow:
        clinic = only_clinic(uow)
        key_id, _ = newest_pool_key(uow)
        put_in_pool(uow.within(clinic.id), b"id", receipt_hash=b"hash", key_id=key_id, sealed=b"sealed")
        uow.commit()
    database.close()
