"""`serve` sweeps for reminders beside the assistant, and ends that too when it is stopped.

Reminders need no model, so none is trained or loaded here.
"""

import os
import signal
import subprocess
import sys
import time

from running_guide import ROOT, free_port, surroundings

PROGRAM = """
import os
from pathlib import Path

import bot.engine.serve as engine
from bot.channels.web import WebChannel
from bot.engine.readiness import make_ready
from bot.reminders import running
from bot.settings import Settings

settings = Settings.from_environment(os.environ)
sweep = running.sweep

def noted(*args, **given):
    swept = sweep(*args, **given)
    (settings.home / "swept").write_text(repr(swept))
    return swept

running.sweep = noted
engine.model_for = lambda settings, say: None
engine.load_assistant = lambda model, url: None
make_ready(settings)
engine.serve(settings, [WebChannel("s" * 32, None)], print)
"""


def test_serve_sweeps_from_its_start_and_stops_without_a_trace(tmp_path):
    with (tmp_path / "log").open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=log, stderr=log,
            env=surroundings(tmp_path, ESCALATE_PORT=str(free_port()), PYTHONPATH=str(ROOT)),
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "swept").exists():
            assert serving.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        os.kill(serving.pid, signal.SIGINT)
        assert serving.wait(20) == 0
    finally:
        serving.kill()
    told = (tmp_path / "log").read_text()
    assert "Escalation Guide is ready" in told
    assert "Stopped. Every conversation is kept." in told
    assert "Traceback" not in told
    assert (tmp_path / "swept").read_text().startswith("Swept(made=0, sent=0")
