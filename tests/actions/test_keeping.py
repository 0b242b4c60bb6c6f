from dataclasses import replace

import pytest

from actions.keeping import keep
from actions.state import Walk
from bot.records.drafts import open_drafts
from bot.records.errors import NotFoundError
from bot.records.preparation import DraftHome, preparation_notes


def drafts(around, person):
    with around.database.reading() as session:
        return open_drafts(session, person=person)


def test_before_the_partnership_is_known_nothing_is_kept(around):
    walk = Walk(answers=(("imminent", "no"),))
    assert keep(around, "p", walk, "d1") == walk
    assert drafts(around, "p") == ()


def test_a_walk_keeps_its_first_draft_id(around, walk_of):
    walk = keep(around, "p", walk_of("jersey"), "d1")
    walk = keep(around, "p", walk.taking(around, "imminent", "no"), "d2")
    assert walk.draft == "d1"
    (draft,) = drafts(around, "p")
    assert dict(draft.answers) == {"policy": "jersey", "imminent": "no"}


def test_somebody_elses_draft_is_not_written_to(around, walk_of):
    keep(around, "p", walk_of("jersey"), "d1")
    with pytest.raises(NotFoundError):
        keep(around, "q", walk_of("sandwell"), "d1")
    assert drafts(around, "p")[0].policy_id == "jersey"


@pytest.mark.parametrize(
    ("value", "state", "note"),
    [
        ("not_known", "not_known_yet", None),
        ("skipped", "skipped", None),
        ("ring", "answered", "ring"),
    ],
)
def test_a_note_is_kept_with_its_state(around, walk_of, value, state, note):
    kept = keep(around, "p", walk_of("jersey"), "d1")
    prompt = replace(kept, phase="prepare").preparation(around).prompts[0]
    preparing = replace(kept, phase="prepare", answers=(*kept.answers, (prompt.id, value)))
    assert keep(around, "p", preparing, "x") == preparing
    with around.database.reading() as session:
        (noted,) = preparation_notes(session, home=DraftHome(draft="d1"), person="p")
    assert (noted.question, noted.state, noted.note) == (prompt.id, state, note)
    assert noted.heading == prompt.heading
