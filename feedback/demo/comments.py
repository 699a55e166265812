"""What people in the demo write to their therapist, and what therapists note. Our own words, nobody's own story."""

from collections.abc import Mapping

import numpy as np

GOOD = (
    "Thank you for today.",
    "It helped to go slowly.",
    "I felt lighter on the way out.",
    "Glad we stayed with one thing today.",
    "I had not said that out loud before.",
    "The breathing exercise was useful.",
    "I liked that you asked what I wanted to talk about.",
    "Good to laugh for once.",
    "I want to come back to the letter next time.",
    "That question about my brother stayed with me.",
    "Tired, but in a good way.",
    "The plan for the week feels doable.",
)
PLAIN = (
    "Busy week, hard to concentrate.",
    "A bit tired today, nothing to do with you.",
    "I am still thinking about it.",
    "The room was cold.",
    "Could we look at sleep next time?",
    "Not sure what to say yet.",
)
OFF: Mapping[str, tuple[str, ...]] = {
    "misunderstood": (
        "I do not think I got across what I meant.",
        "It felt like we were talking about two different things.",
        "When I said I was fine I was not.",
    ),
    "held_back": (
        "There was something I wanted to say and did not.",
        "I went quiet. I could not find a way in.",
        "I said yes, but I was not sure.",
    ),
    "judged": (
        "I felt a bit told off when we talked about the drinking.",
        "I worried what you thought of me.",
    ),
    "pushed": (
        "It went a bit fast for me.",
        "I was not ready to talk about my father yet.",
        "The homework felt like a lot this week.",
    ),
    "other_topic": (
        "I had wanted to talk about work, and we ran out of time.",
        "We did not get to the thing I came for.",
    ),
    "disagreed": ("I do not see it the way you do, and I did not say so.",),
    "background": (
        "I am not sure you know what it is like in a family like mine.",
        "The bit about church landed oddly.",
    ),
    "slipped": (
        "We started late again and it threw me.",
        "You said you would bring the sheet.",
    ),
    "something_else": ("Hard to say what it was. Something was different.",),
}
NOTES = (
    "Brought it up at the start. They had felt hurried. Agreed to check half-way through.",
    "Said I had missed it. They were relieved that I asked.",
    "Talked about what got in the way. We will keep ten minutes at the end free.",
    "They wanted me to know, not to talk it through. Thanked them.",
    "My question landed as blame. I said so. We looked at it together.",
    "We went back to what they came for, and wrote it down.",
)

OFTEN_WHEN_OFF = 0.4
OFTEN = 0.12
"""Share of forms with a note from the client."""


def draw_comment(rng: np.random.Generator, off: int, closest: frozenset[str], mean: float) -> str:
    """Draw a client's note that fits the answers, mostly none."""
    if rng.random() >= (OFTEN_WHEN_OFF if off else OFTEN):
        return ""
    fitting = OFF[min(closest)] if closest else GOOD if mean >= 7.5 and not off else PLAIN
    return fitting[int(rng.integers(len(fitting)))]
