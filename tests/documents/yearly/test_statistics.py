"""The figures of a year, and that no figure tells what another hides."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp
from year_of_cases import case, cases

from bot.documents.outcomes import TOGETHER
from bot.documents.recorded import OtherPolicyError
from bot.documents.statistics import OtherCaseError, statistics_of
from bot.documents.suppression import SMALL
from bot.documents.time_limits import ANYTHING_ELSE, NO_CASES, STATES, TOO_FEW
from bot.policy.library import Library, UnknownPolicyError, load_library
from bot.records.cases import Answer
from bot.wording.standing import STATUS

LIBRARY = load_library(Path(__file__).parents[3] / "policies")
JERSEY = LIBRARY.get("jersey")
ALL = ("s1", "s2", "s3", "s4", "s5", "s6")


def told(breakdown) -> dict[str, str]:
    return {row.label: row.text for row in breakdown.rows}


def limit(figures, stage, at=0):
    return next(each for each in figures.times if each.label == stage).limits[at]


def test_each_case_counts_once_at_the_furthest_stage_that_it_entered(jersey, count):
    figures = count(
        cases(
            jersey, (3, {}), (2, {"stages": ("s1", "s2")}), (1, {"stages": ("s3",)}),
            (1, {"stages": ("s1", "s2", "s1")}),
        )
    )  # fmt: skip
    assert told(figures.stages) == {
        "Stage 1": "3", "Stage 2": "3", "Stage 3": "1", "Stage 4": "0", "Stage 5": "0",
        "Stage 6": "0",
    }  # fmt: skip
    assert (figures.total.count, figures.suppressed) == (7, False)


def test_the_area_is_in_the_words_of_the_policy_and_none_is_lost(jersey, count):
    figures = count(
        cases(jersey, (2, {"area": "risk"}), (1, {"area": None}), (1, {"area": "weather"}))
    )
    found = told(figures.areas)
    assert list(found)[:4] == [option.label for option in jersey.facts["area"].options]
    assert found["How the risk is understood"] == "2"
    assert found["Not recorded"] == "1"
    assert [label for label in found if "weather" in label and found[label] == "1"]


def test_where_the_policy_does_not_ask_there_is_no_table_of_areas(library, count):
    berkshire = library.get("berkshire")
    found = cases(berkshire, (1, {"area": None}))
    assert count(found, policy_id="berkshire").areas is None


def test_sides_and_outcomes(jersey, count):
    figures = count(
        cases(
            jersey, (2, {"side": "challenged"}), (1, {}), (3, {"status": "resolved"}),
            (4, {"status": "closed"}), (5, {"status": "withdrawn"}),
        )
    )  # fmt: skip
    assert told(figures.sides) == {"Raised": "13", "Received": "2"}
    assert told(figures.outcomes) == {"Open": "3", "Resolved": "3", "Closed": "4", "Withdrawn": "5"}


def test_agencies_are_counted_once_a_case_by_side_in_the_order_of_the_alphabet(jersey, count):
    figures = count(
        cases(
            jersey,
            (2, {"agencies": (("raising", "School"), ("challenged", "Police"))}),
            (1, {"agencies": (("raising", " school "), ("raising", "School"), ("other", "Court"))}),
            (1, {"agencies": (("raising", "Health"), ("raising", "School"))}),
            (1, {"agencies": (("raising", ""),)}),
        )
    )
    assert told(figures.raised_by) == {
        "School": "3", "More than one agency": "1", "Not recorded": "1"
    }  # fmt: skip
    assert told(figures.raised_with) == {
        "Police": "2", "More than one agency": "0", "Not recorded": "3"
    }  # fmt: skip
    many = count([case(jersey, at, "s1", agencies=(("raising", name),))
                  for at, name in enumerate("bACb")])  # fmt: skip
    assert list(told(many.raised_by))[:3] == ["A", "b", "C"]


def test_the_kinds_that_were_answered_are_counted_where_no_role_tells_them(jersey, count):
    def said(**facts):
        at = datetime(2026, 3, 2, 12, tzinfo=UTC)
        given = tuple(Answer(fact=f, value=v, said_at=at) for f, v in facts.items())
        return {"answers": given}

    figures = count(
        cases(
            jersey,
            (2, said(our_agency="health", their_agency="police")),
            (1, {**said(our_agency="health"), "agencies": (("raising", "Health"),)}),
            (1, said(matter="received", our_agency="police", their_agency="other")),
            (1, {}),
        )
    )
    assert told(figures.raised_by) == {
        "Another kind of agency": "1", "Health": "3", "More than one agency": "0",
        "Not recorded": "1",
    }  # fmt: skip
    assert told(figures.raised_with) == {
        "Police": "3", "More than one agency": "0", "Not recorded": "2"
    }  # fmt: skip


def test_a_limit_is_counted_by_how_it_was_kept_and_late_is_told_apart(jersey, count):
    kinds = [
        (2, {}), (1, {"clocks": {"s1_meet": "missed"}}), (3, {"clocks": {"s1_meet": "extended"}}),
        (1, {"clocks": {"s1_meet": "stopped"}}), (1, {"clocks": {"s1_meet": "not_started"}}),
        (1, {"clocks": {"s1_meet": "running"}}), (2, {"clocks": {"s1_meet": "none"}}),
    ]  # fmt: skip
    found = cases(jersey, *kinds)
    late = limit(count(found), "Stage 1")
    assert told(late.breakdown) == {
        "Met": "2", "Missed": "1", "Extended": "3", "Running, in time": "0",
        "Running, past its date": "1", "Stopped": "1", "Not started": "1",
        "No date, or not recorded": "2",
    }  # fmt: skip
    last_moment = datetime(2026, 3, 7, 23, 59, tzinfo=UTC)
    in_time = limit(count(found, now=last_moment), "Stage 1")
    assert told(in_time.breakdown)["Running, in time"] == "1"
    assert (late.what, late.words, late.strength, late.citation) == (
        "meet and discuss", "within 5 working days", "should", "s.3 Stage 1"
    )  # fmt: skip


def test_every_case_that_got_so_far_is_in_each_limit_of_the_stage(jersey, count):
    figures = count(cases(jersey, (3, {"stages": ALL}), (4, {}), (2, {"stages": ("s3",)})))
    totals = [(each.label, [one.breakdown.total.count for one in each.limits])
              for each in figures.times]  # fmt: skip
    assert totals == [
        ("Stage 1", [9]), ("Stage 2", [5]), ("Stage 3", [5]), ("Stage 4", [3]), ("Stage 5", [3]),
        ("Stage 6", [3, 3]),
    ]  # fmt: skip


def test_medians_are_in_working_days_of_the_place(jersey, count):
    """Over Easter 2026 (3 and 6 April): from Thursday 2 April, two days on is no working day on."""
    easter = date(2026, 4, 2)
    slow = case(jersey, 1, "s1", "s2", days=7)
    quick = case(jersey, 2, "s1", "s2", days=1)
    figures = count([slow, quick])
    first, second = figures.times[:2]
    assert (first.stay.days, first.stay.of) == (3.0, 2)  # 5 and 1
    assert (second.to_reach.days, second.to_reach.of) == (3.0, 2)
    assert (first.to_reach.of, first.to_reach.why_not) == (0, NO_CASES)
    assert (limit(figures, "Stage 1").median.days, limit(figures, "Stage 1").median.of) == (2, 2)
    over = replace(
        slow,
        clocks=tuple(
            replace(each, event_at=datetime(2026, 4, 2, 9, tzinfo=UTC), settled_on=date(2026, 4, 7))
            for each in slow.clocks
        ),
    )
    assert limit(count([over]), "Stage 1").median.days == 1
    assert easter.weekday() == 3


def test_a_day_that_lies_before_its_start_is_not_counted_in_a_median(jersey, count):
    found = case(jersey, 1, "s1")
    back = replace(found, clocks=(replace(found.clocks[0], settled_on=date(2026, 2, 1)),))
    median = limit(count([back]), "Stage 1").median
    assert (median.days, median.of, median.why_not) == (None, 0, NO_CASES)


def test_where_the_policy_gives_no_number_nothing_is_kept_or_missed(library, count):
    policy = library.get("gloucestershire")
    found = cases(policy, (9, {"stages": ("s1", "s2"), "area": "threshold"}))
    words = limit(count(found, policy_id="gloucestershire"), "Stage Two")
    assert (words.breakdown, words.words) == (None, "without delay")
    assert "gives no number" in words.median.why_not
    hours = limit(count(found, policy_id="gloucestershire"), "Stage One", at=1)
    assert hours.breakdown.total.count == 9
    assert "in hours" in hours.median.why_not


def test_for_the_board_the_unresolved_concerns_of_the_last_stage_are_listed(jersey, count):
    figures = count(
        cases(
            jersey, (3, {}), (2, {"stages": ALL}), (1, {"stages": ALL, "status": "resolved"}),
            (1, {"stages": ALL, "status": "closed", "ending": "The Chair recommended a review."}),
            (1, {"stages": ALL, "status": "withdrawn"}),
        )
    )  # fmt: skip
    last = figures.last
    assert (last.label, last.reached.count, last.unresolved.count) == ("Stage 6", 5, 3)
    assert [(each.reference, each.status, each.ending) for each in last.cases] == [
        ("ESC-2026-0004", "Open", None), ("ESC-2026-0005", "Open", None),
        ("ESC-2026-0007", "Closed", "The Chair recommended a review."),
    ]  # fmt: skip
    assert last.cases[0].reached_on == date(2026, 3, 17)
    assert last.cases[0].area == "How the risk is understood"


def test_jersey_asks_for_the_annual_report_and_its_clause_is_cited(count):
    asks = count([]).last.asks
    assert asks == (
        "What will happen: Keep a record of an unresolved concern that reaches stage 6 "
        "(SPB; s.3 Stage 6).",
        "What will happen: Put it in the SPB Annual Report (SPB; s.3 Stage 6).",
    )


@pytest.mark.parametrize(("policy_id", "asks"), [("plymouth", 0), ("gloucestershire", 0)])
def test_where_a_policy_asks_for_nothing_nothing_is_said_that_it_asks(count, policy_id, asks):
    assert len(count([], policy_id=policy_id).last.asks) == asks


def test_two_versions_share_the_ladder_and_stages_of_the_old_one_are_not_lost(jersey, count, now):
    document = jersey.document.model_copy(update={"label": "May 2027", "issued": "2027-05"})
    kept = tuple(
        stage.model_copy(update={"next": None if stage.id == "s3" else stage.next})
        for stage in jersey.stages[:3]
    )
    newer = jersey.model_copy(update={"document": document, "stages": kept})
    both = Library({"jersey": (jersey, newer)})
    found = [*cases(jersey, (2, {"stages": ALL})), case(newer, 9, "s1", "s2", "s3")]
    figures = count(found, library=both)
    assert told(figures.stages) == {
        "Stage 1": "0", "Stage 2": "0", "Stage 3": "1", "Stage 4": "0", "Stage 5": "0",
        "Stage 6": "2",
    }  # fmt: skip
    assert figures.versions == ("October 2014", "May 2027")
    assert (figures.policy, figures.last.label) == (newer, "Stage 3")


def test_without_any_case_every_number_is_nought(count):
    for suppress in (True, False):
        figures = count([], suppress=suppress)
        assert figures.total.text == "0"
        assert set(told(figures.stages).values()) == {"0"}
        assert set(told(limit(figures, "Stage 1").breakdown).values()) == {"0"}
        assert figures.last.unresolved.text == "0"


@pytest.mark.parametrize(
    ("fields", "told_that"),
    [
        ({"policy_id": "sandwell"}, "ESC-2026-0001 is under sandwell and was raised in 2026"),
        ({"raised_on": date(2025, 12, 31)}, "was raised in 2025. Allowed: only .* in 2026"),
    ],
)
def test_a_case_of_another_policy_or_year_is_refused(jersey, count, fields, told_that):
    with pytest.raises(OtherCaseError, match=told_that):
        count(cases(jersey, (1, fields)))


def test_what_cannot_be_placed_is_refused_by_name(jersey, count):
    with pytest.raises(UnknownPolicyError, match="no version 'May 1999'"):
        count(cases(jersey, (1, {"policy_version": "May 1999"})))
    lost = cases(jersey, (1, {}))[0]
    with pytest.raises(OtherPolicyError, match="at the stage 's9'"):
        count([replace(lost, stages=(replace(lost.stages[0], stage="s9"),))])
    with pytest.raises(ValueError, match="without a time zone"):
        count([], now=datetime(2026, 11, 26))


# --- fit to be published -----------------------------------------------------------------------


def test_of_fewer_than_five_cases_nothing_is_told(jersey, count):
    figures = count(cases(jersey, (4, {"stages": ALL})), suppress=True)
    assert (figures.total.text, figures.suppressed) == ("fewer than 5", True)
    for breakdown in (figures.stages, figures.areas, figures.sides, figures.outcomes,
                      figures.raised_by, figures.raised_with):  # fmt: skip
        assert (breakdown.rows, breakdown.total.text) == ((), "fewer than 5")
    assert (figures.last.reached.text, figures.last.unresolved.text) == ("not shown", "not shown")
    assert figures.last.cases is None
    for stage in figures.times:
        assert {stage.stay.why_not, stage.to_reach.why_not} == {TOO_FEW}
        assert all(not each.breakdown.rows for each in stage.limits)


def test_large_numbers_are_shown_in_full_with_their_medians(jersey, count):
    found = cases(
        jersey, (20, {"status": "resolved"}),
        (10, {"stages": ("s1", "s2"), "clocks": {"s1_meet": "missed", "s2_discuss": "running"}}),
    )  # fmt: skip
    figures = count(found, suppress=True)
    first = limit(figures, "Stage 1")
    assert told(first.breakdown)["Met"] == "20"
    assert told(first.breakdown)["Missed"] == "10"
    assert set(told(first.breakdown)) == set(STATES.values())
    assert (first.median.days, first.median.of) == (2, None)
    assert told(limit(figures, "Stage 2").breakdown)["Running, past its date"] == "10"
    assert figures.times[0].stay.days == 3


def test_a_small_number_of_limits_makes_three_rows_of_eight(jersey, count):
    found = cases(
        jersey, (20, {"status": "resolved"}), (8, {"clocks": {"s1_meet": "missed"}}),
        (2, {"clocks": {"s1_meet": "running"}}), (7, {"clocks": {"s1_meet": "none"}}),
    )  # fmt: skip
    assert told(limit(count(found, suppress=True), "Stage 1").breakdown) == {
        "Met": "20", "Missed": "8", ANYTHING_ELSE: "9"
    }  # fmt: skip


def test_the_limits_of_a_stage_do_not_tell_how_many_got_there(jersey, count):
    """Of 1 at stage 2 and 7 at stage 3 one is hidden and one held back: stage 3 met 7 tells it."""
    found = cases(
        jersey, (20, {}), (1, {"stages": ("s1", "s2")}), (7, {"stages": ("s1", "s2", "s3")})
    )
    figures = count(found, suppress=True)
    assert told(figures.stages)["Stage 2"] == "fewer than 5"
    assert told(figures.stages)["Stage 3"] == "not shown"
    assert limit(figures, "Stage 2").breakdown.total.count == 8  # 28 in all less 20: known anyway
    hidden = limit(figures, "Stage 3")
    assert (hidden.breakdown.rows, hidden.breakdown.total.text) == ((), "not shown")
    assert hidden.median.why_not == TOO_FEW


def test_a_limit_that_depends_on_the_area_does_not_tell_the_area(jersey, count):
    rule = jersey.clocks["s1_meet"].model_copy(update={"when": {"area": ("risk",)}})
    fork = jersey.model_copy(update={"clocks": {**jersey.clocks, "s1_meet": rule}})
    none = {"clocks": {"s1_meet": "none"}}
    found = cases(
        fork, (7, {"area": "risk"}), (1, {"area": "resources", **none}),
        (20, {"area": None, **none}),
    )  # fmt: skip
    figures = count(found, suppress=True, library=Library({"jersey": (fork,)}))
    assert told(figures.areas)["How the risk is understood"] == "not shown"
    assert limit(figures, "Stage 1").breakdown.rows == ()


def test_medians_are_published_only_where_no_table_of_cases_hides_anything(jersey, count):
    left = {"stages": ("s1", "s2")}
    open_to_all = count(cases(jersey, (9, left)), suppress=True)
    assert open_to_all.times[0].stay.days == open_to_all.times[1].to_reach.days == 3
    hiding = count(cases(jersey, (20, {}), (9, left), (1, {"stages": ALL})), suppress=True)
    assert told(hiding.stages)["Stage 2"] == "not shown"
    assert hiding.times[0].stay.why_not == hiding.times[1].to_reach.why_not == TOO_FEW


def test_running_limits_do_not_tell_how_many_cases_are_open(jersey, count):
    found = cases(
        jersey, (20, {"status": "resolved"}), (7, {"clocks": {"s1_meet": "running"}}),
        (1, {"status": "withdrawn", "clocks": {"s1_meet": "missed"}}),
        (4, {"status": "resolved", "clocks": {"s1_meet": "missed"}}),
    )  # fmt: skip
    figures = count(found, suppress=True)
    assert told(figures.outcomes)["Open"] == "not shown"
    assert told(limit(figures, "Stage 1").breakdown) == {
        "Met": "20", "Missed": "5", ANYTHING_ELSE: "7"
    }  # fmt: skip


def test_the_last_stage_is_published_only_where_it_tells_nothing(jersey, count):
    plain = cases(jersey, (9, {}), (7, {"stages": ALL}), (8, {"stages": ALL, "status": "resolved"}))
    last = count(plain, suppress=True).last
    assert (last.reached.text, last.unresolved.text, last.cases) == ("15", "7", None)
    few = cases(jersey, (19, {}), (5, {"status": "resolved"}), (2, {"stages": ALL}))
    last = count(few, suppress=True).last
    assert (last.reached.text, last.unresolved.text) == ("fewer than 5", "not shown")


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(
            [(20, {}), (1, {"stages": ("s1", "s2")}), (7, {"stages": ALL})],
            id="seven at the last stage, held back for one at stage 2",
        ),
        pytest.param(
            [(20, {"status": "resolved"}), (9, {"stages": ALL, "status": "closed"}),
             (1, {"status": "open"}), (12, {"stages": ALL, "status": "resolved"})],
            id="nine closed, held back for one that is open",
        ),
    ],
)  # fmt: skip
def test_the_last_stage_does_not_tell_what_another_table_holds_back(jersey, count, kinds):
    figures = count(cases(jersey, *kinds), suppress=True)
    assert not (figures.stages.whole and figures.outcomes.whole)
    assert figures.last.unresolved.text == "not shown"


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        pytest.param(
            [(20, {}), (1, {"stages": ALL[:4]}), (7, {"stages": ALL, "status": "closed"})],
            "7",
            id="seven closed, so seven of the eight at stages 4 and 6 are at stage 6",
        ),
        pytest.param(
            [(20, {}), (10, {"status": "resolved"}), (4, {"status": "withdrawn"}),
             (5, {"stages": ALL, "status": "closed"})],
            "not shown",
            id="five at stage 6, so five of the nine closed or withdrawn are closed at most",
        ),
        pytest.param(
            [(20, {}), (6, {"stages": ALL, "status": "closed"}), (1, {"stages": ALL})],
            "6",
            id="seven at stage 6 and six closed, so one there is not",
        ),
    ],
)  # fmt: skip
def test_what_is_closed_does_not_tell_how_many_got_to_the_last_stage(
    jersey, count, kinds, together
):
    """The last word is given at the last stage alone."""
    found = cases(jersey, *kinds)
    shown = told(count(found, suppress=True).outcomes)
    assert "Closed" not in shown
    assert shown[TOGETHER] == together
    assert told(count(found).outcomes)["Closed"]


def test_the_unresolved_do_not_tell_how_many_are_open_at_the_last_stage(jersey, count):
    ended = (6, {"stages": ALL, "status": "closed"}), (9, {"stages": ALL, "status": "resolved"})
    two = count(cases(jersey, (20, {}), *ended, (2, {"stages": ALL})), suppress=True)
    assert (told(two.outcomes)["Closed"], two.last.unresolved.text) == ("6", "not shown")
    five = count(cases(jersey, (20, {}), *ended, (5, {"stages": ALL})), suppress=True)
    assert (told(five.outcomes)["Closed"], five.last.unresolved.text) == ("6", "11")


class Attack:
    """A reader who puts all tables together: whole numbers, and every rule that is sure to hold."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.rules: list[tuple[list[float], float, float]] = []

    def rule(self, names, least, most) -> None:
        """The numbers of these rows come to something from `least` to `most`."""
        self.rules.append(([float(name in names) for name in self.names], least, most))

    def table(self, breakdown, total) -> None:
        for row in breakdown.rows:
            exactly = (row.count, row.count)
            together = ["Resolved", "Closed"] if row.label == TOGETHER else [row.label]
            self.rule(together, *{"small": (1, 4), "held": (0, total)}.get(row.mark, exactly))

    def no_more(self, part, whole, total) -> None:
        """One row is a part of another."""
        weights = [float(name == whole) - float(name == part) for name in self.names]
        self.rules.append((weights, 0, total))

    def values(self, name: str) -> tuple[int, int]:
        """The least and the most that a row may be."""
        weights = np.array([float(name == each) for each in self.names])
        rows, least, most = zip(*self.rules, strict=True)
        rules = LinearConstraint(np.array(rows), np.array(least), np.array(most))
        found = [milp(sign * weights, constraints=rules, integrality=np.ones(len(weights)))
                 for sign in (1, -1)]  # fmt: skip
        assert all(each.success for each in found), "what is published contradicts itself"
        return round(found[0].fun), round(-found[1].fun)


