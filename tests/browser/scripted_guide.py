"""A program: the real channel and page in Rasa's own app, with a scripted assistant behind them.

`python tests/browser/scripted_guide.py PORT`
"""

import asyncio
import json
import sys

from rasa.core.channels.channel import UserMessage
from rasa.core.run import configure_app
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from bot.channels.web import WebChannel


def button(title, intent, **choice):
    payload = {"intent": intent, **({"choice": choice} if choice else {})}
    return {"title": title, "payload": json.dumps(payload)}


OPENING = {
    "text": "Hello. I help you to challenge a decision about a child or an adult, step by step, "
    "with your partnership’s own policy.\n\n**Is anyone in danger right now?**",
    "buttons": [
        button("Yes", "choose", q="risk", raw="yes"),
        button("No", "choose", q="risk", raw="no"),
        button("I am not sure", "choose", q="risk", raw="unsure"),
    ],
}
PARTNERSHIP = {
    "text": "Which partnership’s policy do you work under?",
    "buttons": [
        button(name, "choose", q="policy", raw=name)
        for name in (
            "Jersey",
            "Plymouth",
            "Sandwell",
            "Gloucestershire",
            "Berkshire West",
            "I do not know",
        )
    ],
}
CARD = {
    "text": "Here is where you stand.",
    "custom": {
        "card": {
            "title": "Stage 2: manager to manager",
            "rows": [
                {
                    "term": "Who acts",
                    "value": "**Your line manager**, with the manager of the other agency",
                },
                {
                    "term": "By when",
                    "value": "**Friday 20 November 2026**\n\n5 working days. Day 1 is "
                    "Monday 16 November, the first working day after you raised it.",
                },
                {"term": "Where it says so", "value": "Section 4.2, “within five working days”"},
            ],
            "sections": [
                {
                    "heading": "You must",
                    "tone": "must",
                    "items": [
                        "Put the concern in writing.",
                        "Tell your designated safeguarding lead.",
                    ],
                },
                {
                    "heading": "You should",
                    "tone": "should",
                    "items": ["Meet in person if you can."],
                },
                {"heading": "You may", "tone": "may", "items": ["Ask the partnership for advice."]},
                {
                    "heading": "Take care",
                    "tone": "warning",
                    "items": ["The policy’s review date has passed."],
                },
                {
                    "heading": "How the date was worked out",
                    "tone": "note",
                    "items": ["No bank holiday was skipped."],
                },
            ],
            "footer": "Jersey Safeguarding Partnership Board, version 2.1. [Read the policy](https://example.org/policy)",
        }
    },
    "buttons": [
        button("This is right, record it", "choose", q="check", raw="yes"),
        button("Change an answer", "choose", q="check", raw="change"),
    ],
}
HOSTILE = {
    "text": '<img src=x onerror="window.hit=1"><script>window.hit=2</script> '
    "[press](javascript:window.hit=3) [data](data:text/html,hit) ![i](https://evil.invalid/i.png) "
    "<b onclick='window.hit=4'>bold</b> [fine](https://example.org/fine)",
    "custom": {
        "card": {
            "title": "<img src=x onerror=window.hit=5>",
            "rows": [{"term": "<i>term</i>", "value": "<svg onload=window.hit=6>"}],
        }
    },
    "buttons": [button("<img src=x onerror=window.hit=7>", "greet")],
}


REHEARSAL = {"rehearsal": "REH-2026-0007"}
BEGUN = {
    "text": "You visit a family with a baby of seven months. It is Thursday afternoon.",
    "custom": REHEARSAL,
    "buttons": [button("Wait until tomorrow", "choose", q="rehearsal", raw="wait:")],
}
NEWS = {
    "text": "**The facilitator:** the nursery rings.",
    "custom": REHEARSAL,
    "buttons": [button("Ring them back", "choose", q="rehearsal", raw="do:ring_back")],
}


class ScriptedAgent:
    """Answers by rote and keeps a tracker, as Rasa's agent does."""

    def __init__(self):
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.news = 0

    async def handle_message(self, message: UserMessage):
        data = message.parse_data or {
            "text": message.text,
            "intent": {"name": None},
            "entities": [],
        }
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(
            UserUttered(
                message.text,
                data["intent"],
                [],
                data,
                None,
                "web",
                message.message_id,
                message.metadata,
            )
        )
        for said in await self.script(message.text, data):
            event = BotUttered(said.get("text"), {k: v for k, v in said.items() if k != "text"})
            tracker.update(event)
            await message.output_channel.send_response(message.sender_id, event.message())
        await self.tracker_store.save(tracker)

    async def script(self, text, data):
        intent, choice = data["intent"]["name"], data.get("choice", {})
        if choice.get("q") == "rehearsal":
            return self.rehearsal(choice["raw"])
        if text.split()[0] in {"join", "rehearse"}:
            self.news = 1
            return [BEGUN]
        if intent in {"greet", "start_again"}:
            return [OPENING]
        if intent == "report_risk":
            return [
                {
                    "text": "**Call 999 now** if someone is in immediate danger.\n\nThen tell your "
                    "designated safeguarding lead. Have you made the call?",
                    "buttons": [
                        button("Yes", "choose", q="called", raw="yes"),
                        button("Not yet", "choose", q="called", raw="no"),
                    ],
                }
            ]
        if choice.get("q") == "risk":
            return [{"text": "Thank you."}, PARTNERSHIP]
        if choice.get("q") == "policy":
            return [
                {
                    "text": f"You chose {choice['raw']}. What is the disagreement about? "
                    "One sentence is enough."
                }
            ]
        if text == "hostile":
            return [HOSTILE]
        if text == "fault":
            raise RuntimeError("secret detail")
        if text == "slow":
            await asyncio.sleep(1.5)
        return [CARD]

    def rehearsal(self, raw):
        if raw != "news":
            return [{"text": "You wait.", "custom": REHEARSAL}]
        self.news = 0
        return [NEWS]


def main():
    agent = ScriptedAgent()
    channel = WebChannel("not-a-secret-" * 4, count_news=lambda _: agent.news)
    app = configure_app([channel], enable_api=False)
    app.ctx.agent = agent
    app.run(host="127.0.0.1", port=int(sys.argv[1]), access_log=False)


if __name__ == "__main__":
    main()
