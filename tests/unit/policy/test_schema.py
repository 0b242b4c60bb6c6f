"""policies/policy.schema.json is what the model gives, and the policies keep to it."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.policy.schema import main, policy_schema
from bot.policy.source import PolicyLoader

ROOT = Path(__file__).parents[3]
FILE = ROOT / "policies" / "policy.schema.json"
POLICIES = sorted((ROOT / "policies").glob("*/*.yml"))


def test_the_schema_file_is_the_model_s():
    assert FILE.read_text(encoding="utf-8") == policy_schema(), "run: python -m bot.policy.schema"


def test_the_schema_can_be_written_anew(tmp_path):
    main(tmp_path / "schema.json")
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == policy_schema()


def test_the_schema_is_one():
    Draft202012Validator.check_schema(json.loads(policy_schema()))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_editor_finds_no_mistake_in_a_policy(path):
    data = yaml.load(path.read_text(encoding="utf-8"), PolicyLoader)
    found = [
        error.message
        for error in Draft202012Validator(json.loads(policy_schema())).iter_errors(data)
    ]
    assert found == []