KINDS = st.tuples(
    st.integers(0, 9),
    st.fixed_dictionaries(
        {
            "stages": st.sampled_from([ALL[:n] for n in range(1, 7)]),
            "status": st.sampled_from(["open", "resolved", "closed", "withdrawn"]),
            "clocks": st.fixed_dictionaries(
                {
                    key: st.sampled_from(["met", "missed", "running", "none"])
                    for key in ("s1_meet", "s2_discuss", "s6_refer")
                }
            ),
        }
    ),
)


@settings(max_examples=250, deadline=None)
@given(kinds=st.lists(KINDS, max_size=7))
def test_no_small_number_can_be_worked_out_from_all_tables_together(kinds):
    for _, kind in kinds:
        if kind["status"] == "closed":  # the last word is given at the last stage alone
            kind["stages"] = ALL
        if kind["status"] != "open":  # a limit of a case that has ended does not run
            kind["clocks"] = {key: "stopped" if status == "running" else status
                              for key, status in kind["clocks"].items()}  # fmt: skip
    found = cases(JERSEY, *kinds)
    now = datetime(2026, 3, 3, tzinfo=UTC)
    figures = statistics_of(found, LIBRARY, policy_id="jersey", year=2026, now=now)
    stages = [stage.label for stage in JERSEY.stages]
    outcomes = list(STATUS.values())
    truth = Counter(each.stages[-1].label for each in found)
    truth += Counter(STATUS[each.status] for each in found)
    secret = [name for name in (*stages, *outcomes) if 0 < truth[name] < SMALL]
    if figures.total.count is None or not secret:
        return
    attack, total = Attack([*stages, *outcomes]), figures.total.count
    for names, breakdown in ((stages, figures.stages), (outcomes, figures.outcomes)):
        attack.rule(names, total, total)
        attack.table(breakdown, total)
    for at, times in enumerate(figures.times):
        for each in times.limits:
            counts = {row.label: row.count or 0 for row in each.breakdown.rows}
            got_so_far = each.breakdown.total.count
            attack.rule(stages[at:], sum(counts.values()), got_so_far or total)
            attack.rule(stages[at:], got_so_far or 0, total)
            attack.rule(["Open"], counts.get("Running, in time", 0), total)
    attack.no_more("Closed", "Stage 6", total)
    if (unresolved := figures.last.unresolved.count) is not None:
        attack.rule(["Closed"], 0, unresolved)
        attack.rule(["Stage 6"], unresolved, total)
        attack.rule(["Open", "Closed"], unresolved, total)
    for name in secret:
        least, most = attack.values(name)
        assert least <= truth[name] <= most
        assert least < most, (name, truth)
