"""The scales: two readings into probabilities, and what a faulty file is told."""

import numpy as np
import pytest
import yaml

from bot.nlu.scale import IntentScale, RiskScale, ScaleError, load_scales

RISK = {
    "words": 0.5, "meaning": 0.5, "offset": 0.0, "alone": 2.0, "calm": -5.0, "alarm": 3.0,
    "slope": 1.0, "shift": 0.0, "ask": 0.1, "interrupt": 0.7,
}  # fmt: skip
INTENTS = {"words": 1.0, "meaning": 2.0, "alone": 1.5, "sure": 0.9}
GOOD = {"risk": RISK, "intents": INTENTS}


def test_the_scales_in_use_are_sound():
    scales = load_scales()
    assert min(scales.risk.words, scales.risk.meaning) > 0
    assert min(scales.intents.words, scales.intents.meaning, scales.intents.alone) > 0
    assert scales.risk.calm < 0 < scales.risk.alarm
    assert 0 < scales.risk.ask < scales.risk.interrupt < 1


def test_a_message_is_likelier_a_risk_the_more_either_reading_says():
    scale = RiskScale(**RISK)
    rising = scale.probability(np.array([-9.0, 0.0, 0.0, 9.0]), np.array([-9.0, -9.0, 0.0, 9.0]))
    assert (np.diff(rising) > 0).all()
    assert (np.diff(scale.by_words_alone(np.array([-9.0, 0.0, 9.0]))) > 0).all()


def test_the_meaning_is_wanted_where_the_words_are_in_doubt():
    scale = RiskScale(**RISK)
    assert scale.unsettled(np.array([-6.0, 0.0, 2.9])).tolist() == [1, 2]
    assert not scale.unsettled(np.array([-6.0, -5.0])).size
    assert not scale.unsettled(np.array([0.0, 3.0])).size


def test_the_intents_share_one_whole():
    scale, by_words = IntentScale(**INTENTS), np.array([1.0, 0.0, 0.0])
    found = scale.probability(by_words, np.array([0.0, 1.0, 0.0]))
    alone = scale.by_words_alone(by_words)
    assert found.sum() == pytest.approx(1.0)
    assert alone.sum() == pytest.approx(1.0)
    assert (found.argmax(), alone.argmax()) == (1, 0)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"risk": {**RISK, "ask": 0.8}}, "ask 0.8 and interrupt 0.7"),
        ({"risk": {**RISK, "ask": "low"}}, "risk: found .* a number for each"),
        ({"risk": {**RISK, "asks": 0.1}}, "risk: found .* a number for each"),
        ({"intents": {"words": 1.0}}, "intents: found .* a number for each"),
        ({"risk": {**RISK, "calm": 0.0}}, "at calm 0.0 the probability is 0.500"),
        ({"risk": {**RISK, "alarm": 0.5}}, "at alarm 0.5 0.622; needed: .* interrupt 0.7 or more"),
        ({"others": {}}, "the numbers of risk and of intents"),
    ],
)
def test_a_faulty_scale_is_refused(tmp_path, changed, says):
    path = tmp_path / "scale.yml"
    path.write_text(yaml.safe_dump({**GOOD, **changed}))
    with pytest.raises(ScaleError, match=says):
        load_scales(path)
