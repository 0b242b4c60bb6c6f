"""The store of the conversations: how a long one is read."""

from pathlib import Path

import pytest
import rasa.shared.utils.common
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.conversations import ConversationStore


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(Domain.empty(), f"sqlite:///{tmp_path / 'conversations.db'}")


async def test_a_long_conversation_is_read_without_looking_for_each_class_anew(store, monkeypatch):
    said = [each for n in range(50) for each in (UserUttered(f"{n}"), SlotSet("place", n))]
    await store.save(DialogueStateTracker.from_events("me", said))
    searched = []
    search = rasa.shared.utils.common.all_subclasses
    monkeypatch.setattr(
        rasa.shared.utils.common, "all_subclasses", lambda of: searched.append(of) or search(of)
    )
    read = await store.retrieve("me")
    assert list(read.events) == said
    assert len([each for each in searched if each is Event]) <= len({type(each) for each in said})


def test_an_event_that_nobody_knows_is_still_refused(store):
    for _ in range(2):
        with pytest.raises(ValueError, match="Unknown event name 'dance'"):
            Event.from_parameters({"event": "dance"})
