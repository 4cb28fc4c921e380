"""What the command line refuses: answers that a form would mend or not offer at all."""

from __future__ import annotations

from wizard.domain.answers import Answers
from wizard.domain.questions import Form
from wizard.engine.wording import did_you_mean
from wizard.errors import AnswerError


def refuse_bad(form: Form, answers: Answers) -> None:
    """Check `answers`, of which `form` was made.

    Raises:
        AnswerError: A question is unknown, is not asked under the other answers but would get
            another value than it has, or its value is wrong; the first such thing is named.
    """
    known = {question.name: question for question in form.questions}
    for name, given in answers.items():
        question = known.get(name)
        if question is None:
            hint = did_you_mean(name, known) or f"; there are: {', '.join(known)}."
            raise AnswerError(name, f"There is no question of that name{hint}")
        if not question.active and str(given) != str(question.value):
            reason = question.skipped or "It is not asked together with your other answers."
            raise AnswerError(name, reason)
    for name, error in form.errors.items():
        mend = known[name].suggestion
        hint = f" Try {mend}." if mend and mend not in error else ""
        raise AnswerError(name, f"{error}{hint}")
