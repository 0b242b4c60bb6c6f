"""A facilitator at the pages of a session, and participants who join it."""

import re

from playwright.sync_api import expect
from running_guide import Person

SCENARIO = "The week before Christmas"


class Facilitator:
    """Somebody who leads, in a browser."""

    def __init__(self, page, address):
        self.page = page
        self.address = address

    def open(self, title=SCENARIO):
        """Open a session from the shelf, keep its link, and go to its page."""
        self.page.goto(f"{self.address}rehearsals")
        self.page.get_by_role("button", name=f"Lead a group through {title}").click()
        self.link = self.page.get_by_label("Your link").input_value()
        self.page.get_by_role("link", name="Go to the session").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        return self

    @property
    def code(self):
        return self.page.locator(".app-join__code").inner_text()

    @property
    def rows(self):
        """The table as it stands on the page: a list of cells for each place."""
        return [
            row.locator("th, td").all_inner_texts()
            for row in self.page.locator(".app-table tbody tr").all()
        ]

    def wait_for(self, words, seconds=15):
        """Wait until the page says so by itself."""
        expect(self.page.locator("#live")).to_contain_text(words, timeout=seconds * 1000)

    def send(self, button, sure=None, **fields):
        """Fill in the fields by their labels, press a button, and say yes where that is asked."""
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " ")).fill(value)
        self.page.get_by_role("button", name=button, exact=True).click()
        if sure is not None:
            self.page.get_by_role("button", name=sure, exact=True).click()
        return self

    def let_happen(self, beginning):
        """Let the event happen whose words begin so."""
        shown = self.page.get_by_label("Let something happen")
        option = shown.locator("option", has_text=re.compile(f"^{re.escape(beginning)}"))
        shown.select_option(value=option.get_attribute("value"))
        return self.send("Let it happen", "Yes, let it happen")

    def end(self):
        return self.send("End the rehearsal", "Yes, end it")


class Participant(Person):
    """Somebody who takes part by HTTP, as the page of a browser that nobody looks at."""

    def join(self, code):
        return self.open().say(f"join {code}")

    @property
    def buttons(self):
        """The buttons of the whole last reply: the decision's, then what else there is."""
        return [button for message in self.messages for button in message.get("buttons", ())]

    @property
    def rehearsal(self):
        """The reference that the latest message is marked with, if it is part of a rehearsal."""
        return self.messages[-1].get("rehearsal")

    @property
    def news(self):
        """How much the facilitator did meanwhile."""
        answer = self.web.get(f"{self.address}webhooks/web/news", timeout=30)
        answer.raise_for_status()
        return answer.json()["news"]

    def fetch_news(self):
        return self.send({"news": True})

    @property
    def told(self):
        """Everything that the last reply says, cards included."""
        return "\n".join(str(message) for message in self.messages)
