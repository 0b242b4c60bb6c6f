"""A Jersey case from stage 1 to the Chair's recommendation, over Easter and Liberation Day.

Every date was counted on a calendar from the policy's own words (J-S1 to J-S6R), with the bank
holidays of Jersey in 2025: Good Friday 18 April, Easter Monday 21 April, Monday 5 May, Liberation
Day on Friday 9 May, Monday 26 May. England has no holiday on 9 May.
"""

from datetime import date

from weeks import Step, check_every_byte, in_words, words_of


def apr(day):
    return date(2025, 4, day)


def may(day):
    return date(2025, 5, day)


def june(day):
    return date(2025, 6, day)


MEET_1 = apr(23)  # 5 from Mon 14 April: Tue 15, Wed 16, Thu 17, Tue 22, Wed 23
DISCUSS_2 = may(2)  # 2 from Wed 30 April: Thu 1, Fri 2
LIAISE_3 = may(13)  # 5 from Fri 2 May: Tue 6, Wed 7, Thu 8, Mon 12, Tue 13
CONTACT_4 = may(23)  # 2 from Wed 21: Thu 22, Fri 23
REFER_5 = may(29)  # 3 from Fri 23: Tue 27, Wed 28, Thu 29
REFER_6 = june(2)  # 2 from Thu 29: Fri 30, Mon 2 June
RECOMMEND_6 = june(9)  # 5 from Mon 2 June: Tue 3, Wed 4, Thu 5, Fri 6, Mon 9

REMINDERS = {
    apr(22): [("due_soon", "s1_meet", MEET_1)],
    apr(23): [("due_today", "s1_meet", MEET_1)],
    apr(24): [("overdue", "s1_meet", MEET_1)],
    may(1): [("due_soon", "s2_discuss", DISCUSS_2)],
    may(2): [("due_today", "s2_discuss", DISCUSS_2)],
    may(12): [("due_soon", "s3_liaise", LIAISE_3)],  # the working day before Tuesday 13
    may(13): [("due_today", "s3_liaise", LIAISE_3)],
    may(14): [("overdue", "s3_liaise", LIAISE_3)],
    may(21): [("overdue_again", "s3_liaise", LIAISE_3)],  # 5 after Wed 14: 15, 16, 19, 20, 21
    may(22): [("due_soon", "s4_contact", CONTACT_4)],
    may(23): [("due_today", "s4_contact", CONTACT_4)],
    may(28): [("due_soon", "s5_refer", REFER_5)],
    may(29): [("due_today", "s5_refer", REFER_5)],
    may(30): [("due_soon", "s6_refer", REFER_6)],
    june(2): [("due_today", "s6_refer", REFER_6)],  # referred that day: none on the 3rd
    june(6): [("due_soon", "s6_recommend", RECOMMEND_6)],
    june(9): [("due_today", "s6_recommend", RECOMMEND_6)],
}

