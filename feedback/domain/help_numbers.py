"""Help numbers and complaints bodies per country, for a clinic to start from.

Each is a well-known public line with the address of whoever runs it. Numbers change: a clinic checks every one before
its first client sees it, and the pages that offer them say so and say when this list was last gone over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from feedback.domain.care import HelpNumber

CHECK_AGAIN = "Check every number before your first client sees it. Numbers change."


@dataclass(frozen=True, slots=True)
class CountryPreset:
    """What clients of a country may be shown. `sources` are addresses, one per help number, in the same order."""

    country: str
    name: str
    help_numbers: tuple[HelpNumber, ...]
    sources: tuple[str, ...]
    complaints: str
    checked_on: date = date(2026, 11, 23)


def _preset(country: str, name: str, complaints: str, *lines: tuple[str, str, str, str]) -> CountryPreset:
    """Each line: purpose, as said, as dialled, source."""
    numbers = tuple(HelpNumber(purpose, said, dialled) for purpose, said, dialled, _ in lines)
    return CountryPreset(country, name, numbers, tuple(source for *_, source in lines), complaints)


_EUROPEAN = ("In danger", "112", "112", "https://digital-strategy.ec.europa.eu/en/policies/112")

PRESETS: Mapping[str, CountryPreset] = MappingProxyType(
    {
        preset.country: preset
        for preset in (
            _preset(
                "GB",
                "United Kingdom",
                "Professional Standards Authority, which lists the register of each profession: "
                "www.professionalstandards.org.uk",
                (
                    "In danger",
                    "999",
                    "999",
                    "https://www.gov.uk/guidance/999-and-112-the-uks-national-emergency-numbers",
                ),
                ("To talk", "111, then 2", "111", "https://www.nhs.uk/nhs-services/mental-health-services/"),
                ("Samaritans", "116 123", "116123", "https://www.samaritans.org/"),
            ),
            _preset(
                "IE",
                "Ireland",
                "CORU, the regulator of health and social care professionals: www.coru.ie",
                ("In danger", "112 or 999", "112", "https://www.112.ie/"),
                ("Samaritans", "116 123", "116123", "https://www.samaritans.org/ireland/"),
            ),
            _preset(
                "US",
                "United States",
                "The licensing board of your state; psychology boards are listed at www.asppb.net",
                ("In danger", "911", "911", "https://www.911.gov/"),
                ("Suicide and crisis lifeline", "988", "988", "https://988lifeline.org/"),
            ),
            _preset(
                "CA",
                "Canada",
                "The regulatory college of your province or territory; for psychology see www.acpro-aocrp.ca",
                ("In danger", "911", "911", "https://www.canada.ca/en/services/policing/emergencies.html"),
                ("Suicide crisis helpline", "9-8-8", "988", "https://988.ca/"),
            ),
            _preset(
                "AU",
                "Australia",
                "Ahpra, the regulator of health practitioners: www.ahpra.gov.au",
                ("In danger", "000", "000", "https://www.triplezero.gov.au/"),
                ("Lifeline", "13 11 14", "131114", "https://www.lifeline.org.au/"),
            ),
            _preset(
                "NZ",
                "New Zealand",
                "Health and Disability Commissioner: www.hdc.org.nz",
                ("In danger", "111", "111", "https://www.police.govt.nz/contact-us/calling-emergency-111"),
                ("Need to talk?", "1737", "1737", "https://1737.org.nz/"),
            ),
            _preset(
                "DE",
                "Germany",
                "Die Psychotherapeutenkammer Ihres Bundeslandes, zu finden bei www.bptk.de",
                _EUROPEAN,
                ("TelefonSeelsorge", "0800 111 0 111", "08001110111", "https://www.telefonseelsorge.de/"),
            ),
            _preset(
                "AT",
                "Austria",
                "Die Patientenanwaltschaft Ihres Bundeslandes, zu finden bei www.patientenanwalt.com",
                _EUROPEAN,
                ("TelefonSeelsorge", "142", "142", "https://www.telefonseelsorge.at/"),
            ),
            _preset(
                "CH",
                "Switzerland",
                "The health authority of your canton; for psychologists also: www.psychologie.ch",
                ("In danger", "112 or 144", "112", "https://www.ch.ch/en/health/emergency-numbers/"),
                ("Die Dargebotene Hand, La Main Tendue", "143", "143", "https://www.143.ch/"),
            ),
            _preset(
                "FR",
                "France",
                "L’agence régionale de santé de votre région : www.ars.sante.fr",
                _EUROPEAN,
                ("Prévention du suicide", "3114", "3114", "https://3114.fr/"),
            ),
            _preset(
                "ES",
                "Spain",
                "El Colegio Oficial de la Psicología de su comunidad, en www.cop.es",
                _EUROPEAN,
                ("Línea 024", "024", "024", "https://www.sanidad.gob.es/linea024/home.htm"),
            ),
            _preset(
                "NL",
                "Netherlands",
                "Landelijk Meldpunt Zorg: www.landelijkmeldpuntzorg.nl",
                _EUROPEAN,
                ("113 Zelfmoordpreventie", "113 or 0800 0113", "08000113", "https://www.113.nl/"),
            ),
            _preset(
                "IN",
                "India",
                "The State Mental Health Authority of your state; for clinical psychologists the Rehabilitation "
                "Council of India: www.rehabcouncil.nic.in",
                ("In danger", "112", "112", "https://112.gov.in/"),
                ("Tele-MANAS", "14416", "14416", "https://telemanas.mohfw.gov.in/"),
            ),
        )
    }
)


def preset_for(country: str) -> CountryPreset | None:
    """Return the preset of a country by its two letters, or nothing where there is none."""
    return PRESETS.get(country.upper())
