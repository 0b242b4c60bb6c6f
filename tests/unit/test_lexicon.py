"""The risk lexicon: what interrupts, what is asked about, what passes."""

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.lexicon import SCORES, Screened, screen
from bot.nlu.phrases import LEXICON, LexiconError, load

HIGH = [
    "He has got a knife and is outside the school",
    "dad's got a knife",
    "there is a gun in the house",
    "the brother said he will kill her when she gets back",
    "he's threatening to kill mum",
    "the children are home alone",
    "a five year old has been left alone",
    "Toddler left alone in the house, nobody is answering",
    "she has gone missing from her placement",
    "he is missing and we think he is with a gang",
    "the baby is in danger",
    "she is in immediate danger",
    "the child is at imminent risk of harm",
    "he isn't safe tonight",
    "she is suicidal",
    "he says he wants to die",
    "she has taken an overdose this morning",
    "a pupil told me she wants to end her life",
    "he is being hurt by his uncle",
    "he is hitting her now",
    "she is locked in her room and can't get out",
    "baby has bruising and is five weeks old",
    "the infant is unresponsive",
    "he can't breathe",
    "she is scared to go home",
    "he is terrified of going home today",
    "the perpetrator is at the house",
    "her ex is outside the house right now",
    "dad is released tonight and going straight there",
    "she has been abducted by her father",
    "they are taking her abroad tomorrow",
    "their flight is this evening",
    "he is being picked up tonight by the men",
    "mum has been strangled",
    "there was a strangulation this morning",
    "he put his hands around her throat",
    "grandad is locked in with no food",
    "she has been left with no one and no medication",
    "parents are refusing to take him to hospital",
    "he refuses an ambulance",
    "They say there is no risk, but he has a knife",
    "no concerns from police but she is not safe tonight",
    "It was closed in 2019. He is hitting her now",
    "Last year he was fine. She is suicidal.",
    "She told me last month she was fine, now she is suicidal",
    "we asked what if it gets worse. He has a knife",
    "shes been strangld",
    "she is SUICIDAL!!!",
    "hes got a nife",
    "the kid is in dangre",
    "she's not safe 2nite",
    "my nan is being hit by her carer",
    "the lad says he will kill himself",
    "No he has a knife",
    "Yes she is in immediate danger",
    "what do I do, he has a knife",
    "mum has collapsed",
    "this is an emergency",
    "forced to marry",
    "please call 999",
    "she will be killed",
    "risk to life",
    "the child is at risk right now",
    "father has taken an axe to the door and children are inside",
    "she has been raped today",
    "he is beating her",
    "she will be seriously hurt tonight",
    "mum is drunk and driving with the kids",
    "he may be trafficked tonight",
    "He has barricaded himself in the bedroom with the baby",
    "he's sent a message saying goodbye to everyone",
    "no adult at home, children aged 3 and 5, door was open",
    "a man in a car keeps waiting for her at the gate, she got in today",
    "He won't come in from the roof",
    "grabbed her by the neck in front of the kids this morning",
    "her ex has found out where she lives",
    "police are not answering and there is shouting and screaming from the house",
    "there has been an overdose",
    "I can't get hold of mum and the toddler has been left with a stranger",
    "they are starving him",
    "she's run off from the unit and is on the railway line",
    "mum took an overdose last nite",
    "mum took overdose last night",
    "mum took an od last night and is home with the kids",
]

LOW = [
    "I am worried about her tonight",
    "she is not safe",
    "he does not have a knife",
    "what do I do if a child is in danger",
    "what if he is suicidal",
    "he threatened to kill her last year",
    "she was strangled in 2019",
    "historical strangulation",
    "she is not suicidal",
    "there are no threats to kill",
    "he has been threatened",
    "I'm not sure she is safe",
    "unsafe at home",
    "a knife was mentioned",
    "They say there is no imminent risk and I disagree",
    "CSC said nobody is in danger",
    "if she goes home tonight she will be harmed",
    "concerned for her safety",
    "he might hurt her",
    "police say he is no longer suicidal",
    "imminent risk",
    "someone may be seriously hurt",
    "he used to be violent and threatened to kill her",
    "he has not had his insulin",
    "not got her medication",
    "she hasn't got her inhaler with her",
    "i am really worried about what is going to happen this weekend",
    "I don't want to leave it over the weekend",
    "we can't leave this until Monday",
    "mum is back with him",
    "unseen since Monday",
    "he has not been seen since Friday",
]

AT_LEAST_LOW = [
    "he begged not to be sent home",
    "drunk at the gate",
    "dad was drunk at the school gate",
    "she does not want to be here anymore",
    "he doesn't want to be here any more",
    "picked up by older lads",
    "she was picked up by older men after school",
]

