"""Two cases from their first day to their end, over the holidays, against dates counted by hand.

Every date below was counted on a calendar from the policy's own words, not by this program. See
/policies and the ground truth of each: S-1T, S-2T, S-3T, S-4T; J-S1 to J-S6R.
"""

from datetime import date

from weeks import Step, check_every_byte, in_words, words_of


def dec(day):
    return date(2026, 12, day)


def jan(day):
    return date(2027, 1, day)


# Bank holidays of England: Friday 25 December, Monday 28 December (for Boxing Day, a Saturday),
# Friday 1 January. Day 0 is Monday 14 December, when the manager was told (S-G8).
DAY_3 = dec(17)  # Tue 15, Wed 16, Thu 17
DAY_8 = dec(24)  # Fri 18, Mon 21, Tue 22, Wed 23, Thu 24
DAY_13 = jan(5)  # Tue 29 December, Wed 30, Thu 31, Mon 4 January, Tue 5
DAY_20 = jan(14)  # Wed 6, Thu 7, Fri 8, Mon 11, Tue 12, Wed 13, Thu 14
MEET_2 = dec(24)  # 5 working days from Thu 17: Fri 18, Mon 21, Tue 22, Wed 23, Thu 24
AGREED_LATER = dec(31)
CONTACT_3 = jan(15)  # 5 from Fri 8 January: Mon 11, Tue 12, Wed 13, Thu 14, Fri 15
NOTICE_4 = jan(22)  # 5 from Fri 15: Mon 18, Tue 19, Wed 20, Thu 21, Fri 22
MEET_4 = jan(26)  # 7 from Fri 15: Mon 18, Tue 19, Wed 20, Thu 21, Fri 22, Mon 25, Tue 26
LEARN_4 = date(2027, 2, 26)  # one calendar month from Tue 26 January

SANDWELL_REMINDERS = {
    dec(16): [("due_soon", "s1_contact", DAY_3), ("due_soon", "s1_done", DAY_3)],
    dec(17): [("due_today", "s1_contact", DAY_3), ("due_today", "s1_done", DAY_3)],
    dec(23): [("due_soon", "s2_done", DAY_8)],  # the meeting was put off on the 22nd
    dec(24): [("due_today", "s2_done", DAY_8)],
    # not on Friday 25 to Monday 28: offices are closed
    dec(29): [("overdue", "s2_done", DAY_8)],
    dec(30): [("due_soon", "s2_meet", AGREED_LATER)],
    dec(31): [("due_today", "s2_meet", AGREED_LATER)],
    jan(4): [("overdue", "s2_meet", AGREED_LATER)],
    jan(6): [("overdue_again", "s2_done", DAY_8)],  # 5 after Tue 29: 30, 31, 4, 5, 6
    jan(7): [("overdue", "s3_done", DAY_13)],  # stage 3 was entered on the 6th
    jan(13): [("overdue_again", "s3_done", DAY_13)],  # 5 after Wed 6: 7, 8, 11, 12, 13
    jan(14): [("due_soon", "s3_contact", CONTACT_3)],
    jan(15): [("due_today", "s3_contact", CONTACT_3)],
    jan(18): [("overdue", "s4_done", DAY_20)],  # stage 4 was entered on the 15th
    jan(21): [("due_soon", "s3_notice", NOTICE_4)],  # sent that day: none on the 22nd
    jan(22): [("overdue_again", "s4_done", DAY_20)],  # 5 after Fri 15: 18, 19, 20, 21, 22
    jan(25): [("due_soon", "s4_meet", MEET_4)],
    jan(26): [("due_today", "s4_meet", MEET_4)],  # held that day: none on the 27th
}
S0 = ["s0/consult_lead", "s0/record_initial"]
S1 = [
    "s1/tell_own_manager", "s1/record_both", "s1/agree_scribe", "s1/record_agency",
    "s1/check_done", "s1/own_procedure", "s1/tell_iro", "s1/form_1", "s1/refer_learning", "s1/log",
]  # fmt: skip
S2 = ["s2/meet_2", "s2/form_2"]
S3 = [
    "s3/record_dispute", "s3/tell_rep", "s3/tell_dqr", "s3/meet_3", "s3/feed_back_3", "s3/form_3",
]  # fmt: skip
S4 = [
    "s4/notice_4", "s4/form_4", "s4/convene_4", "s4/advice_4", "s4/minutes_4", "s4/copy_4",
    "s4/share_learning",
]  # fmt: skip
OFFERED = {"s0/consult_lead", "s1/form_1", "s1/log", "s3/meet_3"}
"""What may, or is only to be considered: it is said at its own stage alone."""

