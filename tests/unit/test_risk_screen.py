"""The risk screen: what the words show, and what only the classifier hears in a sentence."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.intents import (
    FEWEST_WORDS,
    MOST_SENTENCES,
    MOST_WORDS,
    RISK_BY_SENTENCE,
    IntentClassifier,
    sentences,
)
from bot.nlu.lexicon import screen
from bot.nlu.risk_screen import SENTENCE_SOUNDS_LIKE_RISK, SOUNDS_LIKE_RISK, RiskScreen

ROOT = Path(__file__).parents[2]
FLINCH = "he has started to flinch when the brother comes to collect him"
PARAGRAPH = (
    "I work for a day service in St Helier and we have supported this young man for three years. "
    "We asked for a review of the care plan in September and were told that one was not due. "
    "The social worker thinks that the family are managing well and wishes to close the case. "
    "We sent our notes to the manager and have not had a reply to any of our three emails. "
    "{} "
    "The service has offered to host a meeting and to share what staff have written down so far. "
    "Our own manager spoke to the team manager last week and they did not reach an agreement. "
    "We believe that the assessment was done by phone and did not ask for the views of the staff. "
    "The plan says that he will move on from the service in spring and nobody has asked him about "
    "that. We would like the decision to close to be looked at again by someone more senior."
)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> IntentClassifier:
    """The classifier alone, trained on all of data/nlu."""
    folder = tmp_path_factory.mktemp("classifier")
    storage = SimpleNamespace(write_to=lambda _: nullcontext(folder))
    found = IntentClassifier(IntentClassifier.get_default_config(), storage, None)
    examples = [Message({"text": text, "intent": intent}) for intent, text in examples_of()]
    found.train(SimpleNamespace(intent_examples=examples))
    return found


def examples_of() -> list[tuple[str, str]]:
    return [
        (block["intent"], line.removeprefix("- "))
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]


def risks_of(classifier: IntentClassifier, texts: list[str]) -> list[dict[str, object]]:
    messages = [Message({"text": text}) for text in texts]
    return [m.get("risk") for m in RiskScreen().process(classifier.process(messages))]


def heard(whole: float, *by_sentence: float) -> str | None:
    message = Message({"text": "words", RISK_BY_SENTENCE: list(by_sentence)})
    message.set("intent_ranking", [{"name": "report_risk", "confidence": whole}])
    return RiskScreen().process([message])[0].get("risk")["tier"]


@pytest.mark.parametrize("sentence", [f"{FLINCH}.", f"{FLINCH}!", f"{FLINCH}\n", f"{FLINCH};"])
def test_one_sentence_of_risk_in_a_long_paragraph_is_asked_about(classifier, sentence):
    text = PARAGRAPH.format(sentence)
    assert len(text.split()) > 140
    assert screen(text).tier is None, "the lexicon knows it: this tests the classifier"
    [risk] = risks_of(classifier, [text])
    assert risk["tier"] == "low"
    assert risk["score"] >= SENTENCE_SOUNDS_LIKE_RISK
    assert risk["matched"] == ["sounds like a risk"]


def test_the_same_paragraph_without_that_sentence_raises_no_alarm(classifier):
    [risk] = risks_of(classifier, [PARAGRAPH.format("")])
    assert risk == {"tier": None, "score": 0.0, "matched": []}


def test_no_answer_raises_a_false_alarm(classifier):
    held_out = yaml.safe_load((ROOT / "tests/phrasings/answers.yml").read_text(encoding="utf-8"))
    described = [text for intent, text in examples_of() if intent == "describe"]
    texts = [*held_out, *described]
    risks = risks_of(classifier, texts)
    assert [text for text, risk in zip(texts, risks, strict=True) if risk["tier"]] == []


def test_answers_put_together_raise_no_false_alarm(classifier):
    held_out = yaml.safe_load((ROOT / "tests/phrasings/answers.yml").read_text(encoding="utf-8"))
    texts = [". ".join(held_out[start : start + 6]) for start in range(0, len(held_out), 6)]
    assert [risk["tier"] for risk in risks_of(classifier, texts)] == [None] * 10


@pytest.mark.parametrize(
    "text",
    [
        "no1 at risk rn",
        "no child is at risk right now",
        "no one is at risk now",
        "nobody at risk",
        "no, child is safe, seen this morning",
    ],
)
def test_a_plain_denial_is_no_alarm_to_the_lexicon_or_the_classifier(classifier, text):
    assert risks_of(classifier, [text])[0]["tier"] is None


@pytest.mark.parametrize(
    ("whole", "by_sentence", "tier"),
    [
        pytest.param(SOUNDS_LIKE_RISK, (), "low", id="the whole message"),
        pytest.param(SOUNDS_LIKE_RISK - 0.01, (), None, id="too little of it"),
        pytest.param(0.0, (0.1, SENTENCE_SOUNDS_LIKE_RISK), "low", id="one sentence"),
        pytest.param(0.0, (SENTENCE_SOUNDS_LIKE_RISK - 0.01,), None, id="too little of one"),
    ],
)
def test_the_classifier_adds_an_alarm_at_its_thresholds(whole, by_sentence, tier):
    assert heard(whole, *by_sentence) == tier


def test_sentences_end_at_stops_and_lines_and_short_ones_are_passed_over():
    assert sentences("All done. No! They never came at all;\nwe asked them why\nYes?") == [
        "They never came at all", "we asked them why",
    ]  # fmt: skip
    assert sentences(None) == sentences(" ") == []


def test_a_sentence_without_end_is_read_in_pieces_and_a_long_text_to_a_limit():
    assert [len(each.split()) for each in sentences("word " * (MOST_WORDS + FEWEST_WORDS))] == [
        MOST_WORDS, FEWEST_WORDS,
    ]  # fmt: skip
    assert len(sentences("one two three four. " * 1_000)) == MOST_SENTENCES
