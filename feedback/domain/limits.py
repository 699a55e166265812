"""Every limit of the product in one table: rate limits, bounds on guessing, load shedding, sizes. All code reads here.

`docs/limits.md` is written from `TABLE`. The rules behind the numbers, after NIST SP 800-63B and OWASP ASVS 5.0 (2.4.1,
6.1.1, 6.3.1): a right secret works whatever strangers do; misses cost those who miss, by network and by account from
that network; nothing that anybody can do shuts an account; a wait is told at once (429 with `Retry-After`) and holds no
thread, lock or connection.
"""

from dataclasses import dataclass

MINUTE = 60.0
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Pace:
    """A leaky bucket: so many at once, and one more each so many seconds."""

    burst: int
    seconds: float


@dataclass(frozen=True, slots=True)
class GuessLimit:
    """How misses are paced. Counted for the address they come from, for the network around it, and for all together.

    `free` misses of one address pass whatever the rest of its network did, so that a neighbour is not shut out.
    `subject` is the pace of one account from one address. `pressure`: from so many misses of all addresses on, counted
    for one subject where there is one, misses are forgotten only each `slowed` seconds instead: it lengthens the wait
    of addresses that miss, and touches nobody else.
    """

    name: str
    counted: str
    address: Pace
    network: Pace
    free: int = 5
    subject: Pace | None = None
    pressure: Pace | None = None
    slowed: float = 10 * MINUTE


_NETWORK = Pace(2_000, 0.2)

RESERVED_OF_NETWORK = 1_280
"""Of these, so many stay for addresses that missed little so far: an IPv4 /24 has 256, with 5 free misses each."""

TYPED_CODE = GuessLimit(
    "typed code",
    "codes of eight characters that lead nowhere",
    address=Pace(60, 0.5),
    network=_NETWORK,
    pressure=Pace(5_000, DAY / 5_000),
)
OLD_RECEIPT = GuessLimit(
    "receipt of 12 characters",
    "every try, right or wrong",
    address=Pace(60, 0.5),
    network=_NETWORK,
)
PASSWORD = GuessLimit(
    "password",
    "wrong passwords",
    address=Pace(60, 0.5),
    network=_NETWORK,
    subject=Pace(20, 0.5),
    pressure=Pace(100, DAY / 100),
    slowed=MINUTE,
)
PROVIDER = GuessLimit(
    "organisation's sign-in",
    "answers brought back from it that let nobody in",
    address=Pace(60, 2.0),
    network=_NETWORK,
)
METRICS_TOKEN = GuessLimit("token of /metrics", "wrong tokens", address=Pace(10, 10.0), network=_NETWORK)


@dataclass(frozen=True, slots=True)
class OpeningLimit:
    """How often a form is given out under a new key, for all codes together, by address and by network.

    `free`: so many openings of one code pass whatever else came from its address, and again from its network, so that
    a neighbour is not shut out by who opens other codes.
    """

    name: str
    counted: str
    address: Pace
    network: Pace
    free: Pace


FORM_KEYS = OpeningLimit(
    "forms under a new key",
    "forms opened, visits begun at a tablet, forms that come back under another key; never what is sent",
    address=Pace(300, 1.0),
    network=_NETWORK,
    free=Pace(5, MINUTE),
)
"""Each key can keep one sealed row. One address fits the 256 phones of a waiting room that open at once."""

KNOWN_DEVICE = Pace(10, MINUTE)
"""Wrong passwords from a browser that signed in to this account before: its own count, which nobody else touches."""


@dataclass(frozen=True, slots=True)
class Turns:
    """So many at work at once in one process, so many waiting, each for so many seconds at most."""

    at_once: int
    waiting: int
    patience_seconds: float


REQUESTS = Turns(16, 240, 10.0)
"""Python runs one at a time, the others wait for the disk. With those who wait: 256 phones in one second."""

PASSWORD_HASHES = Turns(2, 6, 8.0)
"""Argon2 takes 64 MiB and a processor each time. With those who wait this holds half of the threads at most."""

