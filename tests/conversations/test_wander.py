"""Wandering at random through every button and every kind of sentence: nobody is ever lost."""

import random
from pathlib import Path

import pytest
import yaml
from paths import SENTENCE, assert_plain

from bot.channels.sealed import Tap

PHRASINGS = Path(__file__).parents[1] / "phrasings"
QUESTIONS = yaml.safe_load((PHRASINGS / "questions.yml").read_text())
TYPED = [
    *(words for group in QUESTIONS.values() for words in group[::5]),
    *["back", "go back", "change an answer", "stop", "start again", "carry on", "help", "hello"],
    *["yes", "no", "not sure", "yesterday", "last Thursday", "12 Nov", "not yet", "purple", "🙂"],
    *["prepare", "thanks", SENTENCE, "mum is scared of him", "he has a knife", "sandwell", "1"],
]
SEEDS, TURNS = 4, 60


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_nobody_is_lost(walker, seed):
    chance = random.Random(seed)
    talk, old = walker.talk, []
    await talk.say("hello")
    for turn in range(TURNS):
        shown = [b for m in talk.messages for b in m.get("buttons") or ()]
        old += shown
        if shown and chance.random() < 0.7:
            step = chance.choice(shown)
        elif old and chance.random() < 0.3:
            step = chance.choice(old)
        else:
            step = chance.choice(TYPED)
        before = await walker.walk()
        if isinstance(step, str):
            await talk.say(step)
        else:
            meant = Tap.from_button(step)
            await talk._send(meant.title, meant.parse_data(), None)
        what = (seed, turn, step, before)
        assert_plain(talk)
        assert "went wrong" not in talk.said, (what, talk.said)
        assert "Nothing has been recorded: the record could not" not in talk.said, what
        walk, alert = await walker.walk(), await talk.slot("risk_alert")
        asked = walk.question(walker.around)
        if await talk.loop() is not None and alert is None:
            assert asked is not None, what
            asks_back = "Which do you mean?" in talk.said
            assert asked.ask in talk.texts or asks_back, (what, asked.ask, talk.texts)
        if alert is not None:
            assert talk.buttons, what
