"""A QR code in the terminal: two modules per character, black on white whatever the terminal's own colours are."""

from feedback.web.qr import QUIET, matrix

_BLACK_ON_WHITE = "\033[38;5;16;48;5;231m"
_AS_BEFORE = "\033[0m"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def draw_in_terminal(address: str) -> str:
    """Draw an address with its quiet zone of four modules. Needs a terminal with 256 colours and Unicode."""
    rows = matrix(address)
    width = len(rows) + 2 * QUIET
    blank = [[False] * width for _ in range(QUIET)]
    framed = [*blank, *([False] * QUIET + row + [False] * QUIET for row in rows), *blank]
    if len(framed) % 2:
        framed.append([False] * width)
    lines = (
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(framed[::2], framed[1::2], strict=True)
    )
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_AS_BEFORE}" for line in lines)
