"""Somebody at the page of the real assistant."""

import re

from playwright.sync_api import expect
from running_guide import BEGIN, plain_answer, preferred


class Walker:
    """Somebody at the page who counts taps; typed words count as one."""

    def __init__(self, page):
        self.page = page
        self.taps = 0

    def follow(self, *steps):
        """The beginning of a button, or `>` and typed words; waits for each reply."""
        for step in steps:
            self.taps += 1
            if step.startswith(">"):
                self.page.get_by_label("Your message").fill(step[1:])
                self.page.keyboard.press("Enter")
            else:
                exact = "$" if step in ("Yes", "No") else ""
                name = re.compile(f"^{re.escape(step)}{exact}")
                self.page.get_by_role("button", name=name).first.click()
            expect(
                self.page.locator(".app-message--you + .app-message--guide").last
            ).to_be_visible()
            expect(self.page.get_by_role("status")).to_have_text("", timeout=30_000)
        return self

    def begin(self, policy):
        """Begin a walk and say where it stands, as far as the stage."""
        self.follow(*BEGIN)
        for step in iter(lambda: preferred(policy, self.choices), None):
            self.follow(step)
        return self

    @property
    def choices(self):
        return self.page.locator(".app-choice").all_inner_texts()

    @property
    def answer(self):
        """The last card that says who acts."""
        return self.page.locator(".app-card").filter(has=self.page.get_by_text("Who acts")).last

    def to_the_answer(self):
        """Answer in the plainest way until the answer is on screen."""
        while not self.answer.count():
            self.follow(plain_answer(self.choices))
        return self

    def to_the_check(self):
        while "Yes, record it" not in self.choices:
            self.follow(plain_answer(self.choices))
        return self

    def record(self):
        self.follow("Yes, record it")
        return re.search(r"ESC-\d{4}-\d{4}", self.page.locator("#log").inner_text())[0]
