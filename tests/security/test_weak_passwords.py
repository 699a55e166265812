"""What everybody tries first is refused, however long; what somebody thinks up or draws is taken."""

import pytest

from feedback.security.credentials import LEAST_GUESSES, SHORTEST, guesses
from tests.support.chance import SeededChance

ABOUT = ("dana.berg@riverside.example", "Dana Berg", "Riverside Practice")

FIRST_TRIED = (
    """
passwordpassword|password12345678|P@ssw0rdP@ssw0rd|qwertyuiopasdfgh|qwertyuiop123456|1234567890123456|111111111111111
iloveyouiloveyou|iloveyou12345678|letmeinletmein123|adminadminadmin1|Administrator2024|welcomewelcome1!|Summer2026Summer!
correcthorsebatterystaple|CorrectHorseBatteryStaple|thequickbrownfoxjumps|qazwsxedcrfvtgb|1qaz2wsx3edc4rfv|zxcvbnmasdfghjkl
abcdefghijklmnop|zyxwvutsrqponml|abcabcabcabcabc|a1a1a1a1a1a1a1a1|monkeymonkeymonkey|footballfootball1|Liverpool2024!!!
therapytherapy2026|welcometotheclinic|counselling-2026|riverside practice|danadanadanadana|Dana.Berg.Riverside
changemechangeme|secretsecretsecret|trustnobody12345|0987654321098765|starwarsstarwars1|princessprincess1
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

OWN = (
    "four calm words in a row",
    "seven quiet otters swim",
    "my sister sells old maps",
    "winter rain on tin roofs",
    "Der Kran am Fluss schläft",
    "η θάλασσα είναι ήσυχη",
    "x7Kq-9fLm-2wPz-8rTn",
)


@pytest.mark.parametrize("tried", FIRST_TRIED)
def test_what_everybody_tries_first_is_too_little(tried):
    assert len(tried) >= SHORTEST, "it would be refused for its length alone"
    assert guesses(tried, ABOUT) < LEAST_GUESSES


@pytest.mark.parametrize("own", OWN)
def test_a_phrase_of_ones_own_is_enough(own):
    assert guesses(own, ABOUT) >= LEAST_GUESSES


def test_what_a_password_manager_draws_is_enough():
    chance = SeededChance(7)
    assert min(guesses(chance.text(SHORTEST), ABOUT) for _ in range(300)) >= LEAST_GUESSES


@pytest.mark.parametrize("text", ["", "a", "\0" * 300, "x" * 100_000, "🦆" * 20, "abcdefgh" * 40])
def test_no_text_takes_long_or_breaks_it(text):
    assert guesses(text, (text,)) < LEAST_GUESSES
