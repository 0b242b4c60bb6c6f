import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.channels.teams.drawing.words import escaped, pieces, shortened


@given(st.text("ab \n", max_size=200), st.integers(1, 30))
def test_pieces_together_are_the_text(text, most):
    parts = pieces(text, most)
    assert "".join(parts) == text
    assert all(len(part) <= most for part in parts)
    for part in parts[:-1]:
        assert part[-1] in " \n" or not re.search(r"[ ]", part), "a word was broken"


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        pytest.param("a  **b**\nc", 9, "a b c", id="in one line, without weights"),
        pytest.param("one two three", 9, "one two…", id="between words"),
        pytest.param("x" * 20, 9, "x" * 8 + "…", id="a word alone"),
    ],
)
def test_shortened(text, most, said):
    assert shortened(text, most) == said


@given(st.text(r"ab1.)-+#=*_~`[](<>)\&;!lt: /@", min_size=1, max_size=60).filter(str.strip))
def test_escaped_words_are_words_to_a_reader_of_markdown(text):
    text = text.strip()
    opened, inline, closed = MarkdownIt().parse(escaped(text))
    assert (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == text


def test_a_reference_needs_no_escape():
    assert escaped("ESC-2026-0012: stage 2 (s.7)") == "ESC-2026-0012: stage 2 (s.7)"
