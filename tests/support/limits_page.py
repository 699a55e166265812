"""`docs/limits.md`: every limit, from the one table that the code reads, and what it leaves to somebody who guesses."""

from feedback.domain.care import CROCKFORD
from feedback.domain.limits import (
    ACCOUNT_WINDOW_SECONDS,
    CONNECTIONS,
    DAY,
    FORM_KEYS,
    HEAD_SECONDS,
    OLD_RECEIPT,
    PASSWORD,
    REQUESTS,
    SECOND_STEP_MISSES,
    TABLE,
    TYPED_CODE,
    Pace,
)
from feedback.security.sealed_box import SUBMISSION_BYTES
from tests.support.guessing import most_guesses, odds

OPEN_CODES = 1_000
KEPT_RECEIPTS = 100_000
CODE_DAYS = 3
BITS = {"typed code": 8 * 5, "receipt of 12 characters": 11 * 5, "receipt of 18 characters": 17 * 5}
HOUR = 3_600

FASTEST = 300
"""Requests a second that one process answers, about (docs/performance.md): nobody guesses faster than that."""

assert len(CROCKFORD) == 2**5

HEAD = """\
# Limits

Every rate limit, every bound on guessing, every size: one table, [limits.py](../feedback/domain/limits.py), which the
code reads and from which `make docs` writes this page.
[The decision](decisions/0015-rate-limits-and-fairness.md) says why.

- **A right code, receipt, password or passkey works whatever others do.** Misses are paced where they come from: by
  address, by the network around it, and for passwords by account from that address. No account is ever locked (NIST SP
  800-63B; OWASP ASVS 5.0, 6.1.1 and 6.3.1), save its second step, which only somebody with the password reaches.
- **A wait is told at once**, as 429 or 503 with `Retry-After`, and holds no thread, lock or connection.
- **Turns are fair**: round-robin between networks, then between addresses; an overflow costs the longest line its
  newest.
- **Addresses are never stored.** Counters live in the memory of one process, under hashes whose key is drawn at its
  start. With several processes or hosts each counts for itself: multiply by their number.

An address is one IPv4 address or one IPv6 /64; the network around it an IPv4 /24 or an IPv6 /48. IPv4 addresses inside
IPv6 ones (mapped, 6to4, Teredo, NAT64) count as themselves. Where no address is known, as over a Unix socket, all are
one network, and only its bound holds: set `FEEDBACK_TRUSTED_PROXIES` to the number of proxies in front.

"""

GUESSING = """
## What is left to somebody who guesses

The chance of at least one hit is at most guesses × secrets ÷ possibilities. A code has 40 bits, and {codes:,} are open
at a time; {receipts:,} receipts are kept. From one address at most {typed:,} guesses of codes are judged in a day:
{pressure:,} misses a day from everywhere lengthen the wait of each address that misses to ten minutes. They lengthen
nobody else's: a clean address gets its first {burst} tries as ever. Whoever has more addresses than the process can
answer is bounded by that, about {fastest} requests a second: hence the last line.

| guesser | codes in a day | odds | in the {days} days a code lives | receipts of 12 characters in a day | odds |
|---|---|---|---|---|---|
{rows}
A hit on a code opens an empty form of somebody the guesser does not know; nothing that was answered can be read there.
Receipts of 18 characters have 85 bits: {fastest} tries a second for a whole year hit one of {receipts:,} with a chance
of {long:.0e}.

| secret | judged in a day | odds in a day |
|---|---|---|
| password of one account, tried from 1,000 addresses | {password:,} | {weak} |
| second step of one account, by who knows its password | {step:,} | {step_odds:.1e}; even odds after {even:.0f} days |

Simulated in [test_limits.py](../tests/domain/test_limits.py): what is judged stays within these numbers, and hits are
as many as the arithmetic says.

## What is left to somebody who opens forms without end

What is sent without the therapist seeing it is a sealed row of {row} KiB of its own, one for each key of a form,
however often it is sent. So keys are paced where they are given out, to all who ask. **Sends are never counted and
never refused for it:** whoever shares an address with a client must not learn from a 429 that somebody sent something.

| who opens and sends all they get | rows in an hour | rows in a day | on the disk in a day |
|---|---|---|---|
{forms}
Each further link that they hold adds {free} at once and {hourly} an hour to either line. A waiting room of {phones}
phones at one address opens at once. A code that is not theirs opens there {free} times in any case, and once more each
minute.

## Where somebody else can still make a person wait

- Where somebody opens forms without end, a code that was opened {free} times from there in the last minutes waits up
  to a minute for the next time; so does the client whose own link it is that they open. A form that is open already
  can be sent.
- Whoever shares an address with a guesser (one Wi-Fi, one carrier's translator) waits with them: half a second for each
  miss beyond {burst}, longer while the whole installation or the account is under attack. A scanned link, a receipt of
  18 characters, a passkey, and a browser that signed in to the account before do not wait.
- An IPv6 guesser who holds more than 256 networks (/64) of the same /48 uses that /48 up for others in it.
- Who knows a password can use up the second step's five tries in ten minutes, but not those of browsers that signed in
  to the account before.
- Whoever holds more connections open than are taken (here {connections:,}; at nginx `worker_connections`) keeps others
  from connecting, until each is closed after {head:.0f} seconds. Neither the product nor the shipped proxies bound
  connections by address: that is for a firewall.
"""


