"""The JSON Schema of a scenario, made from the model: `python -m bot.rehearsal.schema`.

Editors read it to complete keys and to mark mistakes while a facilitator types.
"""

import json
import sys
from pathlib import Path

from bot.policy.schema import DIALECT
from bot.rehearsal.scenario import Scenario


def scenario_schema() -> str:
    """The schema as the text of its file."""
    schema = {"$schema": DIALECT, **Scenario.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(path: Path) -> None:
    """Writes the schema to `path`."""
    path.write_text(scenario_schema(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]) if sys.argv[1:] else Path("rehearsals", "scenario.schema.json"))
