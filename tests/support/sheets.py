"""The one layout of style sheets, one declaration to a line: `make format` writes it, the house's tests hold it."""

import cssbeautifier

from feedback import paths

SHEETS = sorted(paths.static().glob("*.css"))


def formatted(text: str) -> str:
    """Return a style sheet in the layout that all of ours have."""
    options = cssbeautifier.default_options()
    options.indent_size = 2
    options.end_with_newline = True
    options.selector_separator_newline = False
    options.newline_between_rules = False
    options.space_around_combinator = True
    return str(cssbeautifier.beautify(text, options))


if __name__ == "__main__":
    for sheet in SHEETS:
        sheet.write_text(formatted(sheet.read_text(encoding="utf-8")), encoding="utf-8")
