"""The therapist's pages in words: headings, days, statuses, what became of a possible rupture.

Never a verdict, never a percentage of risk, nothing in red; people are compared only with themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from feedback.domain.instrument import Instrument
from feedback.domain.repair import DIRECT_YES, ClientWord, RepairOutcome
from feedback.domain.response import Response, WithdrawnBy
from feedback.domain.rupture import EvidenceKind, FlagStatus
from feedback.domain.soft_note import SoftNote, SoftNoteKind
from feedback.persistence.dashboard.overview import MeetingRow
from feedback.services.cases.case_file import AnsweredForm, CaseFile
from feedback.services.dashboard.show_own_figures import OwnFigures
from feedback.services.flags.repair_story import LaterAnswer

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

STATUS = {
    FlagStatus.NEW: "New",
    FlagStatus.TALK_PLANNED: "Talk planned",
    FlagStatus.TALKED: "Talked",
    FlagStatus.SETTLED: "Settled",
    FlagStatus.MORE_TO_DO: "More to do",
    FlagStatus.NOT_WANTED: "Not wanted",
    FlagStatus.NOT_A_RUPTURE: "Not a rupture",
}

MARKS = (
    (FlagStatus.TALK_PLANNED, "I plan to talk about it"),
    (FlagStatus.TALKED, "We talked about it"),
    (FlagStatus.SETTLED, "We talked and it feels settled"),
    (FlagStatus.MORE_TO_DO, "We talked and there is more to do"),
    (FlagStatus.NOT_WANTED, "They chose not to talk about it"),
    (FlagStatus.NOT_A_RUPTURE, "It was not a rupture"),
)

OUTCOME = {
    RepairOutcome.OPEN: ("Not known yet", "Their next answers will show it."),
    RepairOutcome.REPAIRED: ("Repaired", "Their later answers say it held."),
    RepairOutcome.TALKED_NOT_SETTLED: ("Talked about, not yet settled", "That is their word for it."),
    RepairOutcome.STILL_OPEN: (
        "Still open",
        "Three answers later, their scores are not back in the usual range, and they have not said that it helped.",
    ),
    RepairOutcome.ENDED_WHILE_OPEN: (
        "Ended while open",
        "The case was closed before their answers could show that it held.",
    ),
}
"""What became of a possible rupture, in a word and in a sentence."""

CLIENT_WORD = {
    ClientWord.HELPED: "Yes, we talked, and it helped.",
    ClientWord.NOT_SETTLED: "Yes, we talked, but it is not settled.",
    ClientWord.WOULD_LIKE: "No, but I would like to.",
    ClientWord.RATHER_NOT: "No, and I would rather not.",
}

GONE = {
    WithdrawnBy.CLIENT: "This answer was withdrawn by the client. That is their right and needs no reason.",
    WithdrawnBy.THERAPIST: "This answer was removed, because it was not from the client.",
    WithdrawnBy.RESTORE: "Your client changed this answer, and the change was lost when a backup was put back. What "
    "they had sent before does not stand any more. Ask them what they wanted to say.",
}

GONE_HERE = {
    WithdrawnBy.CLIENT: "withdrawn by the client",
    WithdrawnBy.THERAPIST: "removed, not from the client",
    WithdrawnBy.RESTORE: "changed by the client, and lost when a backup was put back",
}

GONE_BRIEFLY = {WithdrawnBy.CLIENT: "withdrawn", WithdrawnBy.THERAPIST: "removed", WithdrawnBy.RESTORE: "lost, ask"}


def marked(status: FlagStatus) -> str:
    """Say what a therapist has marked, within a sentence."""
    return "nothing yet" if status is FlagStatus.NEW else STATUS[status].lower()


def person(seat: str) -> str:
    """Name a seat as it is said in the room."""
    return f"Person {seat}"


def headline(flags: int, told: int = 0) -> str:
    """Say how many people told something, or else how many sessions may be worth a conversation."""
    if told:
        return f"{_many(told)} client{'s' if told > 1 else ''} told you something"
    if flags == 0:
        return "Nothing stands out this week"
    return f"{_many(flags)} session{'s' if flags > 1 else ''} may be worth a conversation"


def besides(flags: int) -> str:
    """Say below a heading about what was told how many more sessions there are."""
    if flags == 0:
        return ""
    return f"{_many(flags)} more session{'s' if flags > 1 else ''} may be worth a conversation."


def _many(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def new_since(count: int) -> str:
    """Say how many answers have not been opened yet."""
    return "One is new since you last looked." if count == 1 else f"{count} are new since you last looked."


def shared_lately(sessions: int) -> str:
    """Say after how many of the week's sessions something was shared."""
    many = {0: "Nothing was", 1: "1 session was"}.get(sessions, f"{sessions} sessions were")
    return f"{many} shared with you in the last seven days."


