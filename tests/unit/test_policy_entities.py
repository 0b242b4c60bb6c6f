"""The names of areas in a message: short ones too, and however long the message is."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.policy_entities import LONGEST_READ, PolicyEntities


def test_a_text_without_end_is_read_for_names_at_its_beginning_only():
    component = PolicyEntities.create({}, None, None, None)
    message = Message({"text": "hv in glos " + "x " * 1_000_000 + "sandwell"})
    [entity] = component.process([message])[0].get("entities")
    assert (entity["entity"], entity["value"]) == ("partnership", "gloucestershire")
    assert entity["end"] <= LONGEST_READ


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("glos", "gloucestershire"),
        ("hv in glos", "gloucestershire"),
        ("gloucester", "gloucestershire"),
        ("sandwell primary school", "sandwell"),
    ],
)
def test_a_short_name_of_an_area_is_known(text, policy):
    [message] = PolicyEntities.create({}, None, None, None).process([Message({"text": text})])
    found = [e["value"] for e in message.get("entities") if e["entity"] == "partnership"]
    assert found == [policy]


@pytest.mark.parametrize(
    ("text", "agencies"),
    [("we met, not agreed", []), ("the csc refused", ["childrens_social_care"])],
)
def test_to_have_met_is_not_the_police(text, agencies):
    [message] = PolicyEntities.create({}, None, None, None).process([Message({"text": text})])
    found = [e["value"] for e in message.get("entities") if e["entity"] == "agency"]
    assert found == agencies
