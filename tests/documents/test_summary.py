"""The summary for the child's file: plain text, roles only, each force as the policy has it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.documents.recorded import OtherPolicyError
from bot.documents.summary import summary_text


def test_it_tells_the_case_line_by_line(library, sandwell_case):
    lines = summary_text(sandwell_case, library.get("sandwell")).splitlines()
    assert lines[:5] == [
        "Escalation ESC-2026-0007: open",
        "Policy: Resolving Professional Disagreement and Escalation Policy, "
        "Sandwell Children's Safeguarding Partnership, V0.3",
        "Raised on Thursday 12 November 2026. Our agency raised it.",
        "About: A referral, and whether it meets the threshold",
        "Summary: We think that the referral meets the threshold. They say that it does not.",
    ]
    assert (
        "- Stage 1: Escalation to Team Manager. Entered Thursday 12 November 2026, "
        "left Tuesday 17 November 2026: not agreed."
    ) in lines
    assert (
        "- Complete stage 2 (must): Tuesday 24 November 2026. This date is a guide. Running."
    ) in lines
    assert (
        "- Meet to settle the issue (should): Wednesday 25 November 2026. This date is a guide. "
        "Met on Friday 20 November 2026."
    ) in lines
    assert not any(line.startswith(("Ended", "Lessons", "Before you paste")) for line in lines)


def test_what_is_still_to_do_has_its_force_and_no_mere_choice(library, sandwell_case):
    lines = summary_text(sandwell_case, library.get("sandwell")).splitlines()
    open_duties = lines[lines.index("Still to do:") + 1 :]
    owed = [d for d in sandwell_case.duties if d.status == "owed" and d.strength != "may"]
    assert open_duties == [
        f"- {'Must do' if duty.strength == 'must' else 'Should do'}: {duty.what} ({duty.citation})."
        for duty in owed
    ]


def test_an_ended_case_says_how_and_what_was_learnt(library, sandwell_case):
    ended = replace(
        sandwell_case, status="resolved", ended_on=date(2026, 11, 24),
        ending="An assessment\nstarts this week.", lessons="Talk sooner.",
    )  # fmt: skip
    text = summary_text(ended, library.get("sandwell"))
    assert text.startswith("Escalation ESC-2026-0007: resolved\n")
    assert text.endswith(
        "Ended on Tuesday 24 November 2026: An assessment starts this week.\n"
        "Lessons: Talk sooner.\n"
    )


def test_a_received_case_says_who_raised_it(library, sandwell_case):
    received = replace(sandwell_case, side="challenged")
    assert "Another agency raised it with us." in summary_text(received, library.get("sandwell"))


def test_words_that_may_name_somebody_are_pointed_out_before_pasting(library, sandwell_case):
    named = replace(sandwell_case, lessons="Ask Dr Example first, on 01632 960 123.")
    assert summary_text(named, library.get("sandwell")).endswith(
        "Before you paste this: It looks as if it holds a telephone number and a name. "
        "Check it before you share it.\n"
    )


def test_a_reason_that_may_name_somebody_is_pointed_out_too(library, sandwell_case):
    clock = replace(sandwell_case.clocks[0], status="extended", reason="Mr Example is on leave.")
    text = summary_text(replace(sandwell_case, clocks=(clock,)), library.get("sandwell"))
    assert "Extended: Mr Example is on leave." in text
    assert text.splitlines()[-1].startswith("Before you paste this: It looks as if it holds a name")


def test_it_is_plain_text_for_every_policy(any_policy, any_case):
    case = any_case(any_policy)
    text = summary_text(case, any_policy)
    assert case.person not in text and "**" not in text
    assert text.endswith("\n") and "\n\n" not in text
    assert f"Escalation {case.reference}: open" in text


def test_another_policy_is_refused(library, sandwell_case):
    with pytest.raises(OtherPolicyError, match="Give the policy and the version"):
        summary_text(sandwell_case, library.get("plymouth"))
