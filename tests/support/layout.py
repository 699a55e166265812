"""What a ruler finds on a page: JavaScript that a test runs in it. Each gives the places that are wrong, in words."""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""How many pixels the page can be scrolled sideways."""

OPEN_ALL = """() => {
  document.querySelectorAll('details').forEach(each => each.open = true);
  document.querySelectorAll('input.r[value=yes]').forEach(each => each.checked = true);
}"""
"""Open every detail, and answer so that all that follows is shown."""

_LINES = """const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, range = document.createRange();
    if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1) lines.push([box, node]);
  }
  const said = node => node.data.trim().slice(0, 40);
"""

CUT_OR_COVERED = (
    "() => {"
    + _LINES
    + """
  const wide = document.documentElement.clientWidth, wrong = [];
  for (const [box, node] of lines) {
    if (box.left < -1 || box.right > wide + 1) wrong.push('beyond the edge: ' + said(node));
    const tile = node.parentElement.closest('.s span, button, .b');
    const room = tile && tile.getBoundingClientRect();
    if (room && (box.left < room.left - 1 || box.right > room.right + 1 || box.top < room.top - 4
      || box.bottom > room.bottom + 4)) wrong.push('out of its tile: ' + said(node));
  }
  for (let one = 0; one < lines.length; one++) for (let other = one + 1; other < lines.length; other++) {
    const [a, first] = lines[one], [b, second] = lines[other];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (first !== second && across > 2 && down > Math.min(a.height, b.height) / 2)
      wrong.push('one over the other: ' + said(first) + ' / ' + said(second));
  }
  return wrong;
}"""
)
"""Text that leaves the screen or its tile, and text that lies over other text."""

TOO_SMALL_TO_TAP = """() => [...document.querySelectorAll(
    'main label:has(input), main button, main summary, main a.b, footer a, main .k a, main [role=alert] li a')]
  .filter(each => each.checkVisibility())
  .map(each => [each.innerText.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
  .map(([text, box]) => `${text} ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`)"""

TILES_TOO_SMALL = """() => [...document.querySelectorAll('main .s label')]
  .filter(each => each.checkVisibility())
  .map(each => [each.innerText.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([text, box]) => `${text} ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`)"""

ZOOMING_FIELDS = """() => [...document.querySelectorAll(
    'textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])')]
  .filter(each => parseFloat(getComputedStyle(each).fontSize) < 16).map(each => each.name)"""
"""Fields in type so small that a phone zooms in when they are tapped: under 16 px."""

FOCUS = """() => {
  const at = document.activeElement;
  const shown = at.matches('.s input') ? at.nextElementSibling : at;
  const ring = getComputedStyle(shown), box = shown.getBoundingClientRect();
  return {
    name: at === document.body ? '' : at.name || at.textContent.trim(), width: parseFloat(ring.outlineWidth),
    style: ring.outlineStyle, colour: ring.outlineColor, seen: box.bottom > 0 && box.top < innerHeight,
  };
}"""
"""Where the keyboard is, and the ring around it."""

TILE_COLOURS = """() => {
  const tiles = [...document.querySelectorAll('.s span')].filter(each => each.checkVisibility());
  return tiles.map(tile => {
    const look = getComputedStyle(tile);
    return {
      chosen: tile.previousElementSibling.checked, edge: look.borderTopColor, wide: parseFloat(look.borderTopWidth),
      fill: look.backgroundColor, text: look.color, bold: parseInt(look.fontWeight) >= 600,
      page: getComputedStyle(document.body).backgroundColor,
    };
  });
}"""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours written `rgb(…)`, 1 to 21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
