"""From the button to the written project: what is asked on the way, and what comes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from wizard.errors import DestinationError
from wizard.tui.screens.dialogs import NotEmptyDialog
from wizard.tui.screens.write import WriteScreen
from wizard.tui.services import Services, WriteJob

if TYPE_CHECKING:
    from wizard.engine.writer import Written


async def write_project(app: App[object], services: Services, job: WriteJob) -> Written | str:
    """Ask what has to be asked, and write; call it from a worker.

    Returns:
        What was written; or why nothing was, as a sentence, which is empty if the user chose so.
    """
    try:
        await asyncio.to_thread(services.check_destination, job.target)
    except DestinationError as error:
        count = getattr(error, "files", None)
        if count is None:
            return str(error)
        names = tuple(getattr(error, "names", ()))
        way = await app.push_screen_wait(NotEmptyDialog(str(job.target), count, names))
        if way not in ("keep", "overwrite"):
            return ""
        job = replace(job, agreed=True, overwrite=way == "overwrite")
    return await app.push_screen_wait(WriteScreen(services, job))
