"""What an option means for the user, under the list it stands in."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wizard.domain.questions import Choice, Question
from wizard.tui.text import visible


def explained_choice(choice: Choice, touched: int, *, spacious: bool = False) -> Content:
    """Return why `choice` is ruled out if it is, and all that the template says about it.

    Args:
        choice: The option.
        touched: How many files of the project depend on the question; 0 if that is not known.
        spacious: Whether there is room for empty lines between the paragraphs.
    """
    paragraphs: list[tuple[str, str]] = []
    if choice.disabled:
        paragraphs.append((f"× {choice.disabled}", "bold $text-warning"))  # noqa: RUF001
    paragraphs.append((choice.summary, "$text"))
    paragraphs.append((choice.choose, "$text"))
    paragraphs.append((choice.cost, "$text-muted"))
    paragraphs.append((choice.pairs, "$text-muted"))
    if touched:
        files = "file depends" if touched == 1 else "files depend"
        paragraphs.append((f"{touched} {files} on this answer.", "$text-muted"))
    said = [Content.styled(visible(text.strip()), style) for text, style in paragraphs if text]
    if choice.docs:
        said.append(Content.styled(visible(choice.docs), "$text-primary underline"))
    return Content("\n\n" if spacious else "\n").join(said)


def explained_question(question: Question) -> Content:
    """Return the help of a question with free input."""
    return Content.styled(visible(question.help), "$text-muted")


class Explanation(VerticalScroll, can_focus=False):
    """The explanation of what the cursor is on; scrolls with the wheel and the page keys."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = Content("")

    def compose(self) -> list[Static]:
        """Hold one text."""
        return [Static(id="explanation-text", markup=False)]

    def show(self, text: Content) -> None:
        """Replace the text, from its beginning."""
        if text == self._text and text.spans == self._text.spans:
            return
        self._text = text
        self.query_one("#explanation-text", Static).update(text)
        self.scroll_home(animate=False)