def limits_page() -> str:
    """Write the page."""
    lines = "".join(
        f"| {row.name} | {row.counted} | {row.key} | {row.most} | {row.then} | {row.kept} |\n" for row in TABLE
    )
    head = "| limit | what is counted | by | how many | then | kept |\n|---|---|---|---|---|---|\n"
    return HEAD + head + lines + _guessing()


def _forms(name: str, pace: Pace) -> str:
    hour, day = (
        int(pace.burst + seconds / pace.seconds + FORM_KEYS.free.burst + seconds / FORM_KEYS.free.seconds)
        for seconds in (HOUR, DAY)
    )
    return f"| {name} | {hour:,} | {day:,} | {day * SUBMISSION_BYTES / 1024**3:.1f} GiB |\n"


def _guessing() -> str:
    year = 365 * DAY
    steps = int(DAY / ACCOUNT_WINDOW_SECONDS) * SECOND_STEP_MISSES
    step_odds = steps * 3 / 10**6
    assert TYPED_CODE.pressure
    return GUESSING.format(
        codes=OPEN_CODES,
        receipts=KEPT_RECEIPTS,
        typed=most_guesses(TYPED_CODE, 1, DAY),
        pressure=TYPED_CODE.pressure.burst,
        burst=TYPED_CODE.address.burst,
        fastest=FASTEST,
        days=CODE_DAYS,
        rows="".join(map(_row, (1, 100, 10_000, 0))),
        long=odds(FASTEST * year, KEPT_RECEIPTS, BITS["receipt of 18 characters"]),
        password=most_guesses(PASSWORD, 1_000, DAY),
        weak="what is easily guessed is not accepted as a password, and the second step stands behind it",
        step=steps,
        step_odds=step_odds,
        even=0.6931 / step_odds,
        row=SUBMISSION_BYTES // 1024,
        forms=_forms("one address, one link", FORM_KEYS.address) + _forms("a network, one link", FORM_KEYS.network),
        free=FORM_KEYS.free.burst,
        hourly=int(HOUR / FORM_KEYS.free.seconds),
        phones=REQUESTS.at_once + REQUESTS.waiting,
        connections=CONNECTIONS,
        head=HEAD_SECONDS,
    )


def _row(addresses: int) -> str:
    fastest = int(FASTEST * DAY)
    codes = min(most_guesses(TYPED_CODE, addresses, DAY), fastest) if addresses else fastest
    longer = min(most_guesses(TYPED_CODE, addresses, CODE_DAYS * DAY), CODE_DAYS * fastest)
    longer = longer if addresses else CODE_DAYS * fastest
    receipts = min(most_guesses(OLD_RECEIPT, addresses, DAY), fastest) if addresses else fastest
    name = f"{addresses:,} address{'es' if addresses > 1 else ''}" if addresses else "any number of addresses"
    return (
        f"| {name} | {codes:,} | {odds(codes, OPEN_CODES, BITS['typed code']):.1e} | "
        f"{odds(longer, OPEN_CODES, BITS['typed code']):.1e} | {receipts:,} | "
        f"{odds(receipts, KEPT_RECEIPTS, BITS['receipt of 12 characters']):.1e} |\n"
    )
