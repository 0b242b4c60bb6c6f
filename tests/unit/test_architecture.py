"""The house's rules: layers, sizes, names, and words that fit the actions which say them."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import YamlException
from rasa_sdk.executor import ActionExecutor

from bot import importer

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])
SCRIPTS = sorted((ROOT / "web" / "src").glob("*.mjs"))
MOST_LINES = 300
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
RASA_READS_A_DOMAIN = pytest.mark.filterwarnings(
    "ignore:the load_module:DeprecationWarning",
    "ignore:Slot auto-fill has been removed",
    "ignore:.*could not be loaded as domain file",
)
RASAS_OWN_KEY = "utter_action"
RESPONSE = re.compile(r"utter_[a-z_]+")


def test_imports_point_down():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_in_one_go(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_the_domain_stays_a_contract():
    text = (ROOT / "domain.yml").read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert "responses" not in yaml.safe_load(text)


def test_no_module_has_a_name_that_says_nothing():
    named = {part for path in MODULES for part in (*path.parent.parts, path.stem)}
    assert not named & NAMES_THAT_SAY_NOTHING


def test_everything_public_says_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.stat().st_size
        and "migrations" not in path.parts
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def responses() -> dict[str, list[str]]:
    """The texts of every response, by its name; a name is given once."""
    found: dict[str, list[str]] = {}
    for path in sorted(importer.RESPONSES.glob("*.yml")):
        for name, texts in yaml.safe_load(path.read_text())["responses"].items():
            assert name not in found, f"{name} is given twice"
            found[name] = [each["text"] for each in texts]
    return found


def string_constants(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said() -> set[str]:
    """Every name of a response, or its beginning where the rest is put together."""
    in_code = {text for path in MODULES for text in string_constants(path)}
    in_rules = {
        step["action"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text())["rules"]
        for step in rule["steps"]
        if "action" in step
    }
    return {text for text in in_code | in_rules if RESPONSE.fullmatch(text)}


def test_every_response_is_said_somewhere():
    names = said()
    beginnings = tuple(name for name in names if name.endswith("_"))
    unused = [name for name in responses() if name not in names and not name.startswith(beginnings)]
    assert unused == []


def test_every_response_that_an_action_says_has_words():
    known = responses()
    for name in said() - {RASAS_OWN_KEY}:
        if name.endswith("_"):
            assert any(each.startswith(name) for each in known), name
        else:
            assert name in known


def test_every_gap_in_a_response_is_filled_by_whoever_says_it():
    gaps = {
        name: {gap for text in texts for gap in re.findall(r"\{(\w+)\}", text)}
        for name, texts in responses().items()
    }
    calls = [
        {word.arg: word.value for word in node.keywords}
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "utter_message"
    ]
    filled = {
        call["response"].value: {*call} - {"response", "buttons", "json_message"}
        for call in calls
        if isinstance(call.get("response"), ast.Constant)
    }
    for name, needed in gaps.items():
        if needed:
            assert filled.get(name) == needed, name


def domain() -> Domain:
    paths = {"config_file": str(ROOT / "config.yml"), "domain_path": str(ROOT / "domain.yml")}
    return importer.DomainImporter(**paths, training_data_paths=[str(ROOT / "data")]).get_domain()


@RASA_READS_A_DOMAIN
def test_the_importer_joins_the_words_to_the_contract():
    assert {*responses()} == {*domain().responses}


@RASA_READS_A_DOMAIN
@pytest.mark.parametrize(
    "broken", ["responses:\n  utter_x:\n  - text: 'no end", "responses: [1, 2]\n"]
)
def test_a_broken_file_of_words_stops_training(broken, monkeypatch, tmp_path):
    (tmp_path / "broken.yml").write_text(f'version: "3.1"\n{broken}')
    monkeypatch.setattr(importer, "RESPONSES", tmp_path)
    with pytest.raises(YamlException):
        domain()


@RASA_READS_A_DOMAIN
def test_every_action_of_the_domain_is_written_and_none_besides():
    executor = ActionExecutor()
    executor.register_package("actions")
    assert {*executor.actions} == {*domain().user_actions} - {*responses()}