JERSEY = (
    Step(
        on=apr(30),
        words="we met today, not agreed",
        said={"significant_harm": "yes", "stage2_began": "today"},
        limits={"s1/s1_meet": ("missed", MEET_1), "s2/s2_discuss": ("running", DISCUSS_2)},
        owed=["s2/discuss_manager"],
        # after Wednesday 23: Thu 24, Fri 25, Mon 28, Tue 29, Wed 30
        shown=("entered late: 5 working days after the limit to meet and discuss",),
    ),
    Step(
        on=may(2),
        words="we met today, not agreed",
        said={"stage3_began": "today"},
        limits={"s2/s2_discuss": ("met", DISCUSS_2), "s3/s3_liaise": ("running", LIAISE_3)},
        owed=["s3/check_steps", "s3/evidence", "s3/liaise", "s3/form_app2"],
        form=("Stage 4",),
    ),
    Step(
        on=may(21),
        words="they never replied",
        said={"outcome_on": "today", "stage4_began": "today"},
        limits={"s3/s3_liaise": ("missed", LIAISE_3), "s4/s4_contact": ("running", CONTACT_4)},
        owed=["s4/contact_safeguarding_manager"],
        # after Tuesday 13: Wed 14, Thu 15, Fri 16, Mon 19, Tue 20, Wed 21
        shown=("entered late: 6 working days after the limit to settle it",),
        form=("Stage 5",),
    ),
    Step(
        on=may(23),
        words="we met today, not agreed",
        said={"stage5_began": "today"},
        limits={"s4/s4_contact": ("met", CONTACT_4), "s5/s5_refer": ("running", REFER_5)},
        owed=["s5/refer_heads"],
        shown=("Talk to your manager, or your named or designated safeguarding lead",),
        form=("Stage 6",),
    ),
    Step(
        on=may(29),
        words="we met today, not agreed",
        said={"stage6_began": "today", "chair_told": "not_yet"},
        limits={
            "s5/s5_refer": ("met", REFER_5), "s6/s6_refer": ("running", REFER_6),
            "s6/s6_recommend": ("not_started", None),
        },
        owed=["s6/refer_chair", "s6/recommend", "s6/spb_record", "s6/annual_report"],
        form=("The SPB Chair recommends how to proceed.",),
    ),
    Step(
        on=june(2),
        words="I need to change an answer",
        said={"answer": "chair_told", "corrected": "today"},
        limits={"s6/s6_recommend": ("running", RECOMMEND_6)},
    ),
    Step(
        on=june(2),
        said={
            "change_what": "limit", "limit": "s6/s6_refer", "limit_change": "met",
            "changed_on": "today",
        },
        limits={"s6/s6_refer": ("met", REFER_6)},
    ),
    Step(
        on=june(2),
        said={"change_what": "duty", "duty": "s6/refer_chair", "changed_on": "today"},
        done=["s6/refer_chair"],
    ),
    Step(
        on=june(9),
        said={"outcome": "decided", "outcome_on": "today", "lessons": "skipped"},
        limits={"s6/s6_recommend": ("met", RECOMMEND_6)},
        shown=(
            "Recommendation of the SPB Chair at Stage 6",
            "(a recommendation, not a binding decision).",
            "Put it in the SPB Annual Report",
        ),
    ),
)  # fmt: skip

TRAIL = """\
EscalationRecorded jersey
StageEntered s1 2025-04-14
MailChosen
StageLeft s1 not_agreed 2025-04-30
ClockSettled s1/s1_meet missed
StageEntered s2 2025-04-30
StageLeft s2 not_agreed 2025-05-02
ClockSettled s2/s2_discuss met
StageEntered s3 2025-05-02
StageLeft s3 no_reply 2025-05-21
ClockSettled s3/s3_liaise missed
StageEntered s4 2025-05-21
StageLeft s4 not_agreed 2025-05-23
ClockSettled s4/s4_contact met
StageEntered s5 2025-05-23
StageLeft s5 not_agreed 2025-05-29
ClockSettled s5/s5_refer met
StageEntered s6 2025-05-29
ClockCounted s6/s6_recommend running 2025-06-09
AnswerCorrected chair_told
ClockSettled s6/s6_refer met
DutySettled s6/refer_chair done
StageLeft s6 decided 2025-06-09
ClockSettled s6/s6_recommend met
EscalationEnded closed 2025-06-09
"""


async def test_jersey_from_stage_1_to_the_chairs_recommendation(weeks, records_file):
    case = await weeks(
        apr(14), "Europe/Jersey", policy="jersey", stage="s1", stage1_began="today", area="risk"
    )
    case.expected, case.owed = {"s1/s1_meet": ("running", MEET_1)}, ["s1/record"]
    assert (case.limits(), case.duties()) == (case.expected, {"owed": case.owed})
    await case.follow(JERSEY, "app2", set())
    assert (case.case.status, case.case.ended_on) == ("closed", june(9))
    record = words_of((await case.files("the record as a Word document"))["record.docx"])
    for day in (MEET_1, DISCUSS_2, LIAISE_3, CONTACT_4, REFER_5, REFER_6, RECOMMEND_6):
        assert in_words(day) in record
    await case.until(june(30))
    assert case.heard == REMINDERS
    assert case.trail() == TRAIL.splitlines()
    check_every_byte(records_file, len(case.trail()))
