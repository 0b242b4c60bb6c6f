"""The JSON Schema of a policy file, made from the model: `python -m bot.policy.schema`.

Editors read it to complete keys and to mark mistakes while a policy officer types.
"""

import json
import sys
from pathlib import Path

from bot.policy.model import Policy

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema() -> str:
    """The schema as the text of its file."""
    schema = {"$schema": DIALECT, **Policy.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(path: Path) -> None:
    """Writes the schema to `path`."""
    path.write_text(policy_schema(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]) if sys.argv[1:] else Path("policies", "policy.schema.json"))
