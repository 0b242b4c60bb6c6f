"""A broken file fails the training, under `escalate serve` and plain Rasa alike."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from running_guide import ESCALATE, ROOT, free_port, surroundings

RASA = ESCALATE.with_name("rasa")
NEEDED = (
    "actions", "bot", "config.yml", "credentials.yml", "data", "domain.yml", "endpoints.yml",
    "policies", "rehearsals", "web/dist",
)  # fmt: skip
SECONDS = 150
FEW = 4
SYNTAX_ERROR = "def broken(:\n"
BROKEN = {
    "a response file": ("bot/responses/walk.yml", 'version: "3.1"\nresponses:\n  utter_x: [\n'),
    "a rule": (
        "data/rules/walk.yml",
        'version: "3.1"\nrules:\n- rule: nonsense\n  steps:\n  - action: action_unheard_of\n',
    ),
    "an importer with a syntax error": ("bot/importer.py", SYNTAX_ERROR),
    "an importer that cannot be imported": ("bot/importer.py", "import package_unheard_of\n"),
}


@pytest.fixture
def project(tmp_path):
    """A copy of what the assistant is made from, to be broken."""
    copy = tmp_path / "project"
    for name in NEEDED:
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for path in (copy / "data" / "risk").glob("*.tsv"):  # a few are learnt fast, and fail as well
        path.write_text("\n".join(path.read_text().splitlines()[:FEW]) + "\n")
    return copy


def begin(project: Path, *command: object, **settings: str) -> subprocess.Popen[str]:
    """Start a command in a project, with that project's own code."""
    environment = {
        **surroundings(project / "var", **settings),
        "ESCALATE_MODELS": str(project / "models"),
        "PYTHONPATH": str(project),
        "RASA_TELEMETRY_ENABLED": "false",
    }
    return subprocess.Popen(
        list(map(str, command)),
        cwd=project, env=environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> str:
    """What a command printed, once it has ended."""
    try:
        return process.communicate(timeout=SECONDS)[0]
    finally:
        process.kill()


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_fails_the_training(project, what):
    name, content = BROKEN[what]
    (project / name).write_text(content)
    serve = begin(project, ESCALATE, "serve", "--port", free_port())
    train = begin(project, RASA, "train")
    served, trained = ended(serve), ended(train)
    assert serve.returncode == 2, served
    assert "could not be trained" in served or "cannot be imported" in served
    assert "Traceback" not in served
    assert train.returncode != 0, trained
    assert not list(project.glob("models/*.tar.gz"))


def test_plain_rasa_validates_without_an_unexpected_warning():
    process = begin_here(RASA, "data", "validate")
    said = ended(process)
    assert process.returncode == 0, said
    warnings = [line for line in said.splitlines() if "is not used in any story or rule" in line]
    others = [line for line in said.splitlines() if "UserWarning" in line and line not in warnings]
    assert all("utter_" in line for line in warnings)
    assert [line for line in others if "pkg_resources" not in line] == []


def begin_here(*command: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    return subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
