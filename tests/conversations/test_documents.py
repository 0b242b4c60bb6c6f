"""The files of a case in conversation: by words, by buttons, with several cases, in a walk."""

import pytest

SANDWELL = {"policy": "sandwell", "stage": "s2"}
ASKED = {
    "calendar file please": "-dates.ics",
    "put the dates in my outlook": "-dates.ics",
    "give us the form": "-form-app3.docx",
    "record as Word": "-record.docx",
    "meeting pack please": "-meeting-pack.docx",
    "Agenda for stage 1": "-meeting-pack.docx",
    "can I print it": "-record.docx",
}


async def raise_case(walker, policy, stage):
    await walker.begin()
    return await walker.record({"policy": policy, "stage": stage})


async def test_right_after_the_record_the_files_are_a_tap_away(walker):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.talk.tap("Files of this case")
    assert f"{reference}-record.docx" in walker.talk.files
    assert "did not understand" not in walker.talk.said


async def test_a_file_is_asked_for_in_words(walker):
    reference = await raise_case(walker, "sandwell", "s2")
    for words, ending in ASKED.items():
        await walker.say(words)
        assert f"{reference}{ending}" in walker.talk.files, words
        assert reference in walker.talk.said
        assert "did not understand" not in walker.talk.said


async def test_a_summary_is_shown_to_be_pasted(walker):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.say("a short summary i can paste in cpoms")
    [paste] = [m["custom"]["paste"] for m in walker.talk.messages if "paste" in m.get("custom", {})]
    assert paste.startswith(f"Escalation {reference}: open")
    assert walker.talk.files == []


async def test_the_status_leads_to_every_file(walker):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.say(f"what's happening with {reference}?")
    await walker.talk.tap("Files of this case")
    assert len(walker.talk.files) == 5
    await walker.talk.tap("A summary to paste")
    assert any("paste" in m.get("custom", {}) for m in walker.talk.messages)


async def test_with_several_cases_it_is_asked_which_and_the_file_is_remembered(walker):
    first = await raise_case(walker, "sandwell", "s2")
    second = await raise_case(walker, "jersey", "s3")
    await walker.talk.command("start_again")
    await walker.say("stop")
    await walker.say("calendar file please")
    assert walker.talk.files == []
    await walker.talk.tap(first)
    assert walker.talk.files == [f"{first}-dates.ics"]
    await walker.say(f"record of {second} as a word document")
    assert walker.talk.files == [f"{second}-record.docx"]


async def test_the_files_of_somebody_else_stay_theirs(walker, another):
    await raise_case(walker, "sandwell", "s2")
    other = another()
    theirs = await raise_case(other, "plymouth", "s2")
    await walker.say(f"the record of {theirs} as a Word document please")
    assert walker.talk.files == []
    assert "cannot find that reference" in walker.talk.said


@pytest.mark.parametrize("fact", ["policy", "check"])
async def test_in_a_walk_a_file_is_given_and_the_question_asked_again(walker, fact):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.say("hello")
    await walker.talk.command("start_walk")
    await walker.to(fact, SANDWELL)
    before = await walker.answers()
    await walker.say(f"the calendar file for {reference} please")
    assert walker.talk.files == [f"{reference}-dates.ics"]
    assert (await walker.asked()).fact == fact
    assert await walker.answers() == before
    assert await walker.talk.loop() == "walk_form"
    await walker.record(SANDWELL)


async def test_in_a_walk_with_several_cases_the_button_gives_the_file_and_keeps_the_place(walker):
    first = await raise_case(walker, "sandwell", "s2")
    await raise_case(walker, "jersey", "s3")
    await walker.talk.command("start_walk")
    await walker.to("stage", SANDWELL)
    before = await walker.answers()
    await walker.say("give me the calendar file please")
    assert walker.talk.files == []
    await walker.talk.choose("case_file_calendar", first)
    walker.heed()
    assert walker.talk.files == [f"{first}-dates.ics"]
    assert await walker.answers() == before
    assert (await walker.asked()).fact == "stage"
    assert "not part of this walk" not in walker.talk.said


async def test_in_a_first_walk_there_is_nothing_to_give_yet(walker):
    await walker.begin()
    await walker.to("stage", SANDWELL)
    await walker.say("give me the calendar file please")
    assert "no escalation of yours on record yet" in walker.talk.said
    assert (await walker.asked()).fact == "stage"


async def test_in_free_text_the_words_are_kept_as_the_answer(walker):
    await raise_case(walker, "sandwell", "s2")
    await walker.talk.command("start_walk")
    await walker.to("summary", SANDWELL)
    said = "They say the record must be changed before the form and the agenda go to the meeting"
    await walker.say(said)
    assert (await walker.answers())["summary"] == said


async def test_whoever_asks_which_form_is_offered_it_filled_in(walker):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.talk.command("ask_form")
    await walker.talk.tap("Get the form")
    assert f"{reference}-form-app3.docx" in walker.talk.files