def since_then(outcome: RepairOutcome, later: Sequence[LaterAnswer]) -> str:
    """Say where something stands that is still open: from the client's side, in a sentence or two."""
    if outcome is RepairOutcome.REPAIRED:
        return "Their later answers say it held. When it feels settled to you too, mark it so, and it leaves this list."
    if outcome is RepairOutcome.TALKED_NOT_SETTLED:
        return "They say you have talked, and that it is not settled yet."
    if outcome is RepairOutcome.STILL_OPEN:
        return OUTCOME[outcome][1]
    if not later:
        return "Nothing was shared since. Their next answers will show more."
    many = "One answer is" if len(later) == 1 else "Two answers are"
    return f"{many} in since then, not back in the usual range yet."


def own_talks(figures: OwnFigures) -> str:
    """Say what became of one's own talks."""
    if not figures.talks:
        return "No talk is marked yet."
    if figures.talks == 1:
        return "You talked about one, and their answers say that it held." if figures.back else "You talked about one."
    return f"You talked about {figures.talks}. In {figures.back} of those, their answers say that it held."


def gap(figures: OwnFigures) -> str:
    """Say how one's guesses lie beside the answers, without judging either."""
    if figures.gap is None:
        return ""
    side = "higher than" if figures.gap > 0 else "lower than"
    where = "as high as" if abs(figures.gap) < 0.05 else f"{abs(figures.gap):.1f} points {side}"
    return f"On average you guess {where} they answer, and are {figures.distance:.1f} points away either way."


def soft_note(note: SoftNote, today: date) -> str:
    """Say a quiet remark: what is so, and that it proves nothing."""
    if note.kind is SoftNoteKind.ALL_TENS:
        return f"All tens, every time ({note.count} answers). It can be so, or a lower number can be hard to give."
    return (
        f"Nothing shared with you since {short_day(note.last, today)}, over {note.count} sessions. "
        "That can mean many things, and none of them has to be bad."
    )


def on_day(day: date, today: date) -> str:
    """Write a day as a person would: today, yesterday, a weekday within the week, and the year only when it differs."""
    ago = (today - day).days
    if ago in {0, 1}:
        return ("today", "yesterday")[ago]
    if 0 < ago < 7:
        return f"{day:%A} {day.day} {day:%B}"
    return short_day(day, today)


def short_day(day: date, today: date) -> str:
    """Write a day of the month, with the year only when it differs."""
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B} {day.year}"


def usual_range(low: float | None, high: float | None) -> str:
    """Write a usual range on 0–10."""
    return "not yet known" if low is None or high is None else f"{low:.1f} to {high:.1f}"


def trend(form: AnsweredForm | None, today: date, *, leads: bool = True) -> str:
    """Say in one heading where the newest answered session lies in this person's own range."""
    if form is None:
        return "Nothing shared yet" if leads else NOT_FOR_YOU
    row, name = form.meeting, f"Session {form.meeting.number}"
    if row.held_on == today:
        name = "Today"
    if row.score is None:
        return f"{name} has too few answers for a score"
    if row.expected_low is None or row.expected_high is None:
        return f"{name}: their usual range is not yet known"
    if row.score < row.expected_low:
        return f"{name} fell below their usual range"
    if row.score > row.expected_high:
        return f"{name} lies above their usual range"
    return f"{name} lies within their usual range" + (", yet something felt off" if _felt_off(form) else "")


