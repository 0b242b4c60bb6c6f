"""What a text means: how much it speaks for each sort of message and each intent.

A small neural network reads it. `encoder_graph` makes it when the assistant is trained, and it is
kept in the model. Nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from bot.nlu.encoder_graph import FILE, TOKENIZER, Numbers

LONGEST = 128
"""Word pieces that are read at once: more than a stretch of a message has, but for nonsense."""
AT_ONCE = 64


class Encoder:
    """Reads texts; the same text always gives the same scores."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1  # a text is so short that two threads wait for each other
        self._session = ort.InferenceSession(
            (folder / FILE).read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._widths = {each.name: each.shape[1] for each in self._session.get_outputs()}

    def scores(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """A row for each text: the scores of the sorts, and of the intents in their order.

        Texts of like length go together.
        """
        sorts, intents = (
            np.zeros((len(texts), self._widths[head]), dtype=np.float32)
            for head in ("sorts", "intents")
        )
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), AT_ONCE):
            batch = order[start : start + AT_ONCE]
            read = self._tokenizer.encode_batch([texts[at].replace("’", "'") for at in batch])
            pieces = {
                "ids": np.array([each.ids for each in read]),
                "mask": np.array([each.attention_mask for each in read]),
            }
            sorts[batch], intents[batch] = self._session.run(["sorts", "intents"], pieces)
        return sorts, intents
