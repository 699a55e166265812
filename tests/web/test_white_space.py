"""White space that templates have for their readers and pages do not have."""

import re

import pytest
from jinja2 import Environment, TemplateSyntaxError

from feedback.web.white_space import WithoutLayout
from tests.support.phone import Phone

INDENTED = """\
<ul>
  {% for name in names %}
    <li>
      <b>{{ name }}</b>
      of us, with a long
      text
    </li>
  {% endfor %}
</ul>
"""


@pytest.fixture
def engine_name():
    """One database is enough for how pages are written."""
    return "sqlite"


@pytest.fixture
def environment():
    return Environment(extensions=[WithoutLayout], trim_blocks=True, lstrip_blocks=True, autoescape=True)


def test_a_line_break_is_a_space_in_text_and_nothing_at_the_edge_of_a_block(environment):
    page = environment.from_string(INDENTED).render(names=["Ana", "Ben"])
    assert page == "<ul><li><b>Ana</b> of us, with a long text</li><li><b>Ben</b> of us, with a long text</li></ul>"


@pytest.mark.parametrize(
    ("laid_out", "sent"),
    [
        ("<p>\n  {{ it }}\n</p>", "<p>x</p>"),
        ('<p class="{{ it }}">\n  one\n</p>', '<p class="x">one</p>'),
        ("<button>\n  {{ it }}\n</button>\n<button>b</button>", "<button>x</button> <button>b</button>"),
        ("<a>1</a>\n<a>2</a>", "<a>1</a> <a>2</a>"),
        ("<input\n    name='a'>", "<input name='a'>"),
        ("<b>{{ it }}</b>\n{{ it }}", "<b>x</b> x"),
        ("a  b", "a  b"),
    ],
)
def test_what_is_seen_stays_as_it_was(environment, laid_out, sent):
    assert environment.from_string(laid_out).render(it="x") == sent


def test_what_an_expression_gives_keeps_its_lines(environment):
    written = "  one\n\n  two\n"
    assert environment.from_string("<p>\n  {{ it }}\n</p>").render(it=written) == f"<p>{written}</p>"


def test_a_message_about_a_template_names_its_line(environment):
    with pytest.raises(TemplateSyntaxError) as wrong:
        environment.from_string("<p>\n  one\n</p>\n  {% nothing %}")
    assert wrong.value.lineno == 4


def test_a_form_is_sent_without_indentation(app, code):
    page = re.sub(r"<textarea.*?</textarea>", "", Phone(app).opens(code.token).text, flags=re.DOTALL)
    assert "\n" not in page
