"""Lines of styled text for widgets that draw themselves line by line."""

from __future__ import annotations

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


def strip_of(widget: Widget, content: Content, style: Style) -> Strip:
    """Return one line of `content` on top of `style`; theme variables in its spans are resolved."""
    parse = widget.app.stylesheet.parse_style
    return Strip(
        [
            Segment(text, (style + text_style).rich_style)
            for text, text_style in content.render(style, end="", parse_style=parse)
        ]
    )


def fitted(left: Content, right: Content, width: int) -> Content:
    """Return `width` cells with `left`, cut with an ellipsis, and `right` at the right edge."""
    room = width - right.cell_length - (1 if right else 0)
    if left.cell_length > room:
        left = left.truncate(max(room, 1), ellipsis=True)
    gap = width - left.cell_length - right.cell_length
    return left + Content(" " * max(gap, 0)) + right
