"""What the form says about who reads an answer, held to who really may: the application refuses to start otherwise.

The sentence is made from `domain/who_reads.py`. This walks the routes that open answers and what translators wrote, so
that neither a new route nor a lost sentence goes unnoticed.
"""

from collections.abc import Iterable

from feedback.domain.care import Role
from feedback.domain.errors import WhoReadsWrong
from feedback.domain.languages import ENGLISH, LANGUAGES
from feedback.domain.who_reads import READERS
from feedback.web.catalogues import catalogue
from feedback.web.intake.who_reads import SENTENCES
from feedback.web.route_policy import Entry


def check_who_reads(entries: Iterable[Entry]) -> None:
    """Pass when every role that may open answers is named in the sentence, and the sentence is there in each language.

    A role is named by the reader of the same name. Raises `WhoReadsWrong`.
    """
    named = {reader.value for readers in READERS.values() for reader in readers}
    for entry in entries:
        for role in sorted(_readers(entry) - named):
            raise WhoReadsWrong(
                f"{entry.rule} shows answers to the role {role}, whom the form's sentence does not name. Add it to "
                "READERS in feedback/domain/who_reads.py under a new version, or close that route."
            )
    for version, readers in READERS.items():
        sentence = SENTENCES.get(readers)
        if sentence is None:
            raise WhoReadsWrong(f"Version {version} of who reads an answer has no sentence for the form.")
        _check_translations(sentence)


def _readers(entry: Entry) -> set[str]:
    return {Role(role).value for role in entry.admits} if entry.opens_answers else set()


def _check_translations(sentence: str) -> None:
    for code in LANGUAGES:
        said = catalogue(code).gettext(sentence)
        if code != ENGLISH.code and (not said.strip() or said == sentence):
            raise WhoReadsWrong(f'The sentence about who reads an answer is not translated into "{code}".')
        if "%(therapist)s" not in said:
            raise WhoReadsWrong(f'The sentence about who reads an answer does not name the therapist in "{code}".')
