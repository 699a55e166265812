"""ROC and calibration as SVG, drawn by hand: no library, no script, words that a screen reader finds."""

from collections.abc import Mapping, Sequence
from html import escape

from feedback.detection.evaluation.scoring import Tenth

Curve = Sequence[tuple[float, float]]

SIDE = 360
"""Length of an axis, in the units of the drawing."""

LEFT, TOP, RIGHT, BOTTOM = 56, 44, 168, 52

STYLE = """\
<style>
  svg { background: #fff; font: 13px system-ui, sans-serif; fill: #1f2933 }
  .axis { stroke: #7b8794; fill: none } .grid { stroke: #e4e7eb; fill: none }
  .even { stroke: #9aa5b1; stroke-dasharray: 4 4 }
  .curve { fill: none; stroke-width: 2 } .title { font-weight: 600; font-size: 15px }
  .small { fill: #52606d; font-size: 12px }
</style>"""

LOOKS = (
    ("#0b6e6e", ""),
    ("#b45309", ""),
    ("#4c51bf", "6 3"),
    ("#805ad5", "2 3"),
    ("#2f855a", "8 3 2 3"),
    ("#97266d", "1 3"),
    ("#2b6cb0", "10 4"),
    ("#4a5568", "5 2 1 2"),
)
"""Colour and dashes of each curve in turn: they differ without colour too."""


def roc_plot(curves: Mapping[str, Curve], about: str) -> str:
    """Draw ROC curves: share of the other forms flagged across, share of beginning ruptures flagged upwards."""
    return _plot(
        "Ruptures flagged as they begin",
        about,
        ("share of other forms flagged", "share of beginning ruptures flagged"),
        curves,
    )


def calibration_plot(tenths: Mapping[str, Sequence[Tenth]], about: str, *, least: int = 100) -> str:
    """Draw how often it was so against the probability given, for tenths with at least so many forms."""
    curves = {
        name: [(tenth.given, tenth.was) for tenth in found if tenth.count >= least] for name, found in tenths.items()
    }
    axes = ("probability given", "share that was so")
    return _plot("How often it was so, for each probability given", about, axes, curves, dots=True)


def _plot(title: str, about: str, axes: tuple[str, str], curves: Mapping[str, Curve], *, dots: bool = False) -> str:
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(about)}</desc>',
        STYLE,
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>',
        *_frame(axes),
    ]
    for place, (name, curve) in enumerate(curves.items()):
        parts += _curve(name, curve, LOOKS[place % len(LOOKS)], place, dots=dots)
    return "\n".join([*parts, "</svg>\n"])


def _at(x: float, y: float) -> str:
    return f"{LEFT + x * SIDE:.1f},{TOP + (1.0 - y) * SIDE:.1f}"


def _frame(axes: tuple[str, str]) -> list[str]:
    parts = []
    for tick in range(0, 11, 2):
        x, y = LEFT + tick / 10 * SIDE, TOP + (1 - tick / 10) * SIDE
        parts += [
            f'<path class="grid" d="M{x:.1f},{TOP} v{SIDE} M{LEFT},{y:.1f} h{SIDE}"/>',
            f'<text class="small" x="{x:.1f}" y="{TOP + SIDE + 18}" text-anchor="middle">{tick / 10:.1f}</text>',
            f'<text class="small" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick / 10:.1f}</text>',
        ]
    middle = TOP + SIDE / 2
    return [
        *parts,
        f'<path class="axis" d="M{_at(0, 1)} L{_at(0, 0)} L{_at(1, 0)}"/>',
        f'<path class="even" d="M{_at(0, 0)} L{_at(1, 1)}"/>',
        f'<text x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 40}" text-anchor="middle">{escape(axes[0])}</text>',
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">{escape(axes[1])}</text>',
    ]


def _curve(name: str, curve: Curve, look: tuple[str, str], place: int, *, dots: bool) -> list[str]:
    colour, dashes = look
    drawn = f'stroke="{colour}"' + (f' stroke-dasharray="{dashes}"' if dashes else "")
    right, down = LEFT + SIDE + 14, TOP + 12 + 22 * place
    parts = [
        f'<path class="curve" {drawn} d="M{" L".join(_at(x, y) for x, y in curve)}"/>' if curve else "",
        f'<path class="curve" {drawn} d="M{right},{down - 4} h24"/>',
        f'<text x="{right + 30}" y="{down}">{escape(name)}</text>',
    ]
    if dots:
        parts += [
            f'<circle cx="{_at(x, y).partition(",")[0]}" cy="{_at(x, y).partition(",")[2]}" r="3.5" fill="{colour}"/>'
            for x, y in curve
        ]
    return [part for part in parts if part]
