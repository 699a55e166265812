"""What `make scan` found, as a part of `docs/security-scan.md`: a line per role, each finding with its explanation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.domain.clock import SystemClock
from tests.support.folders import ROOT

SCANNER = "wapiti3==3.2.3"
PAGE = ROOT / "docs/security-scan.md"
BEGIN, END = "<!-- written by make scan: begin -->\n", "<!-- written by make scan: end -->\n"

MOST_NAMED = 6
"""Addresses of one finding that are named on the page."""

Finding = tuple[str, str, str, str, str]
"""Its kind, and of what: method, path, parameter, and the scanner's own words."""

EXPLAINED: Mapping[tuple[str, str], str] = {
    ("Clickjacking Protection", "X-Frame-Options is not set"): (
        "`frame-ancestors 'none'` stands in the policy of every answer, which has taken that header's place (ASVS "
        "3.4.6 says so too); `test_every_client_answer_carries_the_whole_policy`"
    ),
    ("LDAP Injection", "/poster"): (
        "the product speaks to no directory; the scanner takes a page for an answer of one. `lang` is looked up among "
        "the languages the clinic offers, and any other value gives the clinic's own"
    ),
    ("LDAP Injection", "/k/"): (
        "the product speaks to no directory; after many wrong codes the page asks to wait, and the scanner takes two "
        "different answers for those of a directory; `test_a_network_that_guesses_is_slowed_down_and_others_are_not`"
    ),
    ("HTTP Methods", "Possible interesting methods (using OPTIONS)"): (
        "an address names the methods it has, and has no other; `test_no_route_answers_a_method_it_does_not_name`"
    ),
    ("HTTP Secure Headers", "Strict-Transport-Security is not set"): (
        "the scanner is served over plain http on loopback, where browsers ignore it; over https every answer carries "
        "it; `test_every_client_answer_carries_the_whole_policy`"
    ),
    ("Cross Site Request Forgery", "/code"): (
        "clients have no session that another site could use, and no cookie but a shared tablet's. Every changing "
        "request from another site is refused by `Sec-Fetch-Site` and `Origin`; `test_another_site_cannot_send`"
    ),
    ("Cross Site Request Forgery", "/withdraw"): "as for `/code`",
    ("Cross Site Request Forgery", "/k/"): "as for `/code`",
    ("Cross Site Request Forgery", "/F/"): (
        "the form's one-time key is bound to its code and is the token; besides, as for `/code`; "
        "`test_another_site_cannot_send`"
    ),
    ("Cross Site Request Forgery", "/sign-in"): (
        "the same check; there is no session to bind a token to yet, and a signed-in one ends when another begins; "
        "`test_another_site_cannot_sign_anybody_out`"
    ),
}
"""Why a finding is none: by its kind, and how its path or what the scanner says of it begins."""


@dataclass(frozen=True)
class Scanned:
    """What came of one role.

    `opened`: kinds of staff page that opened; `cut`: groups of attacks that the limit ended; `stayed`: was signed in,
    from the first page to the end.
    """

    role: str
    pages: int
    opened: int
    minutes: int
    cut: tuple[str, ...]
    stayed: bool
    faults: int
    findings: tuple[Finding, ...]


def read_report(report: Mapping[str, Any], role: str, cut: tuple[str, ...], **more: Any) -> Scanned:
    """Take from a report of the scanner what is worth keeping, each finding once."""
    found = {
        (kind, str(one["method"]), str(one["path"]), str(one["parameter"] or ""), str(one["info"]))
        for group in ("vulnerabilities", "anomalies", "additionals")
        for kind, ones in report[group].items()
        for one in ones
    }
    pages = int(report["infos"].get("crawled_pages_nbr") or 0)
    return Scanned(role, pages, cut=cut, findings=tuple(sorted(found)), **more)


def why(finding: Finding) -> str | None:
    """Return the explanation of a finding, if there is one."""
    kind, _, path, _, info = finding
    for (of_kind, of), words in EXPLAINED.items():
        if kind == of_kind and (path.startswith(of) or info.startswith(of)):
            return words
    return None


def unexplained(scanned: Scanned) -> list[str]:
    """Say what of a role's scan cannot be left as it is."""
    wrong = [" ".join(finding) for finding in scanned.findings if why(finding) is None]
    wrong += [f"{scanned.faults} faults of the server"] * (scanned.faults > 0)
    return wrong + ["was not signed in all the time"] * (not scanned.stayed)


def write_page(done: Sequence[Scanned], seconds: int) -> None:
    """Put what was found so far into the page, in the place of the run before."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(before + BEGIN + _result(done, seconds) + END + after, encoding="utf-8")


def _result(done: Sequence[Scanned], seconds: int) -> str:
    lines = [
        f"{SystemClock().now():%d %B %Y}, {SCANNER.replace('==', ' ')}; at most {seconds} seconds for each group.",
        "",
        "| as | addresses found | kinds of page opened | minutes | ended by the limit | faults (5xx) | findings |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in done:
        cut = "; ".join(f"`{attacks}`" for attacks in one.cut) or "none"
        wrong = "; ".join(unexplained(one))
        found = f"**unexplained:** {wrong}" if wrong else f"{len(one.findings)}, explained" if one.findings else "none"
        lines.append(f"| {one.role} | {one.pages} | {one.opened} | {one.minutes} | {cut} | {one.faults} | {found} |")
    explained: dict[str, set[str]] = {}
    for finding in (finding for one in done for finding in one.findings):
        if words := why(finding):
            explained.setdefault(words, set()).add(f"`{finding[1]} {_without_codes(finding[2])}`")
    if explained:
        lines += ["", "| finding | explained |", "|---|---|"]
        lines += [f"| {_named(words)} at {_listed(at)} | {words} |" for words, at in sorted(explained.items())]
    return "\n".join(lines) + "\n"


def _listed(addresses: set[str]) -> str:
    """Name a few addresses, and count many."""
    return ", ".join(sorted(addresses)) if len(addresses) <= MOST_NAMED else f"{len(addresses)} addresses"


def _without_codes(path: str) -> str:
    """Leave out of an address what differs from one throw-away clinic to the next."""
    return re.sub(r"(?<=/)([0-9A-Z]{5}-[0-9A-Z]|[0-9A-Z]{8,}|\d{4}-(\d{2}|Q\d))(?=[/.]|$)", "…", path)


def _named(words: str) -> str:
    """Return the scanner's name of what an explanation explains."""
    return next(kind if of.startswith("/") else of for (kind, of), said in EXPLAINED.items() if said == words)
