"""What the limits leave to somebody who guesses: an upper bound of what is judged, and of the odds of a hit."""

from feedback.domain.limits import GuessLimit


def most_guesses(limit: GuessLimit, addresses: int, seconds: float) -> int:
    """Return how many misses are judged at most in a time, from so many addresses that each have a network for itself.

    Beside what each address may when it is slowed, all together may what brings about no pressure.
    """
    own = limit.subject or limit.address
    if limit.pressure is None:
        return addresses * (own.burst + int(seconds / own.seconds))
    calm = limit.pressure.burst + int(seconds / limit.pressure.seconds)
    return calm + addresses * (own.burst + int(seconds / limit.slowed))


def odds(guesses: float, secrets: int, bits: int) -> float:
    """Return the chance that one of so many guesses is one of so many secrets; an upper bound (Boole's inequality)."""
    return min(1.0, guesses * secrets / 2.0**bits)
