"""The main screen: the steps, the form, and beside it the project as it would be written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widget import Widget

from wizard.domain.answers import Answers
from wizard.domain.questions import Form, Question, Step
from wizard.tui import messages as m
from wizard.tui.live_preview import LivePreview, Wanted, with_options
from wizard.tui.screens.panes import PaneScreen
from wizard.tui.services import Services, WriteJob
from wizard.tui.session import Session, default_target
from wizard.tui.widgets.breadcrumbs import Breadcrumbs, Crumb
from wizard.tui.widgets.choice_list import ChoiceList
from wizard.tui.widgets.explanation import Explanation
from wizard.tui.widgets.key_bar import KeyBar
from wizard.tui.widgets.note_line import NoteLine
from wizard.tui.widgets.project_pane import ProjectPane
from wizard.tui.widgets.review import ReviewPane, first_problem, folder_of
from wizard.tui.widgets.step_form import StepForm

_FIRST_STEP = "This is the first step. To quit, press Ctrl+C."


class WizardScreen(PaneScreen):
    """Asks the questions, shows what the answers make, and starts writing.

    Args:
        services: The engine.
        target: The folder to write into; None for one named after the project.
        answers: Answers given beforehand.
    """

    CSS_PATH = "wizard.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "next", show=False),
        Binding("escape", "back", "back"),
        Binding("tab", "move_focus(1)", "next pane"),
        Binding("shift+tab", "move_focus(-1)", "pane before", show=False),
        Binding("f6", "next_pane", "next pane", show=False),
        Binding("d", "toggle_diff", "diff"),
        Binding("w", "toggle_why", "why"),
        Binding("pageup", "scroll_explanation(-1)", "page up", show=False),
        Binding("pagedown", "scroll_explanation(1)", "page down", show=False),
    ]

    def __init__(
        self, services: Services, *, target: Path | None = None, answers: Answers | None = None
    ) -> None:
        super().__init__()
        given = answers or Answers()
        self.session = Session(given, given)
        self._services = services
        self._target = target
        self._review = ReviewPane(services.check_destination)
        self._live = LivePreview(services, self.post_message)
        self._looked_at = given
        self._unchecked = ""
        self._problem_ahead = ""
        self._left_at: Widget | None = None

    def compose_content(self) -> ComposeResult:
        """Lay out the steps, the form and the project."""
        yield Breadcrumbs(id="steps")
        yield NoteLine(id="note")
        with Horizontal(id="body"):
            with Container(id="left"):
                yield StepForm(id="form")
            yield ProjectPane(id="project")
        yield KeyBar()

    def on_mount(self) -> None:
        """Have the template read as soon as the first frame is on the screen."""
        self._note = self.query_one(NoteLine)
        self._form_pane = self.query_one(StepForm)
        self._project = self.query_one(ProjectPane)
        self.call_after_refresh(self._read_template)

    @work(group="outline")
    async def _read_template(self) -> None:
        """Show the steps' names, which are known at once, while Copier is imported."""
        titles = await asyncio.to_thread(self._services.outline)
        if titles and self.session.form is None:
            crumbs = tuple(Crumb(title) for title in (*titles, "Review"))
            self.query_one(Breadcrumbs).crumbs = crumbs
        self._review.display = False
        await self.query_one("#left").mount(self._review)
        self._want_preview()

    def on_unmount(self) -> None:
        """Let the preview's thread end."""
        self._live.close()

    # What the user answers

    def on_answer_changed(self, message: m.AnswerChanged) -> None:
        """Take the answer, and have the project rendered with it."""
        self._note.note = ""
        if message.value is None:
            self.session.clear(message.question)
        else:
            self.session.answer(message.question, message.value)
        self._want_preview()

    def on_option_highlighted(self, message: m.OptionHighlighted) -> None:
        """Have the option's effect shown; take it back when no option is under the cursor."""
        question = self._question(message.question)
        if question is None:
            return
        self._problem_ahead = ""
        if not _can_be_chosen(question, message.value) or message.value == question.value:
            self._project.end_look_ahead()
        self._explain(question)
        self._want_preview()

    async def on_question_finished(self, message: m.QuestionFinished) -> None:
        """Go to the next question, unless this one is known to be wrong."""
        question = self._question(message.question)
        focused = self._form_pane.focused_control()
        if question is None or focused is None:
            return
        if focused.question.name != question.name:
            focused.finish()  # Enter was pressed faster than the focus could move
            return
        waiting = self._looked_at != self.session.answers
        if question.error and not waiting:
            self.app.bell()
            return
        self._unchecked = question.name if waiting else ""
        if not self._form_pane.focus_after(question.name):
            await self.action_go_on()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the question that received the focus, and remember it for coming back."""
        at_left = self.query_one("#left") in event.widget.ancestors
        if at_left:
            self._left_at = event.widget
        for pane in (self._form_pane, self._review):
            pane.set_class(at_left, "-active")
        control = self._form_pane.focused_control()
        if control is not None and not control.question.choices:
            self._explain(control.question)

    def _question(self, name: str) -> Question | None:
        """Return the question as its field has it, truth values with their options."""
        field = self._form_pane.field(name)
        return field.question if field else None

    def _explain(self, question: Question) -> None:
        touched = self._project.touched(question.name)
        self._form_pane.explain(question, touched, self._problem_ahead)

    # Going through the steps

    async def action_go_on(self) -> None:
        """Go to the next step; say which ones were passed over and why."""
        if self.session.form is None or self.session.on_review:
            return
        here = self.session.step
        passed = [here] if here is not None and not here.active else []
        passed += self.session.next()
        await self._show_step()
        self._note.note = " ".join(_skipped(step) for step in passed)

    async def action_back(self) -> None:
        """Go back: from the files to the form, from a step to the one before; never quit."""
        if not self.query_one("#left").has_focus_within:
            self.focus_form()
        elif self.session.back():
            await self._show_step()
        else:
            self._note.note = _FIRST_STEP

    async def on_step_wanted(self, message: m.StepWanted) -> None:
        """Go to a step, if it is asked at all."""
        steps = self.session.steps
        if self.session.go_to(message.index):
            await self._show_step(message.question)
        elif 0 <= message.index < len(steps):
            self._note.note = _skipped(steps[message.index])

    async def _show_step(self, question: str = "") -> None:
        self._note.note = ""
        step = self.session.step
        self._review.display = step is None
        self._form_pane.display = step is not None
        self.set_class(step is None, "-review")
        self.query_one(Breadcrumbs).position = self.session.position
        self._project.end_look_ahead()
        self.show_pane("left")
        if step is None and self.session.form is not None:
            self._review.show(self.session.form, self._note.command)
            self._review.focus_start()
            self._review.check_target()
        elif step is not None:
            await self._form_pane.show(step, question)

    def focus_form(self) -> None:
        """Put the focus into the left pane."""
        self.show_pane("left")
        if self._left_at is not None and self._left_at.focusable:
            self.set_focus(self._left_at)
        elif self.session.on_review:
            self._review.focus_start()
        else:
            self._form_pane.focus_question()

    # What the engine answers

    def _want_preview(self) -> None:
        """Ask for the form and the files, and for the effect of the options in sight."""
        target = self._review.chosen_target or str(self._target or "")
        wanted = Wanted(self.session.answers, self.session.before, target)
        focused = self.focused
        if isinstance(focused, ChoiceList) and not focused.question.multiselect:
            wanted = with_options(wanted, focused)
        if self._live.want(wanted):
            self._serve_preview()

    @work(group="preview")
    async def _serve_preview(self) -> None:
        await self._live.serve()

    async def on_form_ready(self, message: m.FormReady) -> None:
        """Show the questions as they stand under the newest answers."""
        first = self.session.form is None
        unchanged = message.form is self.session.form
        self.session.form = form = message.form
        self._looked_at = message.answers
        self._note.command = message.command
        self._suggest_target(form)
        self._project.set_form(form)
        self._review.answers_problem = first_problem(form)
        if self.session.on_review:
            self._review.show(form, message.command)
        if unchanged:
            return
        self._draw_steps(form)
        for step in form.steps:
            self._form_pane.update(step)
        if first:
            await self._show_step()
        elif self.session.step is not None and not self.session.step.active:
            await self.action_go_on()  # Enter came before it was known that it leaves a step out
        else:
            await self._return_to_mistake(form)

    async def _return_to_mistake(self, form: Form) -> None:
        """Go back to a question that was left by Enter before its answer had been looked at."""
        name, self._unchecked = self._unchecked, ""
        if name and name in form.errors:
            self.session.go_to(self.session.step_of(name))
            await self._show_step(name)

    def _draw_steps(self, form: Form) -> None:
        steps = [Crumb(step.title, step.skipped, step.error) for step in form.steps]
        review = Crumb("Review", error=first_problem(form))
        self.query_one(Breadcrumbs).crumbs = (*steps, review)

    def on_picture_ready(self, message: m.PictureReady) -> None:
        """Draw the project."""
        self._review.files = len(message.picture.tree.files)
        self._project.show(message.picture)
        if (control := self._form_pane.focused_control()) is not None:
            self._explain(control.question)
        self._form_pane.prepare(self.session.steps)

    def on_look_ahead_ready(self, message: m.LookAheadReady) -> None:
        """Draw the project as it would be, if the cursor is still on that option."""
        focused = self.focused
        if isinstance(focused, ChoiceList) and focused.highlighted.value == message.value:
            self._project.look_ahead(message.picture, focused.highlighted.label)

    def on_option_weighed(self, message: m.OptionWeighed) -> None:
        """Show what the option would change beside it."""
        self._form_pane.weigh(message.question, message.value, message.changes)
        focused = self.focused
        here = isinstance(focused, ChoiceList) and focused.highlighted.value == message.value
        if message.problem and here and (question := self._question(message.question)):
            self._problem_ahead = message.problem
            self._explain(question)

    def on_preview_failed(self, message: m.PreviewFailed) -> None:
        """Keep the files of the last good answers, and say so."""
        self._form_pane.forget_weights()
        if self.session.form is not None and self.session.form.errors:
            self._project.say("as it was before the mistake")
        else:
            self._project.say("cannot be shown")
            self._note.note = message.sentence

    def on_template_failed(self, message: m.TemplateFailed) -> None:
        """Say why there is nothing to ask."""
        self._form_pane.say(message.sentence)
        self._project.say_nothing()
        self._note.note = "Nothing can be written from this template. To quit, press Ctrl+C."

    # The project's folder, and writing it

    def _suggest_target(self, form: Form) -> None:
        self._review.suggest_target(str(self._target or default_target(form)))
        self._project.project_name = folder_of(self._review.target).name

    def on_target_typed(self, message: m.TargetTyped) -> None:
        """Name the project after the folder, in the title and in the command."""
        self._project.project_name = folder_of(message.target).name
        self._want_preview()

    @work(group="write", exclusive=True)
    async def on_write_wanted(self, message: m.WriteWanted) -> None:
        """Write the project; on failure come back with everything kept."""
        # not needed for the first frame
        from wizard.tui.screens.done import DoneScreen  # noqa: PLC0415
        from wizard.tui.screens.write_flow import write_project  # noqa: PLC0415

        job = WriteJob(self.session.answers, folder_of(message.target))
        result = await write_project(self.app, self._services, job)
        if isinstance(result, str):
            self._note.note = result
            self._review.focus_destination() if not result else self._review.focus_start()
            return
        self.post_message(m.ProjectWritten(result))
        self.app.push_screen(DoneScreen(self._services, result, self._note.command))

    # The rest

    def on_breadcrumbs_pointed(self, message: Breadcrumbs.Pointed) -> None:
        """Say why the step under the cursor is skipped."""
        self._note.note = message.sentence

    def action_toggle_diff(self) -> None:
        """Show the file as it is, or what changes in it."""
        self._project.toggle_diff()

    def action_toggle_why(self) -> None:
        """Show the answers that the file depends on."""
        self._project.toggle_why()

    def action_scroll_explanation(self, pages: int) -> None:
        """Scroll the explanation by most of its height."""
        explanation = self.query_one(Explanation)
        explanation.scroll_relative(y=pages * max(explanation.size.height - 1, 1), animate=False)


def _can_be_chosen(question: Question, value: object) -> bool:
    return any(each.value == value and not each.disabled for each in question.choices)


def _skipped(step: Step) -> str:
    return f"{step.title} is skipped: {step.skipped}"