SANDWELL = (
    Step(
        on=dec(14),
        words="we met today, not agreed",
        said={"manager_aware": "today", "child_status": "cpp"},
        limits={"s1/s1_contact": ("running", DAY_3), "s1/s1_done": ("running", DAY_3)},
        owed=S1,
        form=("Send it to: SCSP_Business@sandwell.gov.uk", "Independent Reviewing Officer"),
    ),
    Step(
        on=dec(17),
        words="we spoke again, not agreed",
        said={"outcome_on": "today", "stage2_notified": "today", "trust": "challenged"},
        limits={
            "s1/s1_contact": ("met", DAY_3), "s1/s1_done": ("met", DAY_3),
            "s2/s2_done": ("running", DAY_8), "s2/s2_meet": ("running", MEET_2),
        },
        owed=S2,
        shown=("Tell the Independent Reviewing Officer", "Complete the Appendix 3 template"),
    ),
    Step(
        on=dec(21),
        words="we have sent the form off, mark it as done",
        said={"change_what": "duty", "duty": "s2/form_2", "changed_on": "today"},
        done=["s2/form_2"],
        form=(in_words(dec(21)),),
    ),
    Step(
        on=dec(22),
        words="we have agreed to extend the time limit",
        said={
            "limit": "s2/s2_meet", "until": "31 December 2026",
            "reason": "Both safeguarding leads agreed it because of the holidays",
        },
        limits={"s2/s2_meet": ("extended", AGREED_LATER)},
        shown=("because of the holidays",),
    ),
    Step(
        on=jan(6),
        words="they never replied",
        said={"outcome_on": "today", "form_received_3": "not_yet", "not_resolved_3": "not_yet"},
        limits={
            "s2/s2_done": ("missed", DAY_8), "s2/s2_meet": ("missed", AGREED_LATER),
            "s3/s3_done": ("running", DAY_13), "s3/s3_contact": ("not_started", None),
            "s3/s3_notice": ("not_started", None),
        },
        owed=S3,
        shown=(
            # after Thursday 24: Tue 29, Wed 30, Thu 31, Mon 4, Tue 5, Wed 6
            "entered late: 6 working days after the limit to complete stage 2",
            "overdue by 1 working day",
        ),
    ),
    Step(
        on=jan(8),
        words="I need to change an answer",
        said={"answer": "form_received_3", "corrected": "today"},
        limits={"s3/s3_contact": ("running", CONTACT_3)},
        shown=("Tell your agency's senior SCSP representative",),
    ),
    Step(
        on=jan(15),
        words="we met today, not agreed",
        said={
            "not_resolved_3": "today", "form_received_4": "today", "meeting_held_4": "not_yet",
        },
        limits={
            "s3/s3_done": ("missed", DAY_13), "s3/s3_contact": ("met", CONTACT_3),
            "s4/s4_done": ("running", DAY_20), "s4/s4_meet": ("running", MEET_4),
            "s4/s4_learn": ("not_started", None), "s4/s3_notice": ("running", NOTICE_4),
        },
        owed=S4,
        # after Tuesday 5: Wed 6, Thu 7, Fri 8, Mon 11, Tue 12, Wed 13, Thu 14, Fri 15
        shown=("entered late: 8 working days after the limit to complete stage 3",),
    ),
    Step(
        on=jan(21),
        said={
            "change_what": "limit", "limit": "s4/s3_notice", "limit_change": "met",
            "changed_on": "today",
        },
        limits={"s4/s3_notice": ("met", NOTICE_4)},
    ),
    Step(
        on=jan(21),
        said={"change_what": "duty", "duty": "s4/notice_4", "changed_on": "today"},
        done=["s4/notice_4"],
        form=(in_words(jan(21)),),
    ),
    Step(
        on=jan(26),
        said={"change_what": "answer", "answer": "meeting_held_4", "corrected": "today"},
        limits={"s4/s4_learn": ("running", LEARN_4)},
    ),
    Step(
        on=jan(26),
        said={
            "change_what": "limit", "limit": "s4/s4_meet", "limit_change": "met",
            "changed_on": "today",
        },
        limits={"s4/s4_meet": ("met", MEET_4)},
    ),
    Step(
        on=jan(27),
        words="the chair has decided",
        said={"outcome_on": "today", "lessons": "Share the chronology sooner"},
        limits={"s4/s4_done": ("missed", DAY_20), "s4/s4_learn": ("stopped", LEARN_4)},
        shown=(
            "Decision of the Chair of the SCSP at Stage 4 (the policy calls this final).",
            "To share the outcome and the learning: stopped",
            "It may still have to be done.",
        ),
        form=("Share the chronology sooner", in_words(jan(27))),
    ),
)  # fmt: skip

