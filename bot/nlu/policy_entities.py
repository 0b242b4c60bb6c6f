"""Finds partnerships, stages, agencies and roles in a message, by patterns made of the policies.

The patterns are built from `policies/` when the model is loaded, never stored in it: a new policy
needs no training.
"""

from __future__ import annotations

import os
import re
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language
from spacy.tokens import Doc

from bot.escalation.agencies import WORDS
from bot.policy.library import Library, load_library
from bot.settings import Settings
from bot.spelling import meant

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
AMBIGUOUS_NAMES = {"reading", "slough"}
LONGEST_READ = 4_000
"""Characters of a message that are read: spaCy refuses a text without end, and it takes time."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class PolicyEntities(GraphComponent):
    """A blank English spaCy pipeline with one entity ruler, its patterns made of the policies.

    A slip in a word of a name is forgiven: "plymuoth", "the polcie".
    """

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._nlp = pipeline(rows)
        self._words = frozenset(word for row in rows for word in row["pattern"].casefold().split())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PolicyEntities:
        """The component with the patterns of the policies as they are now."""
        return cls(patterns(load_library(Settings.from_environment(os.environ).policies_dir)))

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with their entities."""
        for message in messages:
            found = self._found((message.get("text") or "")[:LONGEST_READ])
            message.set("entities", [*message.get("entities", []), *found], add_to_output=True)
        return messages

    def _found(self, text: str) -> list[dict[str, Any]]:
        written = self._nlp.make_doc(text)
        words = [meant(token.text, self._words) or token.text for token in written]
        spaces = [bool(token.whitespace_) for token in written]
        return [
            {
                "entity": span.label_,
                "value": span.ent_id_,
                "start": written[span.start].idx,
                "end": written[span.end - 1].idx + len(written[span.end - 1]),
                "extractor": type(self).__name__,
            }
            for span in self._nlp(Doc(written.vocab, words=words, spaces=spaces)).ents
        ]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data as it is: the patterns learn nothing from it."""
        return training_data


def pipeline(rows: list[dict[str, Any]]) -> Language:
    """The pipeline that knows these patterns."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(rows)
    return nlp


def patterns(library: Library) -> list[dict[str, Any]]:
    """Entity patterns: what people say, and the id it stands for."""
    rows: list[dict[str, Any]] = []
    for policy in library:
        names = {policy.id, policy.publisher, *policy.aliases, *policy.place.towns}
        rows += [
            {"label": "partnership", "pattern": name, "id": policy.id}
            for name in sorted(names)
            if name.casefold() not in AMBIGUOUS_NAMES
        ]
        for role in policy.roles.values():
            rows += [
                {"label": "role", "pattern": name, "id": re.sub(r"\W+", "_", role.name.casefold())}
                for name in (role.name, *role.also)
            ]
        rows += [
            {"label": "stage", "pattern": stage.label, "id": str(stage.number or stage.id)}
            for stage in policy.stages
        ]
    for word, number in [*NUMBERS.items(), *((str(n), n) for n in NUMBERS.values())]:
        rows += [
            {"label": "stage", "pattern": f"{kind} {word}", "id": str(number)}
            for kind in ("stage", "step", "level")
        ]
    for agency, words in WORDS.items():
        rows += [{"label": "agency", "pattern": word, "id": agency} for word in words]
    return rows
