"""Templates are laid out for those who read them; pages are sent without the white space of that layout."""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)")

_BLOCKS = frozenset(
    {"html", "head", "meta", "title", "link", "style", "body", "header", "nav", "main", "aside", "footer", "section"}
    | {"article", "div", "form", "fieldset", "legend", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl"}
    | {"dt", "dd", "details", "summary", "blockquote", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    | {"select", "option"}
)
"""Elements at whose edges HTML shows no white space, inside or outside."""

_BOXES = frozenset({"button", "label"})
"""Elements at whose edges it shows none inside."""

_AFTER = _BLOCKS | {f"/{name}" for name in _BLOCKS} | _BOXES
_BEFORE = _BLOCKS | {f"/{name}" for name in _BLOCKS} | {f"/{name}" for name in _BOXES}


class WithoutLayout(Extension):
    """Drop indentation and join the lines of a template, once, when it is compiled: a form has to fit few packets.

    Beside the tag of a block a line break goes, everywhere else it becomes the space that HTML shows for it. What an
    expression gives is left as it is; so an element in which white space counts has its content from one.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  as Jinja calls it
        """Return the source without its indentation, with its line breaks: messages about it name its lines."""
        return _INDENTATION.sub("", source)

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Give the tokens of a template with the lines of its text joined."""
        tag = ""
        for token in stream:
            if token.type != "data":
                yield token
                continue
            text, tag = _joined(token.value, tag)
            yield Token(token.lineno, token.type, text)


def _joined(text: str, tag: str) -> tuple[str, str]:
    """Return the lines of a text as one, and the name of the last tag in it; `tag` is the last one before it."""
    joined = ""
    for number, line in enumerate(text.split("\n")):
        if number and not _is_at_an_edge(joined, tag, line):
            joined += " "
        joined += line
        tag = (_TAG.findall(line) or [tag])[-1]
    return joined, tag


def _is_at_an_edge(before: str, tag: str, after: str) -> bool:
    following = _TAG.match(after)
    return (before.endswith(">") and tag in _AFTER) or (following is not None and following[1] in _BEFORE)