PROVIDER_CALLS = Turns(2, 2, 8.0)
"""A provider that hangs holds so many threads at most."""


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies that have not arrived in whole: so many of one network, so many in one process."""

    of_network: int
    most: int


CLIENT_BODY = 16 * 1024
STAFF_BODY = 1024 * 1024
BODY_SECONDS = 20.0
"""In which a body has to be there in whole; the shipped proxies wait as long."""

SMALL_BODIES = Bodies(64, 1_024)
LARGE_BODIES = Bodies(4, 32)
"""Of more than a client may send: 32 MiB at most are held for them."""

SEND_STEP_SECONDS = 0.02
"""Answers to sent forms leave at multiples of this after they came. A send takes 8 to 10 ms on an idle server, more of
them where the therapist has the answer than where nobody reads it; who watches the network shall not see which."""

HEAD_SECONDS = 20.0
CONNECTIONS = 4_096

ACCOUNT_WINDOW_SECONDS = 600
SECOND_STEP_MISSES = 5
"""Three codes of a million fit: at five in each ten minutes a guesser has an even chance after 320 days."""

CASE_CODE_MISSES = 20
"""With 1,000 open cases a guess hits once in about 33,000 tries."""

REFUSALS_NOTED = 20

HEAVY_OF_ACCOUNT = 2
HEAVY_AT_ONCE = 6
"""Less than half of the threads, so that forms are answered beside them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `proof` is the test that tries to break it."""

    name: str
    counted: str
    key: str
    most: str
    then: str
    kept: str
    proof: str


_PASSES = "nothing: it is looked up at once"
_MEMORY = "memory of one process"
_PER_ACCOUNT = "database, keyed hash of the account"


def held_back(seconds: float, step: float = SEND_STEP_SECONDS) -> float:
    """Return for how many seconds an answer is held back that took so many to make: until the next whole step."""
    return -seconds % step


def _guessing(limit: GuessLimit, proof: str) -> Row:
    most = f"{_paced(limit.address)}; of a network {_paced(limit.network)}"
    key = "address (IPv4, IPv6 /64) and network (IPv4 /24, IPv6 /48)"
    if limit.subject:
        key += ", account from an address"
        most += f"; of one account from one address {_paced(limit.subject)}"
    if limit.pressure:
        all_of = "of one account from everywhere" if limit.subject else "from everywhere"
        most += f"; after {limit.pressure.burst:,} a day {all_of}, one more each {_spoken(limit.slowed)}"
    return Row(limit.name, limit.counted, key, most, "429 with `Retry-After` to that address", _MEMORY, proof)


def _opening(limit: OpeningLimit, proof: str) -> Row:
    key = "address (IPv4, IPv6 /64) and network (IPv4 /24, IPv6 /48), and keyed hash of the code within each"
    most = (
        f"{_paced(limit.address)}; of a network {_paced(limit.network)}; of one code {_paced(limit.free)} in any case"
    )
    return Row(limit.name, limit.counted, key, most, "429 with `Retry-After`; nothing typed is lost", _MEMORY, proof)


def _paced(pace: Pace) -> str:
    return f"{pace.burst:,}, then one each {_spoken(pace.seconds)}"


def _spoken(seconds: float) -> str:
    if seconds >= MINUTE:
        return "minute" if seconds == MINUTE else f"{seconds / MINUTE:.0f} minutes"
    if seconds == 1:
        return "second"
    return f"{seconds:.0f} seconds" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def _turns(name: str, turns: Turns, counted: str, then: str, proof: str) -> Row:
    most = f"{turns.at_once} at once, {turns.waiting} waiting up to {turns.patience_seconds:.0f} seconds"
    key = "process; turns go round-robin between networks, then addresses"
    return Row(name, counted, key, most, f"{then} to the longest line", _MEMORY, proof)


def _nothing(name: str, why: str, proof: str) -> Row:
    return Row(name, why, "", "no limit", _PASSES, "nowhere", proof)


TABLE: tuple[Row, ...] = (
    _nothing("looking up a scanned link", "130 bits", "test_scanned_links_are_never_slowed_down"),
    _opening(FORM_KEYS, "test_one_address_is_given_no_more_keys_in_an_hour_than_the_limit_says"),
    _guessing(TYPED_CODE, "test_a_right_code_opens_while_hosts_all_around_guess"),
    _nothing("long receipt", "85 bits", "test_a_long_receipt_is_looked_up_however_many_were_tried_from_there"),
    _guessing(OLD_RECEIPT, "test_a_right_receipt_is_taken_while_another_network_tries_them_by_chance"),
    _guessing(PASSWORD, "test_right_passwords_open_while_one_host_floods"),
    Row(
        "password from a known device",
        "wrong passwords",
        "the browser's own cookie, which opens nothing",
        f"{_paced(KNOWN_DEVICE)}; beyond it counts as any other browser",
        "429 with `Retry-After`",
        _MEMORY,
        "test_the_owners_own_browser_opens_while_its_address_and_account_are_attacked",
    ),
    _turns(
        "hashing of passwords",
        PASSWORD_HASHES,
        "sign-in, confirming, a new password, an invitation's first one",
        "429 with `Retry-After`",
        "test_turns_for_hashing_go_round_between_networks",
    ),
    Row(
        "second step",
        "wrong codes, of the app and of recovery, after a right password",
        "account; its known devices for themselves",
        f"{SECOND_STEP_MISSES} in each {ACCOUNT_WINDOW_SECONDS // 60} minutes",
        "429 with `Retry-After`, also to a right code",
        _PER_ACCOUNT,
        "test_after_five_misses_even_the_right_code_waits_ten_minutes",
    ),
    _nothing("passkey", "a signature; each challenge signs in once", "test_an_answer_signs_in_once"),
    _nothing("invitation", "260 bits; what follows is hashing", "test_a_link_works_once"),
    _guessing(PROVIDER, "test_one_host_that_leaves_and_comes_back_holds_up_nobody_elses_sign_in"),
    _turns(
        "asking the provider",
        PROVIDER_CALLS,
        "leaving for the organisation's sign-in and coming back",
        "429 with `Retry-After`",
        "test_who_is_pushed_out_is_told_at_once",
    ),
    Row(
        "refusals of the provider in the log",
        "records of one reason",
        "reason",
        f"{REFUSALS_NOTED} in each {ACCOUNT_WINDOW_SECONDS // 60} minutes",
        "no record; the person is told the same",
        "database, keyed hash of the reason",
        "test_the_log_is_not_filled_by_a_stranger",
    ),
    Row(
        "emergency access",
        "as password and second step; it is begun by a command on the server or by a clinic admin",
        "",
        "as those",
        "as those",
        "as those",
        "test_breaking_glass_and_ending_it",
    ),
    Row(
        "case code at the front desk",
        "whole codes that open no case",
        "account",
        f"{CASE_CODE_MISSES} in each {ACCOUNT_WINDOW_SECONDS // 60} minutes",
        "429 with `Retry-After`",
        _PER_ACCOUNT,
        "test_guessing_case_codes_is_slowed_down_on_both_pages_and_for_that_account_only",
    ),
    _guessing(METRICS_TOKEN, "test_guessing_the_token_is_slowed_and_the_monitor_elsewhere_is_answered"),
    Row(
        "heavy pages of staff",
        "exports, sheets and cards, the preview of alert budgets",
        "account, and process",
        f"{HEAVY_OF_ACCOUNT} at once of one account, {HEAVY_AT_ONCE} of all",
        "429 with `Retry-After`",
        _MEMORY,
        "test_heavy_pages_leave_room_for_others",
    ),
    _turns(
        "requests",
        REQUESTS,
        "all but /healthz and /metrics",
        "503 with `Retry-After`",
        "test_a_flood_from_one_network_waits_behind_itself",
    ),
    Row(
        "bodies under way",
        f"bodies that have not arrived in whole; large ones are above {CLIENT_BODY // 1024} KiB",
        "network, and process",
        f"{SMALL_BODIES.of_network} of one network, {SMALL_BODIES.most:,} in all; large ones {LARGE_BODIES.of_network} "
        f"and {LARGE_BODIES.most}; {BODY_SECONDS:.0f} seconds each",
        "408 to the oldest of the network with most; none holds a thread",
        _MEMORY,
        "test_slow_bodies_of_one_network_end_no_service",
    ),
    Row(
        "size of a body",
        "bytes",
        "request",
        f"{CLIENT_BODY // 1024} KiB from clients, {STAFF_BODY // 1024} KiB from staff",
        "413, unread",
        "nowhere",
        "test_a_body_too_large_is_refused_before_it_is_taken",
    ),
    Row(
        "connections",
        "open connections, and heads under way",
        "process",
        f"{CONNECTIONS:,}; {HEAD_SECONDS:.0f} seconds for a head",
        "they wait; a head that is late is closed",
        _MEMORY,
        "test_slow_clients_keep_nobody_else_waiting",
    ),
)