NONE = [
    "no imminent risk",
    "imminent risk? no",
    "imminent risk: no",
    "Is anyone at imminent risk? No",
    "no immediate risk of harm",
    "not in danger",
    "nobody is in danger",
    "no one is at imminent risk",
    "yes",
    "no",
    "not sure",
    "what does imminent risk mean",
    "what does the policy say about imminent risk",
    "what does the policy say about stage 2",
    "when is the deadline",
    "what if they do not reply by the deadline",
    "she is now safe in foster care",
    "the plan is in danger of drifting",
    "the case is in danger of being closed",
    "the placement is at risk",
    "at risk of exclusion",
    "at risk of permanent exclusion from school",
    "the minutes are missing",
    "the child's voice is missing",
    "two pages are missing from the report",
    "She is missing school",
    "deadline is tonight",
    "worried about the deadline today",
    "the manager killed the idea",
    "knife crime policy",
    "suicide prevention training is booked",
    "self harm pathway",
    "threshold not met",
    "they closed the case without a visit",
    "emergency duty team number",
    "emergency contact details",
    "the social worker is on leave",
    "CSC do not agree",
    "we have hit a wall",
    "the meeting ran away with itself and no decision was made",
    "not safe to close the case yet",
    "it is not safe to step down the plan",
    "high level of need",
    "neglect over a long time",
    "no response to emails",
    "the police took no further action",
    "she has no allocated worker",
    "who do I contact",
    "the worker left the meeting",
    "stop",
    "what counts as a working day",
    "the plan was shot down",
    "they attacked our evidence in the meeting",
    "manager hit the roof",
    "I am worried about drift in the plan",
    "no safeguarding concerns",
    "the assessment is missing information",
    "harm is cumulative over several years",
    "domestic abuse referral was closed",
    "MARAC did not accept the referral",
    "the family left the country in 2018",
    "he has been in prison since March",
    "I am afraid I do not agree",
    "I'm afraid she is on leave today",
    "dad has back pain",
    "they are coming back to us today",
    "mum is coming in today for a meeting",
    "the social worker is going home today",
    "he is at the office today",
    "mother is back at work now",
    "they are being held to account",
    "the parents are with the solicitor now",
    "not at home alone",
    "he went missing but has been found safe",
    "mum was assaulted, he is in prison",
    "The police shared that dad was convicted of assault in 2016",
    "There was a domestic abuse incident in March which led to the section 47",
    "The school nurse is worried about his weight",
    "I am concerned that the assessment did not speak to father",
    "We are worried about the decision to close",
    "Previous allegations of sexual abuse were not considered in the assessment",
    "the threshold decision was wrong, risk of significant harm is not being recognised",
    "child at risk of significant harm over time due to neglect",
    "Chronic neglect, no immediate concerns",
    "she made a disclosure two years ago and it was not followed up",
    "knife was found at school in the spring and the YOT plan has not been updated",
    "we don't think there is a risk tonight but the plan needs changing",
    "The disagreement is about contact with dad, who has a history of violence",
    "They disagree that the injury in June was non accidental",
    "Mum has been in refuge since August and is safe",
    "nobody was hurt",
    "no injuries were seen",
    "He is safe and well at gran's",
    "What do we do if it becomes an emergency",
    "who do I ring if the child goes missing",
    "how do we know when a risk is imminent",
    "is the child in danger now? No, this is about the plan",
    "there's no danger to anyone right now",
    "not imminent, but serious",
    "They want to end the CP plan early",
    "the team manager was off sick and missing from the meeting",
    "we had a heated meeting and the chair shut it down",
    "It was reported as missing episodes three times last summer",
    "The core group was told the overdose in 2022 was accidental",
    "Her self-harm has stopped and CAMHS discharged her",
    "Adult services closed the section 42 enquiry about the care home",
    "the fire service were concerned about hoarding",
    "social worker has refused to do a joint visit",
    "MARAC heard the case last month",
    "probation say he is in prison until 2028",
    "SEND transport was taken away",
    "Both parents attended the review today and it was calm",
    "no1 at risk rn",
    "no child is at risk right now",
    "no one is at risk now",
    "No one is at risk right now",
    "nobody at risk",
    "nobody is at risk now",
    "no children are at risk tonight",
    "no, child is safe, seen this morning",
    "we left it over the weekend and then rang again",
    "they took a week to answer",
    "he has not had his review",
    "the school wants to be here at the meeting",
    "she does not want to be here for the review",
    "no reply has been seen since Friday",
    "the report has not been seen since it was sent",
    "mum is back with the worker for a visit",
]

BENIGN = [
    "The plan was agreed and nobody came to the meeting in the end.",
    "We are waiting for a reply from the team manager.",
    "What does the policy say about stage 2?",
    "The deadline was last month.",
    "Thank you.",
]


@pytest.mark.parametrize("text", HIGH)
def test_present_danger_is_high(text):
    assert screen(text).tier == "high"


@pytest.mark.parametrize("text", LOW)
def test_doubt_is_low(text):
    assert screen(text).tier == "low"


@pytest.mark.parametrize("text", AT_LEAST_LOW)
def test_a_sign_of_danger_is_never_passed_over(text):
    assert screen(text).tier is not None


