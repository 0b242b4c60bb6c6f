"""The guide behind Microsoft's Agents Playground: docs/tasks/try-teams-on-your-machine.md.

uv run python tests/teams/playground.py FOLDER [--port 3978] [--guide-port 5005]
    [--playground-port 56150]

FOLDER is where the playground was installed. Its configuration is written there, because its own
ids are not such as Teams has, and its command is printed. The records are new each time and are
thrown away at the end. Ctrl-C ends the guide and what stands in for Microsoft.
"""

import argparse
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(Path(__file__).parent))

from fake_login import Registration
from playground_bridge import MESSAGES, bridged
from running_guide import Guide
from teams_guide import settings

CONFIGURATION = ".m365agentsplayground.yml"
COLLEAGUES = 5
"""The playground does not start with fewer."""


def main() -> None:
    """Start both, say what to start besides, and wait to be stopped."""
    asked = arguments()
    on_ending(signal.default_int_handler)  # a shell may let what it starts with & ignore Ctrl-C
    configuration = asked.folder / CONFIGURATION
    configuration.write_text(yaml.safe_dump(configured(Registration()), sort_keys=False))
    with tempfile.TemporaryDirectory(prefix="try-teams-") as scratch:
        home = Path(scratch)
        guide = Guide(home, port=asked.guide_port)
        microsoft = bridged(
            home, port=asked.port, guide=guide.address,
            playground=f"http://127.0.0.1:{asked.playground_port}/",
        )  # fmt: skip
        guide.settings = {
            **settings(microsoft), "ESCALATE_PUBLIC_ORIGIN": guide.address.rstrip("/"),
        }  # fmt: skip
        microsoft.start()
        try:
            print("The assistant starts ...", flush=True)
            guide.start()
            command = started(microsoft.address, microsoft.service_url, asked.playground_port)
            print(f"{configuration} is written. In that folder, start\n\n  {command}\n", flush=True)
            told(microsoft.connector.refused)
        except KeyboardInterrupt:
            print("Stopped.")
        finally:
            on_ending(signal.SIG_IGN)  # a shell and uv both pass it on, so it comes twice
            guide.interrupt()
            microsoft.stop()


def on_ending(do: Any) -> None:
    """What happens when somebody ends this program."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, do)


def arguments() -> Any:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="The guide behind Microsoft's Agents Playground.")
    parser.add_argument("folder", type=Path, help="where the playground was installed")
    parser.add_argument("--port", type=int, default=3978, help="of what stands in for Microsoft")
    parser.add_argument("--guide-port", type=int, default=5005)
    parser.add_argument("--playground-port", type=int, default=56150)
    asked = parser.parse_args()
    if not (asked.folder / "node_modules").is_dir():
        parser.error(f"{asked.folder} has no node_modules: install the playground there first.")
    return asked


def started(microsoft: str, service_url: str, port: int) -> str:
    """The command that starts the playground."""
    return shlex.join(
        ["env", "TEAMSAPPTESTER_BROWSER=none", "npx", "--no-install", "agentsplayground", "start",
         "-e", f"{microsoft}{MESSAGES}", "-c", "msteams", "--service-url", service_url,
         "-p", str(port), "--disable-telemetry"]
    )  # fmt: skip


def told(refused: list[str]) -> None:
    """Say what was not passed on, for as long as nobody stops it."""
    while True:
        while refused:
            print(f"Not passed on: {refused.pop(0)}", flush=True)
        time.sleep(0.5)


def configured(bot: Registration) -> dict[str, Any]:
    """The playground's people and places, with ids such as Teams has."""
    return {
        "version": "0.1.1",
        "tenantId": bot.tenant,
        "bot": {"id": bot.app_id, "name": "Escalation Guide"},
        "currentUser": someone("practitioner", "A", "Practitioner", 20),
        "users": [
            someone(f"colleague-{n}", "Colleague", str(n), 20 + n) for n in range(1, COLLEAGUES + 1)
        ],
        "personalChat": {"id": "personal-chat"},
        "groupChat": {"id": "group-chat", "name": "A group"},
        "team": {
            "id": "team",
            "name": "A team",
            "aadGroupId": object_id(31),
            "channels": [],
        },
    }


def someone(name: str, given: str, family: str, number: int) -> dict[str, str]:
    """A person who is nobody."""
    address = f"{name}@example.org"
    return {
        "id": name, "name": f"{given} {family}", "userPrincipleName": address,
        "aadObjectId": object_id(number), "givenName": given, "surname": family, "email": address,
    }  # fmt: skip


def object_id(number: int) -> str:
    """An id as Entra gives them."""
    return f"00000000-0000-4000-8000-{number:012}"


if __name__ == "__main__":
    main()
