"""The command `feedback`. A command's module is imported only when that command is asked for."""

from collections.abc import Mapping

from feedback.cli.group import LazyGroup

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("feedback.cli.demo:demo", "Make a throw-away clinic with believable data, and serve it."),
    "init": ("feedback.cli.init:init", "Make keys, database and clinic, and invite the first clinic admin."),
    "serve": (
        "feedback.cli.serve:serve",
        "Serve the client's form and the staff pages, and do what is due in the clinic's night.",
    ),
    "staff": ("feedback.cli.staff:staff", "Invite, list and disable people with an account."),
    "teams": ("feedback.cli.teams:teams", "Make, rename and archive teams, and place therapists in them."),
    "code": ("feedback.cli.code:code", "Issue access codes."),
    "db": ("feedback.cli.db:db", "Upgrade, downgrade, check, back up, restore and move the database."),
    "run-due": (
        "feedback.cli.due:run_due",
        "Do everything that is due: publish figures, delete what has had its time, rewrite sealed answers.",
    ),
    "file-pool": ("feedback.cli.due:file", "Rewrite the sealed answers and rotate their keys, now."),
    "purge": ("feedback.cli.due:purge", "Delete what has had its time, or say what would go."),
    "release": ("feedback.cli.release:release", "List, close and check published figures."),
    "doctor": ("feedback.cli.doctor:doctor", "Look at everything the installation needs, and say what to do."),
    "audit": ("feedback.cli.audit:audit", "Verify and export the log of what staff did."),
    "export": (
        "feedback.cli.export:export",
        "Write the figures of a closed period as files, from the ledger alone.",
    ),
    "keys": ("feedback.cli.keys:keys", "Make, check and turn over the keys."),
    "instruments": ("feedback.cli.instruments:instruments", "List, check, add and export questionnaires."),
    "detect": (
        "feedback.cli.research:detect",
        "Judge every answered form of a CSV file (or .csv.gz) from the forms before it.",
    ),
    "detect-again": (
        "feedback.cli.again:detect_again",
        "Judge every case again whose findings an earlier version of the detector made.",
    ),
    "evaluate": (
        "feedback.cli.evaluate:evaluate",
        "Score the detection methods in simulated worlds, where it is known what really happened.",
    ),
}
"""Name → where its command is, and its one line of help, shown without importing it."""

main = LazyGroup(
    "feedback",
    commands_at=COMMANDS,
    help="Rapport: a short form after a therapy session, and a word to the therapist when something may have gone "
    'wrong.\n\nExample: feedback init --clinic "Harbour Lane Therapy" --country GB --admin-email anna@clinic.example',
)
