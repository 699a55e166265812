"""What a ruler finds on a staff page: text that is cut off, covered, or too small to read in a chart.

Other than on a client's page, some things lie outside the screen on purpose: the link that skips to the content until
the keyboard is on it, words that only a screen reader hears, and tables that scroll inside their own box. They are no
fault here; a table is looked at where it shows.
"""

LARGE_TEXT = "() => { document.documentElement.style.fontSize = '200%'; }"
"""Text twice as large, on a page that does not know of it: harder than a browser's own setting, which moves columns."""

FAULTS = """(large = false) => {
  const wide = document.documentElement.clientWidth, wrong = new Set(), lines = [];
  const said = node => node.data.trim().slice(0, 40);
  const look = one => getComputedStyle(one);
  const hidden = one => one.closest('.skip:not(:focus), .vh') !== null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement, range = document.createRange();
    if (!node.data.trim() || !parent.checkVisibility() || hidden(parent)) continue;
    if (parent.closest('title, desc, select, textarea')) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1) measure(node, parent, box);
  }
  function measure(node, parent, box) {
    let left = box.left, right = box.right, top = box.top, bottom = box.bottom;
    for (let one = parent; one && one !== document.body; one = one.parentElement) {
      const style = look(one), room = one.getBoundingClientRect();
      if (style.overflowX === 'auto' || style.overflowX === 'scroll') {
        left = Math.max(left, room.left), right = Math.min(right, room.right);
        if (right <= left) return;
      } else if (style.overflowX === 'hidden' || style.overflowX === 'clip') {
        if (box.left < room.left - 1 || box.right > room.right + 1
            || box.top < room.top - 2 || box.bottom > room.bottom + 2)
          wrong.add('cut off: ' + said(node));
      }
      if (one.matches('button, .b, .tag, .panel, .note, .card, td, th')
          && (left < room.left - 1 || right > room.right + 1 || top < room.top - 4 || bottom > room.bottom + 4))
        wrong.add('out of its box: ' + said(node));
    }
    if (left < -1 || right > wide + 1) wrong.add('beyond the edge: ' + said(node));
    if (!large && parent.closest('svg.chart') && parseFloat(look(parent).fontSize) * parent.getScreenCTM().a < 11.9)
      wrong.add('too small: ' + said(node));
    lines.push({ left, right, top, bottom, node });
  }
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.bottom - a.top, b.bottom - b.top) / 2;
  for (let one = 0; one < lines.length; one++) for (let other = one + 1; other < lines.length; other++)
    if (lines[one].node !== lines[other].node && over(lines[one], lines[other]))
      wrong.add('one over the other: ' + said(lines[one].node) + ' / ' + said(lines[other].node));
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea, svg.qr')) {
    if (!field.checkVisibility()) continue;
    const box = field.getBoundingClientRect();
    for (const line of lines) if (over(line, box)) wrong.add('covered by a field: ' + said(line.node));
    if (box.left < -1 || box.right > wide + 1) wrong.add('beyond the edge: ' + field.name);
    if (!large && field.matches('select')) {
      const pen = document.createElement('canvas').getContext('2d'), style = look(field);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
      const shown = field.selectedOptions[0];
      if (shown && pen.measureText(shown.text).width > room) wrong.add('cut in its field: ' + shown.text);
    }
  }
  return [...wrong];
}"""
"""Gives every fault in words, none twice. With large text, what only a browser's own setting would widen is let pass: a
closed list may hide the end of its choice, and a drawing narrows with its column."""
