"""The scales: two readings into probabilities, and what a faulty file is told."""

import numpy as np
import pytest
import yaml

from bot.nlu.scale import IntentScale, RiskScale, ScaleError, load_scales

RISK = {"words": 0.5, "meaning": 0.5, "offset": 0.0, "alone": 2.0, "ask": 0.1, "interrupt": 0.7}
GOOD = {"risk": RISK, "intents": {"words": 1.0, "meaning": 1.0}}


def test_the_scales_in_use_are_sound():
    scales = load_scales()
    assert min(scales.risk.words, scales.risk.meaning) > 0
    assert min(scales.intents.words, scales.intents.meaning) > 0
    assert 0 < scales.risk.ask < scales.risk.interrupt < 1


def test_a_message_is_likelier_a_risk_the_more_either_reading_says():
    scale = RiskScale(**RISK)
    rising = scale.probability(np.array([[-9.0, -9.0], [0.0, -9.0], [0.0, 0.0], [9.0, 9.0]]), 4)
    assert (np.diff(rising) > 0).all()


def test_a_sentence_alone_must_say_more():
    whole, alone = RiskScale(**RISK).probability(np.zeros((2, 2)), 1)
    assert alone < whole == 0.5


def test_the_intents_share_one_whole():
    scale = IntentScale(words=1.0, meaning=2.0)
    found = scale.probability(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    assert found.sum() == pytest.approx(1.0)
    assert found.argmax() == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"risk": {**RISK, "ask": 0.8}}, "ask 0.8 and interrupt 0.7"),
        ({"risk": {**RISK, "ask": "low"}}, "risk: found .* a number for each"),
        ({"risk": {**RISK, "asks": 0.1}}, "risk: found .* a number for each"),
        ({"intents": {"words": 1.0}}, "intents: found .* a number for each"),
        ({"others": {}}, "the numbers of risk and of intents"),
    ],
)
def test_a_faulty_scale_is_refused(tmp_path, changed, says):
    path = tmp_path / "scale.yml"
    path.write_text(yaml.safe_dump({**GOOD, **changed}))
    with pytest.raises(ScaleError, match=says):
        load_scales(path)
