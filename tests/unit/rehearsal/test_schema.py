"""rehearsals/scenario.schema.json is what the model gives, and the scenarios keep to it."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator
from valley_rehearsal import FILE, ROOT

from bot.policy.source import PolicyLoader
from bot.rehearsal.schema import main, scenario_schema

SCHEMA = ROOT / "rehearsals" / "scenario.schema.json"
SCENARIOS = [FILE, *sorted((ROOT / "rehearsals").glob("*.yml"))]


def test_the_schema_file_is_the_model_s():
    said = "run: python -m bot.rehearsal.schema"
    assert SCHEMA.read_text(encoding="utf-8") == scenario_schema(), said


def test_the_schema_can_be_written_anew(tmp_path):
    main(tmp_path / "schema.json")
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == scenario_schema()


def test_the_schema_is_one():
    Draft202012Validator.check_schema(json.loads(scenario_schema()))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_an_editor_finds_no_mistake_in_a_scenario(path):
    data = yaml.load(path.read_text(encoding="utf-8"), PolicyLoader)
    validator = Draft202012Validator(json.loads(scenario_schema()))
    assert [error.message for error in validator.iter_errors(data)] == []
