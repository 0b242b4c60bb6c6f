"""`escalate deadline` and `escalate decide`: for people, and for other programs."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.surroundings import AsJson, library, now, plain_errors

if TYPE_CHECKING:
    from bot.policy.library import Library

Lines = Annotated[
    Path | None, typer.Option("--jsonl", help="Read one JSON object a line, print one a line.")
]


def deadline(
    policy: Annotated[str | None, typer.Option(help="The policy's id.")] = None,
    stage: Annotated[str | None, typer.Option(help="A number, an id, or 'imminent'.")] = None,
    start: Annotated[str | None, typer.Option(help="A date or an instant, in ISO form.")] = None,
    event: Annotated[str | None, typer.Option(help="Which event `start` is; else all.")] = None,
    as_json: AsJson = False,
    jsonl: Lines = None,
) -> None:
    """When each clock of a stage is due, with its convention and the holidays it passes."""
    from bot.escalation.exchange import deadline_json

    known = library_or_exit()

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        found = known.get(text(asked, "policy"))
        return deadline_json(
            found, text(asked, "stage"), text(asked, "start"), asked.get("event"), now()
        )

    given = {"policy": policy, "stage": stage, "start": start, "event": event}
    with plain_errors():
        if jsonl is not None:
            each_line(jsonl, answer)
            return
        result = answer(given)
    if as_json:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    for clock in result["clocks"]:
        due = clock["due"] or f"no date: “{clock['readings'][0]['words']}”"
        typer.echo(f"{clock['what']} ({clock['owner']}): {due}")
        for note in (
            clock["convention"],
            *(f"Not counted: {day['date']} {day['name']}" for day in clock["skipped"]),
        ):
            if note:
                typer.echo(f"  {note}")


def decide(
    policy: Annotated[str | None, typer.Option(help="The policy's id.")] = None,
    facts: Annotated[Path | None, typer.Option(help="A JSON file of facts.")] = None,
    as_json: AsJson = False,
    jsonl: Lines = None,
) -> None:
    """What a policy says of a situation: stage, people, duties, clocks, with every clause."""
    from bot.escalation.exchange import decision_json

    known = library_or_exit()

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return decision_json(known.get(text(asked, "policy")), asked.get("facts") or {}, now())

    with plain_errors():
        if jsonl is not None:
            each_line(jsonl, answer)
            return
        given = {"policy": policy, "facts": read_json(facts) if facts else {}}
        result = answer(given)
    if as_json:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    typer.echo(described(known, given))


def library_or_exit() -> "Library":
    """The library, or what is wrong with it on stderr."""
    with plain_errors():
        return library()


def described(known: "Library", given: dict[str, Any]) -> str:
    """A decision for people to read."""
    from bot.cards.answer import answer_card
    from bot.cards.outcome import outcome_card
    from bot.escalation.decide import decide as decided

    decision = decided(known.get(given["policy"]), given["facts"], now())
    shown = answer_card(decision) if decision.stage else outcome_card(decision)
    return shown.as_text()


def text(asked: dict[str, Any], key: str) -> str:
    """A value that must be there."""
    from bot.escalation.situation import UnknownFactError

    value = asked.get(key)
    if value is None or isinstance(value, (dict, list)):
        raise UnknownFactError(f"{key!r} is missing: found {value!r}. Give it as text.")
    return str(value)


def read_json(path: Path) -> dict[str, Any]:
    """A file that holds one JSON object."""
    from bot.escalation.situation import UnknownFactError

    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnknownFactError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise UnknownFactError(f"{path} holds {type(value).__name__}; expected an object of facts.")
    return value


def each_line(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """One answer for each line; a line that is wrong gives an object with its `error`.

    The exit code is 2 if any line was wrong, so that nothing passes unnoticed.
    """
    from bot.escalation.situation import UnknownFactError
    from bot.policy.library import UnknownPolicyError

    wrong = False
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            asked: Any = None
            try:
                asked = json.loads(line)
                if not isinstance(asked, dict):
                    raise UnknownFactError(f"found {type(asked).__name__}; expected an object.")
                result = answer(asked)
            except (UnknownFactError, UnknownPolicyError, ValueError) as error:
                wrong = True
                result = {"error": f"line {number}: {error}"}
                typer.echo(f"{path}, line {number}: {error}", err=True)
            named = {"id": asked["id"]} if isinstance(asked, dict) and "id" in asked else {}
            sys.stdout.write(json.dumps({**named, **result}, ensure_ascii=False) + "\n")
    if wrong:
        raise typer.Exit(2)
