"""Who works in the demo clinic. Invented, all of them."""

CLINIC = "Harbour Lane Therapy"
COUNTRY = "GB"
TIMEZONE = "Europe/London"
CONTACT = "Anna Lind, clinical lead: 020 7946 0110"
PHONE = "020 7946 0100"
"""Numbers 020 7946 0000–0999 are kept free for fiction by the United Kingdom's regulator."""

RETENTION_MONTHS = 24
ADMIN = "Anna"
SUPERVISOR = "Noor"

TEAMS = (("Quay", ("Dana", "Iris", "Tom", "Priya")), ("Garden", ("Jonas", "Mei", "Ruth", "Sam")))
"""Teams and the names of their therapists, as clients know them."""


def email_of(name: str) -> str:
    """Return the address somebody signs in with; `example` never leads anywhere."""
    return f"{name.lower()}@harbour.example"