def _felt_off(form: AnsweredForm) -> bool:
    """True when the client said "A little" or "Yes"."""
    said = (one for one in (form.finding.evidence if form.finding else ()) if one.kind is EvidenceKind.DIRECT)
    return any((one.value or 0) >= DIRECT_YES - 1 for one in said)


def describe(rows: Sequence[MeetingRow]) -> str:
    """Say the trend in a sentence or three, for whoever hears the chart instead of seeing it."""
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return "No scores yet."
    first, last = scored[0], scored[-1]
    parts = [f"Line of the mean score, 0 to 10, for sessions {rows[0].number} to {rows[-1].number}."]
    if len(scored) > 1:
        parts.append(f"From {first.score:.1f} at session {first.number} to {last.score:.1f} at session {last.number}.")
    flagged = [str(row.number) for row in rows if row.flagged]
    if flagged:
        parts.append(f"Possible rupture at session {_listed(flagged)}.")
    gaps = [str(row.number) for row in rows if row.score is None]
    if gaps:
        parts.append(f"No score for session {_listed(gaps)}.")
    return " ".join([*parts, "A table follows."])


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def against_range(answer: LaterAnswer) -> str:
    """Say where a later answer lies: what repair is judged by, in words."""
    if answer.form.value is None:
        return "too few answers"
    if answer.low is None or answer.high is None:
        return "usual range not yet known"
    if answer.form.is_back_in_range:
        return f"back in the usual {usual_range(answer.low, answer.high)}"
    if answer.form.direct == DIRECT_YES:
        return "with a new clear “Yes”"
    return f"not yet back, usual {usual_range(answer.low, answer.high)}"


def wish(instrument: Instrument, value: str | None, name: str) -> str:
    """Return the client's wish in the words of the form, with the therapist's name in its place."""
    return chosen_label(instrument, "wish", value).replace("{therapist}", name)


def chosen_label(instrument: Instrument, item_id: str, value: str | None) -> str:
    """Return the words of a chosen option, the stored value where the file no longer has it."""
    item = instrument.by_id.get(item_id)
    labels = {option.value: option.label for option in item.options} if item else {}
    return labels.get(value or "", value or "")


def felt_off(instrument: Instrument, choices: Mapping[str, tuple[str, ...]]) -> str:
    """Return the answer to the direct item in the words of the form."""
    item = instrument.detector.direct_item or ""
    return chosen_label(instrument, item, next(iter(choices.get(item, ())), None)) or "–"


def chosen_items(instrument: Instrument, response: Response, name: str) -> list[tuple[str, str]]:
    """Return what was chosen on a form, not rated: the item's short name and the words of its options."""
    return [
        (
            sentence(item.named),
            ", ".join(chosen_label(instrument, item.id, value) for value in response.choices[item.id]).replace(
                "{therapist}", name
            ),
        )
        for item in instrument.items
        if item.id in response.choices
    ]


def sentence(words: str) -> str:
    """Begin with a capital and leave the rest as it is."""
    return words[:1].upper() + words[1:]


def summary(file: CaseFile, today: date) -> str:
    """Say how long the case has run and how much of it was shared."""
    held = len(file.meetings)
    opened = f"Opened {short_day(file.case.opened_on, today)}."
    closed = f" Closed {short_day(file.case.closed_on, today)}." if file.case.closed_on else ""
    if not held:
        return f"{opened}{closed} No sessions yet."
    many = "1 session" if held == 1 else f"{held} sessions"
    return f"{opened}{closed} {many}, {file.shared} {'shared with you' if file.access.leads else 'open to you'}."


def nothing_here(*, is_own: bool) -> str:
    """Say that there is no answer to read. Of a colleague's case it does not say whether one was sent."""
    return "nothing shared yet" if is_own else NOT_FOR_YOU.lower()


NOT_FOR_YOU = "Nothing for you to read"
"""Stands wherever a reader who was not named sees nothing, whether or not something was sent."""
