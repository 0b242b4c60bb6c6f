"""The machine's own Chromium, before the real channel and page with a scripted assistant."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(Path(__file__).parent))

from running_guide import Guide, free_port

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def browser():
    """Chromium; skipped where there is none, except where the tests must be complete (CI).

    It ends with its module: while Playwright runs, no other test can run an event loop.
    """
    if not CHROMIUM.is_file():
        reason = f"The browser tests need {CHROMIUM}: install Chromium (apt-get install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a running scripted guide, in a process of its own."""
    port = free_port()
    log = tmp_path_factory.mktemp("guide") / "log.txt"
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    program = [sys.executable, str(HERE / "scripted_guide.py"), str(port)]
    with log.open("w") as output:
        guide = subprocess.Popen(program, stdout=output, stderr=output, env=environment)
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/webhooks/web/"):
                    break
            except OSError:
                time.sleep(0.25)
        else:
            guide.kill()
            pytest.fail(f"The scripted guide did not start:\n{log.read_text()}")
        yield f"http://127.0.0.1:{port}/"
        guide.terminate()
        guide.wait(15)


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    """A running `escalate serve`: the real assistant on a home of its own."""
    running = Guide(tmp_path_factory.mktemp("home")).start()
    yield running
    running.kill()


@pytest.fixture
def visit(browser, address):
    """Opens the page before the scripted guide."""
    yield from visitor(browser, address)


@pytest.fixture
def visit_guide(browser, guide):
    """Opens the page before the real one, each time as somebody new."""
    yield from visitor(browser, guide.address)


@pytest.fixture
def picture():
    """Keeps a screenshot for README where the environment names a folder in SCREENSHOTS."""
    folder = os.environ.get("SCREENSHOTS")

    def keep(page, name):
        if folder:
            page.wait_for_timeout(300)  # messages fade in
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep


def visitor(browser, address):
    """Opens the page in a context of its own and checks that nothing was amiss at the end."""
    contexts, faults = [], []

    def open_page(width=1000, height=900, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(address)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("body[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
