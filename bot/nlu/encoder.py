"""What a text means, as numbers: means over its words of three layers of a sentence encoder.

The encoder is all-MiniLM-L6-v2 as it was published, made by `encoder_graph` when the assistant is
trained, and kept in the model. Nothing is ever downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from bot.nlu.encoder_graph import FILE, READ, TOKENIZER, WIDTH, Numbers

LONGEST = 64
"""Word pieces of a text that are read at once; a longer message is read clause by clause too."""
AT_ONCE = 64


class Encoder:
    """Reads texts; the same text always gives the same numbers."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = os.cpu_count() or 1
        self._session = ort.InferenceSession(
            (folder / FILE).read_bytes(), options, providers=["CPUExecutionProvider"]
        )

    def vectors(self, texts: Sequence[str]) -> Numbers:
        """A row of numbers for each text. Texts of like length are read together."""
        found = np.zeros((len(texts), WIDTH * len(READ)), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), AT_ONCE):
            batch = order[start : start + AT_ONCE]
            read = self._tokenizer.encode_batch([texts[at].replace("’", "'") for at in batch])
            pieces = {
                "ids": np.array([each.ids for each in read]),
                "mask": np.array([each.attention_mask for each in read]),
            }
            found[batch] = self._session.run(None, pieces)[0]
        return found