SANDWELL_TRAIL = """\
EscalationRecorded sandwell
StageEntered s0 2026-12-10
MailChosen
StageLeft s0 not_agreed 2026-12-14
StageEntered s1 2026-12-14
StageLeft s1 not_agreed 2026-12-17
ClockSettled s1/s1_contact met
ClockSettled s1/s1_done met
StageEntered s2 2026-12-17
DutySettled s2/form_2 done
ClockSettled s2/s2_meet extended 2026-12-31
StageLeft s2 no_reply 2027-01-06
ClockSettled s2/s2_done missed
ClockSettled s2/s2_meet missed
StageEntered s3 2027-01-06
ClockCounted s3/s3_contact running 2027-01-15
AnswerCorrected form_received_3
StageLeft s3 not_agreed 2027-01-15
ClockSettled s3/s3_done missed
ClockSettled s3/s3_contact met
StageEntered s4 2027-01-15
ClockSettled s4/s3_notice met
DutySettled s4/notice_4 done
ClockCounted s4/s4_learn running 2027-02-26
AnswerCorrected meeting_held_4
ClockSettled s4/s4_meet met
StageLeft s4 decided 2027-01-27
ClockSettled s4/s4_done missed
ClockSettled s4/s4_learn stopped
EscalationEnded closed 2027-01-27
"""


async def test_sandwell_from_the_first_discussion_to_the_chairs_decision(weeks, records_file):
    case = await weeks(dec(10), "Europe/London", policy="sandwell", stage="s0", area="threshold")
    assert case.limits() == {}, "the first discussion has no number"
    assert case.duties() == {"owed": S0}
    assert await case.files("calendar file please") == {}
    assert "has no date yet" in case.walker.talk.said
    case.owed = list(S0)
    await case.follow(SANDWELL, "app3", OFFERED)
    assert (case.case.status, case.case.ended_on) == ("closed", jan(27))
    record = words_of((await case.files("the record as a Word document"))["record.docx"])
    for day in (dec(10), DAY_3, DAY_8, AGREED_LATER, DAY_13, DAY_20, LEARN_4):
        assert in_words(day) in record
    await case.until(date(2027, 3, 5))
    assert case.heard == SANDWELL_REMINDERS
    assert case.trail() == SANDWELL_TRAIL.splitlines()
    check_every_byte(records_file, len(case.trail()))
