"""How well the assistant understands: the risk screen and the intents, on held-out messages.

uv run python benchmarks/nlu.py                 the tables of README, on the test set
uv run python benchmarks/nlu.py --set development
uv run python benchmarks/nlu.py --set-scale     choose the thresholds on the development set

Nothing is ever chosen by what the test set says.
"""

import argparse
import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import yaml
from messages import Heldout, kappa, read, wilson
from rasa.core.agent import Agent
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score

from bot.engine.serve import quiet
from bot.engine.training import model_for
from bot.nlu.intents import IntentClassifier
from bot.nlu.linear import Learnt
from bot.nlu.reading import Read, Reading
from bot.nlu.risk_model import RiskModel
from bot.nlu.risk_screen import RiskScreen
from bot.nlu.scale import FILE, IntentScale, RiskScale, load_scales
from bot.settings import Settings

ASK, INTERRUPT = 0.994, 0.975
"""The recall that the thresholds aim at on the development set: a little above the goals."""
ALONE = (3.0, 4.0, 5.0, 6.0)
MARGIN = 0.5
"""Log odds: how far beyond every exception on the development set the words settle a matter."""
SURE = np.arange(0.5, 1.0, 0.01)
Judged = tuple[Heldout, dict[str, Any]]
Component = TypeVar("Component")