@pytest.mark.parametrize("text", NONE)
def test_ordinary_work_raises_no_alarm(text):
    assert screen(text) == Screened(None, 0.0, ())


@pytest.mark.parametrize(
    ("plain", "around", "was", "becomes"),
    [
        pytest.param("he has a knife", "he does not have a knife", "high", "low", id="denied"),
        pytest.param("she is suicidal", "in 2019 she was suicidal", "high", "low", id="a past"),
        pytest.param("he will kill her", "what if he will kill her", "high", "low", id="what if"),
        pytest.param(
            "she was strangled", "she was strangled and is now safe in a refuge", "high", "low",
            id="over",
        ),
        pytest.param(
            "worried about her tonight", "not worried about her tonight", "low", None,
            id="a worry denied",
        ),
        pytest.param(
            "she is suicidal", "last year she was not suicidal", "high", "low",
            id="two reasons lower it once",
        ),
    ],
)  # fmt: skip
def test_what_is_said_around_a_danger_lowers_it_by_one_tier(plain, around, was, becomes):
    assert (screen(plain).tier, screen(around).tier) == (was, becomes)


@pytest.mark.parametrize(
    "text",
    [
        "They say there is no risk, but he has a knife",
        "Last year was calm. He has a knife",
        "She is in foster care. Her brother has a knife and is outside the school",
        "What if they do not reply? He has a knife",
        "In 2019 it was closed, now he has a knife",
        "He has a knife but last year he was fine",
        "no he has a knife",
        "nobody was hurt she is in immediate danger",
        "She is in immediate danger. No.",
        "No child protection plan and the child is at risk now",
        "nobody is helping, she is at risk right now",
        "no one has visited and he is at risk now",
    ],
)
def test_a_denial_or_a_past_elsewhere_does_not_lower_a_danger(text):
    assert screen(text).tier == "high"


def test_a_danger_at_the_end_of_a_long_text_is_found():
    text = "The plan was agreed and nobody came to the meeting in the end. " * 65
    assert len(text) > 4000
    assert screen(text).tier is None
    assert screen(text + "He has a knife").tier == "high"


def test_a_danger_in_a_long_text_without_punctuation_is_found():
    text = "the plan was agreed and nobody came to the meeting in the end " * 65
    assert screen(text + "he has a knife").tier == "high"


@pytest.mark.parametrize("before", range(55, 85))
def test_a_danger_is_found_wherever_a_clause_without_end_is_cut(before):
    text = "word " * before + "he has a very big knife and " + "word " * 90
    assert screen(text).tier == "high"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("he has a knife now and " * 1_000, id="a sentence without end"),
        pytest.param("a" * 100_000 + " he has a knife", id="a word without end"),
    ],
)
def test_time_grows_only_with_length(text):
    started = time.process_time()
    assert screen(text).tier == "high"
    assert time.process_time() - started < 5


def test_what_matched_is_named_in_the_order_written():
    screened = screen("He has a knife. She is suicidal.")
    assert screened.score == SCORES["high"]
    assert screened.matched == ("weapon: has a knife", "suicidal or self harm intent: suicidal")


def test_words_the_lexicon_does_not_know_are_kept_nowhere():
    screened = screen("Zebediah has a knife at 14 Quux Street")
    assert "zebediah" not in load().vocab.strings
    assert screened.matched == ("weapon: has a knife",)


@given(st.text())
def test_no_text_breaks_the_screen(text):
    assert screen(text).tier in {"high", "low", None}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HIGH), st.lists(st.sampled_from(BENIGN), min_size=1))
def test_harmless_sentences_added_never_lower_a_danger(danger, sentences):
    assert screen(". ".join([danger, *sentences])).tier == "high"
    assert screen(" ".join([*sentences, danger])).tier == "high"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HIGH), st.sampled_from([*BENIGN, *NONE]))
def test_harmless_words_run_on_never_silence_a_danger(danger, words):
    assert screen(f"{danger} {words}").tier is not None


def test_a_usual_message_takes_under_five_milliseconds():
    load()
    started = time.process_time()
    for text in NONE:
        screen(text)
    assert (time.process_time() - started) / len(NONE) < 0.005


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        pytest.param("present", None, "allowed: a list of words", id="an empty list"),
        pytest.param("history", [False], "in quotes", id="a bare no"),
        pytest.param("question", ["if <nobody>"], "no list <nobody>", id="an unknown list"),
        pytest.param("question", ["What if"], "lower case", id="a capital"),
        pytest.param("question", ["if||when"], "lower case", id="an empty choice"),
        pytest.param("questions", ["if"], "found the keys", id="an unknown key"),
        pytest.param("harm", {"grave": ["rape"]}, "allowed: .'grave', 'lesser'", id="no lesser"),
    ],
)
def test_a_faulty_lexicon_is_refused_with_its_fault(tmp_path, key, value, says):
    data = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    data[key] = value
    faulty = tmp_path / "lexicon.yml"
    faulty.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(LexiconError, match=says):
        load(faulty)


def test_a_missing_lexicon_is_never_taken_for_no_risk(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.yml")
