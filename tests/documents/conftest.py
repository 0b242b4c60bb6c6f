"""Cases as the walk and the weeks after it leave them, and documents read by another program."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from actions.writing import new_escalation
from bot.escalation.decide import decide
from bot.escalation.journey import facts_of, next_question
from bot.escalation.questions import SKIPPED
from bot.policy.library import Library, load_library
from bot.policy.load import content_hash
from bot.policy.model import Policy
from bot.records.cases import Escalation, NewEscalation

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
REAL = load_library(ROOT / "policies")
INVENTED = load_library(ROOT / "tests" / "cases" / "policies")
ALL = Library({**REAL.versions, **INVENTED.versions})
SETTLED = {"ended_on": None, "ending": None, "lessons": None, "status": "open"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`any_policy` runs a test for every policy, `any_form` for every form of each."""
    if "any_form" in metafunc.fixturenames:
        forms = [(policy, form_id) for policy in ALL for form_id in policy.forms]
        ids = [f"{policy.id}-{form_id}" for policy, form_id in forms]
        metafunc.parametrize(("any_policy", "any_form"), forms, ids=ids)
    elif "any_policy" in metafunc.fixturenames:
        metafunc.parametrize("any_policy", list(ALL), ids=lambda policy: policy.id)


@pytest.fixture(scope="session")
def library() -> Library:
    """The five policies and the invented sixth."""
    return ALL


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


def recorded(policy: Policy, answers: dict[str, str], **changed: Any) -> Escalation:
    """A case under `policy` with these answers; name the fields that should differ."""
    said = list(answers.items())
    decision = decide(policy, facts_of(said), NOW)
    new = new_escalation(policy, content_hash(policy), decision, said, None, NOW)
    kept = {each.name: getattr(new, each.name) for each in fields(NewEscalation)}
    for name in ("stage", "draft", "alerts"):
        del kept[name]
    given = {"reference": "ESC-2026-0007", "person": "opaque-sender", "created_at": NOW}
    return Escalation(**{**kept, **given, "stages": (new.stage,), **SETTLED, **changed})


def walked(policy: Policy, stage: str) -> dict[str, str]:
    """Answers to every question of the walk to `stage`: the first choice that leads on."""
    answers = {"policy": policy.id}
    while (asked := next_question(policy, list(answers.items()), NOW)) is not None:
        if asked.fact == "outside":
            matters = [option.value for option in policy.facts["matter"].options]
            answers = {**answers, "matter": matters[matters.index(answers["matter"]) + 1]}
        elif asked.fact in ("imminent", "stage", "check"):
            answers[asked.fact] = {"imminent": "no", "stage": stage, "check": "record"}[asked.fact]
        elif asked.kind == "date":
            answers[asked.fact] = "2026-11-12"
        else:
            answers[asked.fact] = asked.choices[0].value if asked.choices else SKIPPED
    return answers


@pytest.fixture(scope="session")
def case_of() -> Callable[..., Escalation]:
    return recorded


@pytest.fixture(scope="session")
def any_case() -> Callable[..., Escalation]:
    """A case of whichever policy, at its first stage or the one named, as the walk leaves it."""
    return lambda policy, stage=None: recorded(policy, walked(policy, stage or policy.stages[0].id))


@pytest.fixture(scope="session")
def sandwell_case() -> Escalation:
    """At stage 2 of Sandwell, after stage 1 was left without agreement."""
    case = recorded(
        ALL.get("sandwell"),
        {
            "policy": "sandwell", "imminent": "no", "matter": "another_agency", "stage": "s2",
            "manager_aware": "2026-11-12", "stage2_notified": "2026-11-18",
            "trust": "challenged", "area": "threshold",
            "summary": "We think that the referral meets the threshold. They say that it does not.",
        },
    )  # fmt: skip
    second = case.stages[0]
    first = replace(
        second, stage="s1", label="Stage 1", entered_on=date(2026, 11, 12),
        left_on=date(2026, 11, 17), outcome="not_agreed",
    )  # fmt: skip
    met = {"status": "met", "settled_on": date(2026, 11, 20)}
    done = {"status": "done", "settled_on": date(2026, 11, 20)}
    return replace(
        case,
        stages=(first, second),
        clocks=tuple(replace(c, **met) if c.key == "s2_meet" else c for c in case.clocks),
        duties=tuple(
            replace(d, **done) if d.key in ("meet_2", "agree_scribe") else d for d in case.duties
        ),
    )


@pytest.fixture(scope="session")
def jersey_case() -> Escalation:
    """At stage 3 of Jersey, about an adult at risk."""
    return recorded(
        ALL.get("jersey"),
        {
            "policy": "jersey", "imminent": "no", "matter": "adult_at_risk", "stage": "s3",
            "stage3_began": "2026-11-23", "area": "risk",
            "summary": "We do not agree on how great the risk at home is.",
        },
    )  # fmt: skip


@pytest.fixture(scope="session")
def read() -> Callable[[bytes], Any]:
    """A document as python-docx reads it."""
    return lambda made: docx.Document(BytesIO(made))


@pytest.fixture(scope="session")
def words() -> Callable[[bytes], str]:
    """All words of a document's body, a paragraph or a cell's paragraph to a line."""

    def body(made: bytes) -> str:
        paper = docx.Document(BytesIO(made))
        cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
        lines = [*paper.paragraphs, *(line for cell in cells for line in cell.paragraphs)]
        return "\n".join(line.text for line in lines)

    return body


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[str]]:
    """The text of each page, as LibreOffice prints the document."""
    office = shutil.which("soffice")
    if office is None:
        reason = "no LibreOffice (soffice): apt-get install libreoffice-writer-nogui"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    home = tmp_path_factory.mktemp("office")

    def pages(made: bytes) -> list[str]:
        (home / "made.pdf").unlink(missing_ok=True)
        (home / "made.docx").write_bytes(made)
        subprocess.run(
            [office, f"-env:UserInstallation=file://{home}/profile", "--headless",
             "--convert-to", "pdf", "--outdir", home, home / "made.docx"],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        return [page.extract_text() for page in PdfReader(home / "made.pdf").pages]

    return pages
