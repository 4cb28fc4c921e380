"""The right side: the project's files and the one under the cursor, now or as they would be."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from wizard.domain.answers import changed
from wizard.domain.filetree import Mark
from wizard.domain.questions import Form
from wizard.tui.messages import FileOpened, FileSelected, Picture
from wizard.tui.text import counted, visible
from wizard.tui.widgets.file_page import Page, Reason
from wizard.tui.widgets.file_tree import ProjectTree
from wizard.tui.widgets.file_view import FileView


class ProjectPane(Vertical):
    """Draws the project under the present answers, or the look-ahead while there is one."""

    project_name: reactive[str] = reactive("")
    """Name of the folder, for the title of the tree."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._ahead: Picture | None = None
        self._form: Form | None = None
        self._option = ""

    @property
    def picture(self) -> Picture | None:
        """What is drawn: the look-ahead if there is one; None before the first rendering."""
        return self._ahead or self._picture

    @property
    def looking_ahead(self) -> bool:
        """Whether what is drawn has not been chosen yet."""
        return self._ahead is not None

    def compose(self) -> ComposeResult:
        """Lay out tree and file."""
        yield ProjectTree(id="tree")
        yield FileView(id="file")

    def say_nothing(self) -> None:
        """Say that there will be no files."""
        self.query_one(ProjectTree).border_title = Content("No files")

    def on_mount(self) -> None:
        """Say that there is nothing yet."""
        title = Content.assemble("Files", (" ── rendering …", "$text-muted"))
        self.query_one(ProjectTree).border_title = title
        self.query_one(FileView).border_title = Content("File")

    def set_form(self, form: Form) -> None:
        """Take the questions that a file's reasons are named after."""
        self._form = form

    def show(self, picture: Picture) -> None:
        """Draw the project under the present answers, unless a look-ahead is drawn."""
        self._picture = picture
        if self._ahead is None:
            self._draw()

    def look_ahead(self, picture: Picture, option: str) -> None:
        """Draw the project as it would be with `option`."""
        self._ahead, self._option = picture, option
        self._draw()

    def end_look_ahead(self) -> None:
        """Draw the present project again."""
        if self._ahead is not None:
            self._ahead, self._option = None, ""
            self._draw()

    def say(self, sentence: str) -> None:
        """Say under the tree why it is not about the present answers."""
        tree = self.query_one(ProjectTree)
        tree.border_subtitle = Content.styled(visible(sentence), "$text-warning")

    def watch_project_name(self) -> None:
        """Draw the title again."""
        self._entitle()

    def on_resize(self) -> None:
        """Cut the title anew, once the tree has its new width."""
        self.call_after_refresh(self._entitle)

    def touched(self, question: str) -> int:
        """Return how many files depend on `question`; 0 before the first rendering."""
        if self._picture is None:
            return 0
        tree = self._picture.tree
        return sum(question in tree[path].depends_on for path in tree.files)

    def on_file_selected(self, message: FileSelected) -> None:
        """Show the file."""
        message.stop()
        self._show_file(message.path)

    def on_file_opened(self, message: FileOpened) -> None:
        """Show the file and go there."""
        message.stop()
        self._show_file(message.path)
        self.query_one(FileView).focus()

    def toggle_diff(self) -> None:
        """Show changed files as they are, or as a diff again."""
        view = self.query_one(FileView)
        view.explaining, view.diffing = False, not view.diffing or view.explaining

    def toggle_why(self) -> None:
        """Show the answers that the file depends on, or the file again."""
        view = self.query_one(FileView)
        view.explaining = not view.explaining

    def _draw(self) -> None:
        picture = self.picture
        if picture is None:
            return
        tree = self.query_one(ProjectTree)
        tree.show(picture.nodes)
        option = f"look-ahead: {visible(self._option)}" if self._option else ""
        tree.border_subtitle = Content.styled(option, "$text-warning") if option else ""
        self._entitle()
        self._show_file(tree.cursor)

    def _entitle(self) -> None:
        picture = self.picture
        if picture is None:
            return
        files = len(picture.tree.files)
        title = Content.styled(visible(self.project_name) or "project", "bold")
        title += Content.styled(f" ── {files} file{'' if files == 1 else 's'} ── ", "$text-muted")
        tree = self.query_one(ProjectTree)
        counts = counted(picture.changes, all_marks=True)
        if title.cell_length + counts.cell_length > tree.outer_size.width - 6:
            counts = counted(picture.changes)
        tree.border_title = title + counts

    def _show_file(self, path: str) -> None:
        picture = self.picture
        if picture is None:
            return
        new, old = picture.tree.get(path), picture.before.get(path)
        mark = picture.changes.marks.get(path, Mark.SAME)
        if mark is not Mark.SAME or path in picture.tree.files:
            self.query_one(FileView).show(Page(path, new, old, mark, self._reasons(path)))

    def _reasons(self, path: str) -> tuple[Reason, ...]:
        """Return the answers behind `path`, those that the marks are about first."""
        picture = self.picture
        if picture is None or self._form is None:
            return ()
        entry = picture.tree.get(path) or picture.before.get(path)
        depends_on = entry.depends_on if entry else frozenset[str]()
        fresh = changed(picture.compared_with, picture.answers)
        if path not in picture.changes.marks:
            fresh = frozenset()
        questions = [each for each in self._form.questions if each.name in depends_on]
        questions.sort(key=lambda question: question.name not in fresh)
        return tuple(
            Reason(each.label or each.name, each.shown, changed=each.name in fresh)
            for each in questions
        )
