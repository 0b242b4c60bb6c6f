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
from pathlib import Path
from typing import Any

import numpy as np
from messages import Heldout, kappa, read, wilson
from rasa.core.agent import Agent
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score

from bot.engine.serve import quiet
from bot.engine.training import model_for
from bot.nlu.risk_model import SCALE, RiskModel, Scale, load_scale
from bot.nlu.risk_screen import RiskScreen
from bot.settings import Settings

RECALL_TO_ASK, RECALL_TO_INTERRUPT = 0.992, 0.94
"""What the thresholds aim at on the development set: a little above the goals."""
CLAUSES = (1.0, 1.5, 2.0, 2.5, 3.0)
Judged = tuple[Heldout, dict[str, Any]]


def main() -> None:
    """Print the tables, or set the scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("development", "test"), default="test")
    parser.add_argument("--set-scale", action="store_true")
    asked = parser.parse_args()
    quiet()
    agent = Agent.load(str(model_for(Settings.from_environment(os.environ), print)))
    if asked.set_scale:
        set_scale(risk_model(agent), read("development"))
        load_scale.cache_clear()
        print(SCALE.read_text(encoding="utf-8"))
    judged = asyncio.run(judge(agent, read("development" if asked.set_scale else asked.set)))
    screen_tables(judged)
    intent_table(judged)


def risk_model(agent: Agent) -> RiskModel:
    """The trained risk model inside a loaded assistant."""
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    screen = next(node._component for node in nodes if isinstance(node._component, RiskScreen))
    return screen.model


async def judge(agent: Agent, messages: Sequence[Heldout]) -> list[Judged]:
    """Every message with what the whole pipeline makes of it."""
    return [(each, await agent.parse_message(each.text)) for each in messages]


def set_scale(model: RiskModel, messages: Sequence[Heldout]) -> None:
    """Choose the scale on the development set and write it.

    The slope and the offset make the log odds probabilities (Platt, 1999); the worth of a clause
    is the one that alarms the fewest lookalikes at the recall aimed at; the thresholds follow.
    """
    imminent = np.array([each.label == "imminent" for each in messages])
    lookalike = np.array([each.label == "hard_negative" for each in messages])
    read = [model.parts(each.text)[1] for each in messages]

    def with_clause(clause: float) -> np.ndarray:
        return np.array([max(odds[0], *(odds[1:] - clause), -99.0) for odds in read])

    def alarmed(clause: float) -> float:
        odds = with_clause(clause)
        return float(np.mean(odds[lookalike] >= lowest(odds[imminent], RECALL_TO_ASK)))

    clause = min(CLAUSES, key=alarmed)
    odds = with_clause(clause)
    platt = LogisticRegression(C=1e6).fit(odds[:, None], imminent)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    scale = Scale(slope=slope, offset=offset, clause=clause, ask=0.1, interrupt=0.9)
    ask, interrupt = (
        float(scale.probability(np.array(lowest(odds[imminent], recall))))
        for recall in (RECALL_TO_ASK, RECALL_TO_INTERRUPT)
    )
    SCALE.write_text(
        "# Set from the development set alone: uv run python benchmarks/nlu.py --set-scale\n"
        f"slope: {slope:.4f}\noffset: {offset:.4f}\nclause: {clause}\n"
        f"ask: {np.floor(ask * 1e4) / 1e4:.4f}\ninterrupt: {np.floor(interrupt * 1e4) / 1e4:.4f}\n",
        encoding="utf-8",
    )


def lowest(odds: np.ndarray, recall: float) -> float:
    """The highest threshold at which that share of `odds` is reached."""
    return float(np.sort(odds)[int(np.floor((1 - recall) * len(odds)))])


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
