"""The hash of the code that learns: Rasa looks only at a component's own class.

Without it, Rasa would take a stored part from its cache although what made it has changed.
"""

from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
LEARNING = ("linear.py", "encoder_graph.py", "risk_model.py", "adapted.safetensors")


def code_hash() -> str:
    """A hash of every file that a trained part depends on, beside the data."""
    return sha256(b"".join((HERE / name).read_bytes() for name in LEARNING)).hexdigest()
