"""The real assistant speaks in Teams unasked, when Rasa is told to."""

from bot.channels.sealed import Sealer
from bot.channels.teams.channel import TeamsOutput
from bot.channels.teams.drawing.drawing import Drawing
from bot.channels.teams.turn import Answering
from bot.records.teams import Reference

PERSON = "entra:tenant:anna"


class Outbox:
    """Keeps what would be put into the outbox, and whom it wakes."""

    def __init__(self):
        self.put, self.woken = [], []

    async def record(self, do, **given):
        self.put.append((do.__name__, given["person"], [a.body for a in given["activities"]]))
        return Reference(
            person=given["person"], conversation="a:1", service_url="", status="active",
            last_error=None, changed_at=given["now"],
        )  # fmt: skip

    def wake(self, conversation):
        self.woken.append(conversation)


async def test_an_intent_that_is_triggered_is_answered_through_the_outbox(assistant, around):
    outbox = Outbox()
    answering = Answering(None, Drawing(), Sealer("s" * 40), None, lambda _: lambda _: None)
    tracker = await assistant.tracker_store.get_or_create_tracker(PERSON)
    channel = TeamsOutput(lambda: (outbox, answering))
    await assistant.processor.trigger_external_user_uttered("list_cases", [], tracker, channel)
    assert {(what, who) for what, who, _ in outbox.put} == {("put_message", PERSON)}
    assert "no escalation of yours" in str(outbox.put)
    assert {*outbox.woken} == {"a:1"}
