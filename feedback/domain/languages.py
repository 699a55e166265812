"""The languages in which a client can be asked: what each calls itself, which way it runs, how it writes a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code. `day` is the pattern of a day without its year, in the letters of Unicode's UTS 35."""

    code: str
    name: str
    day: str
    is_right_to_left: bool = False

    @property
    def direction(self) -> str:
        """Return the direction as HTML writes it: `ltr` or `rtl`."""
        return "rtl" if self.is_right_to_left else "ltr"


ENGLISH = Language("en", "English", "EEEE d MMMM")
"""The language in which everything is written first."""

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.code: language
        for language in (
            ENGLISH,
            Language("es", "Español", "EEEE d 'de' MMMM"),
            Language("fr", "Français", "EEEE d MMMM"),
            Language("de", "Deutsch", "EEEE, d. MMMM"),
            Language("pt", "Português", "EEEE, d 'de' MMMM"),
            Language("ar", "العربية", "EEEE d MMMM", is_right_to_left=True),
        )
    }
)
"""In the order in which they are offered. Each has a catalogue and its questionnaires, or the tests fail."""

_OF_COUNTRIES = {"AT": "de", "CH": "de", "DE": "de", "ES": "es", "FR": "fr"}


def languages_to_start_with(country: str) -> tuple[str, ...]:
    """Return the codes a new clinic starts with: the language of its country where there is one, and English."""
    return tuple(dict.fromkeys((_OF_COUNTRIES.get(country, ENGLISH.code), ENGLISH.code)))
