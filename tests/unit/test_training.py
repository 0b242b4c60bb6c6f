"""The model is trained by one process at a time, and is there as a whole or not at all."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import rasa.model_training

from bot.engine import training
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"ESCALATE_HOME": str(tmp_path)})


@pytest.fixture
def trainings(monkeypatch, tmp_path) -> list[str]:
    """What was trained; Rasa's training is a slow one that leaves its file half written."""
    begun = []

    def slowly(*, output: str, fixed_model_name: str, **_):
        begun.append(fixed_model_name)
        made = Path(output) / fixed_model_name
        made.write_text("half")
        time.sleep(0.3)
        made.write_text("whole")
        return SimpleNamespace(model=str(made), code=0)

    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    monkeypatch.setattr(rasa.model_training, "train", slowly)
    monkeypatch.setattr(training, "refuse_unknown_names", lambda root: None)
    return begun


def test_who_comes_while_it_is_trained_waits_and_gets_the_same_model(settings, trainings):
    said: list[str] = []
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda _: training.model_for(settings, said.append), range(4)))
    assert len(trainings) == 1
    assert len(set(found)) == 1
    assert found[0].read_text() == "whole"
    assert sum("waits until it is done" in line for line in said) == 3


def test_nobody_finds_half_a_model(settings, trainings):
    with ThreadPoolExecutor() as pool:
        running = pool.submit(training.model_for, settings, print)
        seen = set()
        while not running.done():
            seen |= {path.read_text() for path in settings.models_dir.glob("*.tar.gz")}
            time.sleep(0.01)
    assert running.result().read_text() == "whole"
    assert seen <= {"whole"}


def test_a_training_that_broke_off_leaves_no_model_and_the_next_one_makes_it(
    settings, trainings, monkeypatch
):
    whole = rasa.model_training.train

    def break_off(*, output: str, fixed_model_name: str, **_):
        (Path(output) / fixed_model_name).write_text("half")
        raise SystemExit(1)

    monkeypatch.setattr(rasa.model_training, "train", break_off)
    with pytest.raises(training.TrainingFailedError):
        training.model_for(settings, print)
    assert not list(settings.models_dir.glob("*.tar.gz"))
    monkeypatch.setattr(rasa.model_training, "train", whole)
    assert training.model_for(settings, print).read_text() == "whole"