def main() -> None:
    """Print the tables, or set the scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("development", "test"), default="test")
    parser.add_argument("--set-scale", action="store_true")
    asked = parser.parse_args()
    quiet()
    agent = Agent.load(str(model_for(Settings.from_environment(os.environ), print)))
    if asked.set_scale:
        set_scale(agent, read("development"))
        load_scales.cache_clear()
        print(FILE.read_text(encoding="utf-8"))
    judged = asyncio.run(judge(agent, read("development" if asked.set_scale else asked.set)))
    screen_tables(judged)
    intent_table(judged)


def part(agent: Agent, kind: type[Component]) -> Component:
    """A component inside a loaded assistant."""
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, kind))


async def judge(agent: Agent, messages: Sequence[Heldout]) -> list[Judged]:
    """Every message with what the whole pipeline makes of it."""
    return [(each, await agent.parse_message(each.text)) for each in messages]


def set_scale(agent: Agent, messages: Sequence[Heldout]) -> None:
    """Choose both scales on the development set and write them."""
    reading = part(agent, Reading)
    read = [reading._parts(each.text) for each in messages]
    scales = {
        "risk": risk_scale(part(agent, RiskScreen).model, messages, read),
        "intents": intent_scale(part(agent, IntentClassifier)._trained, messages, read),
    }
    head = "# Set from the development set alone: uv run python benchmarks/nlu.py --set-scale\n"
    rounded = {
        name: {key: float(f"{value:.5f}") for key, value in asdict(scale).items()}
        for name, scale in scales.items()
    }
    FILE.write_text(head + yaml.safe_dump(rounded, sort_keys=False), encoding="utf-8")


def risk_scale(model: RiskModel, messages: Sequence[Heldout], read: Sequence[Read]) -> RiskScale:
    """The scale of the screen.

    The weights of the two readings and the offset make the log odds of whole messages
    probabilities (Platt, 1999). What a sentence alone is worth is what alarms the fewest
    lookalikes at the recall aimed at. The thresholds follow; then where the words settle it.
    """
    labels = np.array([each.label for each in messages])
    imminent, lookalike = labels == "imminent", labels == "hard_negative"
    words = [model.by_words(each) for each in read]
    meant = [model.by_meaning(each, range(len(each.parts))) for each in read]
    worst = np.array(
        [
            max(zip(w[: each.whole], m[: each.whole], strict=True), key=sum)
            for w, m, each in zip(words, meant, read, strict=True)
        ]
    )
    platt = LogisticRegression(C=1e6).fit(worst, imminent)
    of_words, of_meaning = map(float, platt.coef_[0])
    by_words = LogisticRegression(C=1e6).fit(worst[:, :1], imminent)
    scale = RiskScale(
        words=of_words, meaning=of_meaning, offset=float(platt.intercept_[0]), alone=ALONE[0],
        calm=-np.inf, alarm=np.inf, slope=float(by_words.coef_[0, 0]),
        shift=float(by_words.intercept_[0]), ask=0.1, interrupt=0.9,
    )  # fmt: skip

    def heard(alone: float) -> list[np.ndarray]:
        with_alone = replace(scale, alone=alone)
        return [with_alone.heard(w, each.whole) for w, each in zip(words, read, strict=True)]

    def found(alone: float) -> np.ndarray:
        pairs = zip(heard(alone), meant, strict=True)
        return np.array([scale.probability(w, m).max() for w, m in pairs])

    def alarmed(alone: float) -> float:
        probabilities = found(alone)
        return float(np.mean(probabilities[lookalike] >= lowest(probabilities[imminent], ASK)))

    alone = min(ALONE, key=alarmed)
    probabilities = found(alone)
    ask, interrupt = (
        float(np.floor(lowest(probabilities[imminent], recall) * 1e5) / 1e5)
        for recall in (ASK, INTERRUPT)
    )
    loudest = np.array([each.max() for each in heard(alone)])
    calm = loudest[imminent | (probabilities >= ask)].min() - MARGIN
    alarm = loudest[probabilities < interrupt].max() + MARGIN
    settled = {"calm": float(calm), "alarm": float(alarm)}
    return replace(scale, alone=alone, ask=ask, interrupt=interrupt, **settled)


def intent_scale(trained: Learnt, messages: Sequence[Heldout], read: Sequence[Read]) -> IntentScale:
    """The weights of the readings that make the right intents likeliest.

    The words are sure enough alone where they are right as often as both readings are.
    """
    chosen = [
        (trained.scores([each.text])[0], found.intents(0), trained.names.index(each.intent))
        for each, found in zip(messages, read, strict=True)
        if each.label in ("ordinary", "question")
    ]
    by_words, by_meaning, wanted = map(np.array, zip(*chosen, strict=True))

    def unlikely(found: np.ndarray) -> float:
        return float(-np.log(found[np.arange(len(wanted)), wanted] + 1e-12).mean())

    def both(weights: np.ndarray) -> np.ndarray:
        return IntentScale(*weights, alone=1.0, sure=1.0).probability(by_words, by_meaning)

    def words(weights: np.ndarray) -> np.ndarray:
        return IntentScale(1.0, 1.0, *weights, sure=1.0).by_words_alone(by_words)

    of_both, of_words = (
        minimize(lambda x, reading=reading: unlikely(reading(x)), start, method="Nelder-Mead").x
        for reading, start in ((both, [1.0, 1.0]), (words, [1.0]))
    )
    right, right_alone = (
        found.argmax(axis=1) == wanted for found in (both(of_both), words(of_words))
    )
    likeliest = words(of_words).max(axis=1)
    sure = next(
        each
        for each in SURE
        if right_alone[likeliest >= each].sum() >= right[likeliest >= each].sum()
    )
    return IntentScale(*map(float, of_both), alone=float(of_words[0]), sure=float(sure))


def lowest(probabilities: np.ndarray, recall: float) -> float:
    """The highest threshold at which that share of `probabilities` is reached."""
    return float(np.sort(probabilities)[int(np.floor((1 - recall) * len(probabilities)))])


def screen_tables(judged: Sequence[Judged]) -> None:
    """What the screen does, by label, category, length and style."""
    tiers = [(each, parsed["risk"]) for each, parsed in judged]
    labels = [(each.label, grouped(each.second_label)) for each, _ in tiers]
    print(f"\n{len(tiers)} messages; agreement of the two labels: kappa {kappa(labels):.3f}\n")
    rows = [
        ("imminent, either tier", "imminent", either),
        ("imminent, interrupted", "imminent", high),
        ("lookalikes, either tier", "hard_negative", either),
        ("lookalikes, interrupted", "hard_negative", high),
        ("questions, either tier", "question", either),
        ("ordinary, either tier", "ordinary", either),
        ("ordinary, interrupted", "ordinary", high),
    ]
    table("screen", ((name, of(tiers, label=label), hit) for name, label, hit in rows))
    for attribute in ("kind", "length", "style"):
        for label, hit in (("imminent", either), ("hard_negative", either)):
            groups = sorted({getattr(each, attribute) for each, _ in tiers if each.label == label})
            table(
                f"{label} by {attribute}, either tier",
                ((name, of(tiers, label=label, **{attribute: name}), hit) for name in groups),
            )
    lexicon_alone = [
        (each, risk)
        for each, risk in tiers
        if any(not words.startswith("sounds like: ") for words in risk["matched"])
    ]
    found = {label: sum(each.label == label for each, _ in lexicon_alone) for label, _ in labels}
    print("\nthe lexicon matched:", found)


def grouped(second: str) -> str:
    """A second label as one of the four: an intent means an ordinary message."""
    return second if second in ("imminent", "hard_negative", "question") else "ordinary"


def either(risk: dict[str, Any]) -> bool:
    """Whether the message is asked about or interrupted."""
    return risk["tier"] is not None


def high(risk: dict[str, Any]) -> bool:
    """Whether the message is interrupted."""
    return bool(risk["tier"] == "high")


def of(tiers: Iterable[Judged], **wanted: str) -> list[dict[str, Any]]:
    """The risks of the messages with these attributes."""
    return [
        risk
        for each, risk in tiers
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]


def table(
    title: str, rows: Iterable[tuple[str, list[dict[str, Any]], Callable[[dict[str, Any]], bool]]]
) -> None:
    """A table of shares with their 95 % intervals."""
    print(f"\n| {title} | messages | share | 95 % interval |\n| --- | --- | --- | --- |")
    for name, risks, hit in rows:
        hits = sum(map(hit, risks))
        low, up = wilson(hits, len(risks))
        share = hits / len(risks) if risks else 0.0
        print(f"| {name} | {len(risks)} | {share:.3f} | {low:.3f} to {up:.3f} |")


def intent_table(judged: Sequence[Judged]) -> None:
    """Accuracy and macro F1 of the intents, with and without the imminent messages."""
    print("\n| intents | messages | accuracy | macro F1 |\n| --- | --- | --- | --- |")
    for name, labels in (
        ("ordinary and questions", ("ordinary", "question")),
        ("ordinary, questions and imminent", ("ordinary", "question", "imminent")),
    ):
        pairs = [
            (each.intent, best_intent(parsed)) for each, parsed in judged if each.label in labels
        ]
        wanted, found = zip(*pairs, strict=True)
        names = sorted(set(wanted))
        f1 = f1_score(wanted, found, labels=names, average="macro", zero_division=0)
        print(f"| {name} | {len(pairs)} | {accuracy_score(wanted, found):.3f} | {f1:.3f} |")


def best_intent(parsed: dict[str, Any]) -> str:
    """The likeliest intent, whether or not the assistant is sure enough to act on it."""
    ranking = [each for each in parsed["intent_ranking"] if each["name"] != "nlu_fallback"]
    return str(max(ranking, key=lambda each: each["confidence"])["name"])


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    main()
