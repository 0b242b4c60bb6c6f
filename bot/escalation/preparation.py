"""Preparing for the meeting: factors to consider and reflective questions, one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.escalation.questions import NOT_KNOWN, SKIPPED, Choice, Question
from bot.policy.library import Library
from bot.policy.model import Policy, Prompt


@dataclass(frozen=True)
class Preparation:
    """The questions that help to prepare, and whose they are.

    `borrowed_from` names the policy they come from where the partnership's own has none.
    """

    prompts: tuple[Prompt, ...]
    source: Policy
    borrowed_from: Policy | None

    def next(self, notes: Mapping[str, str]) -> Question | None:
        """The first question with no note yet, or None."""
        for number, prompt in enumerate(self.prompts, start=1):
            if prompt.id not in notes:
                return self._question(number, prompt)
        return None

    def agenda(self, notes: Mapping[str, str]) -> tuple[Prompt, ...]:
        """What is not known yet: the agenda for the meeting."""
        return tuple(prompt for prompt in self.prompts if notes.get(prompt.id) == NOT_KNOWN)

    def prompt(self, id_: str) -> Prompt:
        """The prompt with that id.

        Raises:
            KeyError: there is none.
        """
        for prompt in self.prompts:
            if prompt.id == id_:
                return prompt
        raise KeyError(id_)

    def _question(self, number: int, prompt: Prompt) -> Question:
        return Question(
            fact=prompt.id,
            kind="text",
            ask=f"{prompt.heading} ({number} of {len(self.prompts)})\n\n{prompt.ask}",
            why="It helps you to say clearly what you disagree about, and what is not known.",
            choices=(Choice(NOT_KNOWN, "Not known yet"), Choice(SKIPPED, "Skip")),
            cite=prompt.cite,
        )


def preparation_for(library: Library, policy: Policy) -> Preparation:
    """The factors and questions of `policy`, or those it borrows."""
    source, borrowed = library.questions_of(policy)
    prompts: Sequence[Prompt] = (*source.factors, *source.reflection)
    return Preparation(tuple(prompts), source, source if borrowed else None)
