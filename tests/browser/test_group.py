"""Thirty people and a facilitator at once: two and the facilitator in browsers, 28 by HTTP."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from facilitator import Facilitator, Participant
from playwright.sync_api import expect

BY_HTTP = 28
FIRST = (
    "Take it to my manager",
    "Wait for the review meeting",
    "Write to the Chair",
    "Ring the social worker again",
)
"""Ways to decide first; they are given out in turn."""
WRITTEN = "Write down what was said"
SAID = "Ten minutes left, everybody."
ASKED = "You have met and do not agree."


class Player(Participant):
    """One of the many: decides in one way, writes it down, and keeps all that it was told."""

    def play(self, code, way, start):
        self.heard = []
        self.join(code)
        self.place = self.rehearsal
        start.wait(120)  # everybody at the same moment, with what the facilitator does in between
        for step in (way, "Do something else", WRITTEN):
            self.tap(step)
            self.heard.append(self.told)
        return self


def at_the_page(page, address, code, way):
    """One of the two in a browser: joins by the link and decides."""
    page.goto(f"{address}?join={code}")
    page.get_by_role("button", name=f"Join the rehearsal {code}").click()
    expect(page.get_by_role("region", name="Rehearsal", exact=True)).to_be_visible(timeout=90_000)
    page.get_by_role("button", name=re.compile(f"^{way}")).click()
    expect(page.get_by_role("status")).to_have_text("", timeout=90_000)
    return re.search(r"REH-\d{4}-\d{4}", page.locator("#rehearsal").inner_text())[0]


def test_no_answer_of_thirty_is_lost(visit_guide, guide, picture):
    lead = Facilitator(visit_guide(1400, 1000), guide.address).open()
    pages = [visit_guide(), visit_guide()]
    ways, start = [FIRST[n % len(FIRST)] for n in range(BY_HTTP)], Barrier(BY_HTTP + 1)
    with ThreadPoolExecutor(BY_HTTP) as crowd:
        playing = [crowd.submit(Player(guide.address).play, lead.code, way, start) for way in ways]
        lead.wait_for(f"{BY_HTTP} have joined", seconds=120)
        start.wait(120)
        lead.send("Say it", Say_something_to_everyone=SAID)
        lead.let_happen("It is Christmas Day.")
        decided = {
            at_the_page(page, lead.address, lead.code, way): way
            for page, way in zip(pages, FIRST, strict=False)
        }
        players = [each.result(300) for each in playing]
    decided |= {each.place: way for each, way in zip(players, ways, strict=True)}
    assert len(decided) == BY_HTTP + 2

    lead.wait_for(f"{BY_HTTP + 2} have joined", seconds=30)
    for player in players:
        said = "\n".join([*player.heard, player.fetch_news().told])
        assert said.count(SAID) == 1
        assert said.count("It is Christmas Day.") == 1
    for page in pages:
        expect(page.get_by_text("It is Christmas Day.").first).to_be_visible(timeout=30_000)
    picture(lead.page, "rehearsal-led")
    picture(pages[0], "rehearsal")

    lead.end()
    rows = csv_of(lead.page)
    assert {row["Rehearsal"] for row in rows} == {*decided}
    first = {row["Rehearsal"]: row["What was done"] for row in of(rows, ASKED)}
    assert {*first} == {*decided}
    assert all(first[place].startswith(way) for place, way in decided.items())
    written = {row["Rehearsal"] for row in of(rows, WRITTEN) if row["What was done"]}
    assert written == {each.place for each in players}
    aliases = {(row["Rehearsal"], row["Participant"]) for row in rows}
    assert len(aliases) == len({alias for _, alias in aliases}) == BY_HTTP + 2
    for player in players:
        assert player.fetch_news().rehearsal is None
    assert guide.rows("escalation") == []
    assert guide.rows("draft") == []


def of(rows, about):
    """The rows of one decision or step, by how its words begin."""
    return [row for row in rows if row["About"].startswith(about)]


def csv_of(page):
    """The table of every decision, as the facilitator saves it."""
    with page.expect_download() as saved:
        page.get_by_role("link", name="Every decision as a table").click()
    text = saved.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
