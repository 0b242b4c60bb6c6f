"""`escalate policies`: what the assistant knows, and whether a file is fit to be known."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.surroundings import AsJson, library, now, plain_errors

app = typer.Typer(help="The policies this assistant knows.", no_args_is_help=True)


@app.command("list")
def policies_list(as_json: AsJson = False) -> None:
    """The policies, their versions, and whether their review date has passed."""
    from bot.escalation.exchange import policy_json

    with plain_errors():
        rows = [policy_json(policy, now().date()) for policy in library()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        review = f"review due {row['review_due']}" if row["review_due"] else "no review date"
        passed = " (passed)" if row["review_passed"] else ""
        typer.echo(f"{row['id']:<16} {row['version']:<14} {row['publisher']}; {review}{passed}")


@app.command("check")
def policies_check(
    file: Annotated[
        Path | None, typer.Argument(help="A policy file; all of them if left out.")
    ] = None,
) -> None:
    """Check a policy file, and report all its problems at once."""
    from bot.policy.load import content_hash, load

    with plain_errors():
        if file is None:
            for policy in library():
                typer.echo(f"{policy.id} {policy.document.label}: no problems")
            return
        policy = load(file)
    typer.echo(f"{file}: no problems. {policy.id} {policy.document.label} {content_hash(policy)}")


@app.command("show")
def policies_show(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    stage: Annotated[str | None, typer.Option(help="A stage's number or id.")] = None,
) -> None:
    """Show a policy, or one of its stages, with the clause of every line."""
    from bot.cards.policy import policy_card, stage_card
    from bot.escalation.exchange import stage_named

    with plain_errors():
        policy = library().get(id_)
        card = stage_card(policy, stage_named(policy, stage)) if stage else policy_card(policy)
    typer.echo(card.as_text())
