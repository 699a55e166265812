"""What must outlive a restored database: published figures, what clients took back or changed, and what access ended.

`DATA_DIR/journal/ledger.jsonl` holds the ledger's lines of every clinic. Every answer that is withdrawn, whether the
therapist had it or nobody reads it, leaves the same two lines: the hash of its receipt in `withdrawn-2026-03.txt`, and
what an unseen answer is found by, sealed like those answers themselves, in `withdrawn-unseen-2026-03.txt`. So neither
file tells that somebody answered unseen. `replaced-2026-03.txt` has a digest of what a shared answer says since its
client changed it. `revoked-2026-03.txt` has a line for each access that was taken away, with keyed hashes instead of
names. All are files, not rows, and on the disk before the transaction is, so no copy of the database knows more.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from feedback.domain.figures.ledger import LedgerEntry
from feedback.domain.revocation import NotedRevocation
from feedback.persistence.append_log import append_lines, read_lines, sync_folder


class Journal:
    """The journal of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ledger = folder / "ledger.jsonl"

    @property
    def is_begun(self) -> bool:
        """True once the file of the ledger is there, were it empty."""
        return self._ledger.exists()

    def begin(self) -> None:
        """Make the file of the ledger, with nothing in it."""
        append_lines(self._ledger, ())

    def add_entries(self, entries: Iterable[LedgerEntry]) -> None:
        """Keep lines of the ledger."""
        append_lines(self._ledger, (entry.line for entry in entries))

    def entries(self, clinic_id: str) -> tuple[LedgerEntry, ...]:
        """Return the clinic's lines in the order of the ledger. Raises `LedgerBroken` for a line that is none."""
        found = (LedgerEntry.read(line) for line in read_lines(self._ledger))
        mine = {entry.number: entry for entry in found if entry.clinic_id == clinic_id}
        return tuple(mine[number] for number in sorted(mine))

    def note_withdrawn(self, clinic_id: str, receipt_hash: bytes, month: str) -> None:
        """Keep in a month (`2026-03`) that this answer was taken back. No day and no hour."""
        append_lines(self._folder / f"withdrawn-{month}.txt", [f"{clinic_id} {receipt_hash.hex()}"])

    def withdrawn(self) -> tuple[tuple[str, bytes], ...]:
        """Return clinic and receipt hash of every answer that was withdrawn, as long as a copy may still hold it."""
        lines = {line for file in self._folder.glob("withdrawn-[0-9]*.txt") for line in read_lines(file)}
        pairs = (line.partition(" ") for line in sorted(lines))
        return tuple((clinic_id, bytes.fromhex(hashed)) for clinic_id, _, hashed in pairs)

    def note_withdrawn_unseen(self, key_id: str, sealed: bytes, month: str) -> None:
        """Store in a month (`2026-03`) what a withdrawn unseen answer is found by, and the key that is sealed to."""
        append_lines(self._folder / f"withdrawn-unseen-{month}.txt", [f"{key_id} {sealed.hex()}"])

    def withdrawn_unseen(self) -> tuple[tuple[str, bytes], ...]:
        """Return what `note_withdrawn_unseen` stored, as long as the answers may still be counted."""
        lines = {line for file in self._folder.glob("withdrawn-unseen-*.txt") for line in read_lines(file)}
        pairs = (line.partition(" ") for line in sorted(lines))
        return tuple((key_id, bytes.fromhex(sealed)) for key_id, _, sealed in pairs)

    def note_replaced(self, clinic_id: str, receipt_hash: bytes, digest: bytes, month: str) -> None:
        """Store in a month (`2026-03`) what the shared answer of a receipt says from now on, as a keyed digest."""
        append_lines(self._folder / f"replaced-{month}.txt", [f"{clinic_id} {receipt_hash.hex()} {digest.hex()}"])

    def replaced(self) -> dict[tuple[str, bytes], bytes]:
        """Return the digest that was stored last for each clinic and receipt hash."""
        lines = (line.split(" ") for file in sorted(self._folder.glob("replaced-*.txt")) for line in read_lines(file))
        return {(clinic_id, bytes.fromhex(hashed)): bytes.fromhex(digest) for clinic_id, hashed, digest in lines}

    def note_revoked(self, noted: Iterable[NotedRevocation], month: str) -> None:
        """Store in a month (`2026-03`) that access was taken away."""
        lines = [one.line for one in noted]
        if lines:
            append_lines(self._folder / f"revoked-{month}.txt", lines)

    def revoked(self) -> tuple[NotedRevocation, ...]:
        """Return what access was taken away, the oldest first. Raises `ValueError` for a line that is none."""
        files = sorted(self._folder.glob("revoked-[0-9]*.txt"))
        return tuple(NotedRevocation.read(line) for file in files for line in read_lines(file))

    def old_files(self, before: date, unseen_before: date) -> tuple[Path, ...]:
        """Return the files whose whole month lies before a day; those of unseen answers before another."""
        ends = {"withdrawn": before, "replaced": before, "revoked": before, "withdrawn-unseen": unseen_before}
        found = ((kind, file) for kind in ends for file in self._folder.glob(f"{kind}-[0-9]*.txt"))
        return tuple(sorted(file for kind, file in found if file.name < f"{kind}-{ends[kind]:%Y-%m}.txt"))

    def forget(self, files: Iterable[Path]) -> None:
        """Delete files of what no copy can hold any more."""
        for file in files:
            file.unlink(missing_ok=True)
        if self._folder.exists():
            sync_folder(self._folder)
