"""The preview that is always about the newest answers and never makes the UI wait."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from textual.message import Message

from wizard.domain.answers import Answers
from wizard.domain.filetree import FileTree, diff
from wizard.domain.questions import Form
from wizard.errors import AnswerError, ScaffoldError
from wizard.tui.messages import (
    FormReady,
    LookAheadReady,
    OptionWeighed,
    Picture,
    PictureReady,
    PreviewFailed,
    TemplateFailed,
)
from wizard.tui.services import Renderer, Services
from wizard.tui.session import default_target, renames
from wizard.tui.widgets import tree_rows
from wizard.tui.widgets.choice_list import ChoiceList

_Result = TypeVar("_Result")
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_KEPT = 24
"""How many forms, trees and comparisons are remembered: each option of a long list, twice."""

_FRAME_SECONDS = 1 / 30
"""How long the options that nobody looks at yet wait, so that a new step is drawn before them."""


@dataclass(frozen=True)
class Wanted:
    """What the screen wants to know.

    Attributes:
        answers: The answers to render.
        before: The answers to compare with.
        target: The folder that the user chose; empty for the one named after the project.
        question: The choice question that has the focus; empty if none has.
        options: The values of its options that can be chosen.
        highlighted: The value under the cursor; None if it is the chosen one, or none is.
    """

    answers: Answers
    before: Answers
    target: str = ""
    question: str = ""
    options: tuple[object, ...] = ()
    highlighted: object = None


def with_options(wanted: Wanted, choices: ChoiceList) -> Wanted:
    """Return `wanted` with the options of `choices` to weigh, the one under the cursor first."""
    question, here = choices.question, choices.highlighted
    ahead = None if here.disabled or here.value == question.value else here.value
    others = (each.value for each in question.choices if not each.disabled)
    options = tuple(value for value in others if value != question.value)
    return replace(wanted, question=question.name, options=options, highlighted=ahead)


class LivePreview:
    """Renders what is wanted newest, in one thread of its own, and drops what has become stale.

    Args:
        services: The engine.
        post: Receives the results, on the event loop.
    """

    def __init__(self, services: Services, post: Callable[[Message], object]) -> None:
        self._services = services
        self._post = post
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="preview")
        self._renderer: Renderer | None = None
        self._wanted: Wanted | None = None
        self._serving = False
        self._delivered: Picture | None = None
        self._forms: _Recent[Answers, Form] = _Recent()
        self._trees: _Recent[Answers, FileTree] = _Recent()
        self._pictures: _Recent[tuple[Answers, Answers], Picture] = _Recent()

    def want(self, wanted: Wanted) -> bool:
        """Replace what is wanted; what is being rendered for the old wish will be dropped.

        Returns:
            Whether `serve` has to be started: it ended, or was never called.
        """
        self._wanted = wanted
        idle, self._serving = not self._serving, True
        return idle

    async def serve(self) -> None:
        """Work until everything that was wanted last has been delivered."""
        served: Wanted | None = None
        try:
            while (wanted := self._wanted) is not None and wanted is not served:
                await self._serve(wanted)
                served = wanted
        except ScaffoldError as error:
            self._post(TemplateFailed(str(error)))
        finally:
            self._serving = False

    def close(self) -> None:
        """Let the thread end after what it is doing; returns at once."""
        self._wanted = None
        if self._renderer is not None:
            self._executor.submit(self._renderer.close)
        self._executor.shutdown(wait=False)

    async def _serve(self, wanted: Wanted) -> None:
        form, command = await self._in_thread(lambda: self._form_and_command(wanted))
        if self._stale(wanted):
            return
        self._post(FormReady(wanted.answers, form, command))
        try:
            picture = await self._in_thread(lambda: self._compared(wanted.before, wanted.answers))
        except ScaffoldError as error:
            if not self._stale(wanted):
                self._post(PreviewFailed(wanted.answers, _sentence(error)))
            return
        if self._stale(wanted):
            return
        if picture is not self._delivered:
            self._delivered = picture
            self._post(PictureReady(picture))
        await self._look_ahead(wanted)

    async def _look_ahead(self, wanted: Wanted) -> None:
        """Deliver the highlighted option in full, then what each of the others would change."""
        if wanted.highlighted is not None:
            await self._weigh(wanted, wanted.highlighted)
        if wanted.options:
            await asyncio.sleep(_FRAME_SECONDS)
        for value in wanted.options:
            if self._stale(wanted):
                return
            if value != wanted.highlighted:
                await self._weigh(wanted, value)

    async def _weigh(self, wanted: Wanted, value: object) -> None:
        ahead = wanted.answers.with_answer(wanted.question, value)
        try:
            picture = await self._in_thread(lambda: self._compared(wanted.answers, ahead))
        except ScaffoldError as error:
            result: OptionWeighed = OptionWeighed(
                wanted.question, value, wanted.answers, None, _sentence(error)
            )
        else:
            result = OptionWeighed(wanted.question, value, wanted.answers, picture.changes)
            if value == wanted.highlighted and not self._stale(wanted):
                self._post(LookAheadReady(wanted.question, value, picture))
        if not self._stale(wanted):
            self._post(result)

    def _stale(self, wanted: Wanted) -> bool:
        return self._wanted is not wanted

    async def _in_thread(self, job: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, job)

    # What follows runs in the preview's thread.

    def _form_and_command(self, wanted: Wanted) -> tuple[Form, str]:
        form = self._form(wanted.answers)
        target = wanted.target or default_target(form)
        return form, self._services.command(form, wanted.answers, target)

    def _compared(self, before: Answers, after: Answers) -> Picture:
        return self._pictures.get((before, after), lambda: self._picture(before, after))

    def _picture(self, before: Answers, after: Answers) -> Picture:
        tree = self._tree(after)
        try:
            old = tree_rows.moved(
                self._tree(before), renames(self._form(before), self._form(after))
            )
        except ScaffoldError:
            old = tree  # answers that could not be rendered have nothing to compare with
        changes = diff(old, tree)
        return Picture(after, before, tree, old, changes, tree_rows.build(old, tree, changes))

    def _form(self, answers: Answers) -> Form:
        return self._forms.get(answers, lambda: self._opened().form(answers))

    def _tree(self, answers: Answers) -> FileTree:
        return self._trees.get(answers, lambda: self._opened().tree(answers))

    def _opened(self) -> Renderer:
        if self._renderer is None:
            self._renderer = self._services.open_renderer()
        return self._renderer


def _sentence(error: ScaffoldError) -> str:
    return error.sentence if isinstance(error, AnswerError) else str(error)


class _Recent(Generic[_Key, _Value]):
    """The values of the keys that were asked for last."""

    def __init__(self) -> None:
        self._values: OrderedDict[_Key, _Value] = OrderedDict()

    def get(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """Return the value of `key`, made now if it is not remembered."""
        if key not in self._values:
            self._values[key] = make()
            if len(self._values) > _KEPT:
                self._values.popitem(last=False)
        self._values.move_to_end(key)
        return self._values[key]
