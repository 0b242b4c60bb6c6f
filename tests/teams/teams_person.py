"""A person in Teams: what they type and tap reaches the bot as the real service sends it."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import requests
from chats import Conversation, Received
from fake_microsoft import FakeMicrosoft
from seen import AT_RISK, Choice, choices_of, inputs_of, sends_inputs, words

SECONDS_TO_RESEND = 15.0
CHANNEL = "msteams"


@dataclass
class Delivery:
    """What became of one activity on its way to the bot.

    Attributes:
        statuses: Of each attempt; None where no answer came in time or the connection broke.
        seconds: How long the bot took to answer the attempt that it took.
    """

    activity: dict[str, Any]
    statuses: list[int | None] = field(default_factory=list)
    seconds: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def taken(self) -> bool:
        return bool(self.statuses) and self.statuses[-1] in (200, 201, 202)


@dataclass
class Person:
    """One person with one personal chat.

    Attributes:
        bot_address: Where the bot listens; ends in a slash.
        resend_after: How long the service waits for the bot before it sends the same again.
        most_attempts: After so many it gives up, as the real one does.
    """

    microsoft: FakeMicrosoft
    bot_address: str
    tenant: str = ""
    object_id: str = field(default_factory=lambda: str(uuid4()))
    resend_after: float = SECONDS_TO_RESEND
    most_attempts: int = 5
    seconds_patient: float = 60.0
    last: dict[str, Any] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    mark: int = 0

    def __post_init__(self) -> None:
        self.tenant = self.tenant or self.microsoft.bot.tenant
        self.user = f"29:1{self.object_id.replace('-', '')}{'U' * 40}"
        self.conversation = f"a:1{self.object_id.replace('-', '')}{'c' * 180}"

    # what they do

    def install(self) -> "Person":
        """Add the app: the chat is there, and the bot hears of it."""
        connector = self.microsoft.connector
        connector.add(self.user, self.tenant, self.conversation)
        self.mark = len(self.heard)
        added = [{"id": self.user, "aadObjectId": self.object_id}, {"id": connector.bot_id}]
        self.deliver(self.activity("conversationUpdate", membersAdded=added))
        self.deliver(self.activity("installationUpdate", action="add"))
        return self

    def uninstall(self) -> "Person":
        """Remove the app: nothing can be written to the chat any more."""
        with self.microsoft.connector.changed:
            self.chat.installed = False
        self.deliver(self.activity("installationUpdate", action="remove"))
        return self

    def say(self, text: str) -> "Person":
        """Type and send; returns when the bot has taken it."""
        self.send(self.typed(text))
        return self

    def tap(self, title: str, **inputs: str) -> "Person":
        """Tap the latest choice whose title begins so, on what came since the last message."""
        self.wait(lambda: bool(self.offered(title)), f"no button {title!r}")
        self.send(self.tapped(self.offered(title)[-1], **inputs))
        return self

    def edit(self, text: str) -> "Person":
        """Change the words of the last message."""
        changed = self.last | {"text": text}
        self.send(self.activity(
            "messageUpdate", **{k: changed[k] for k in ("id", "text", "textFormat")},
            channelData={"tenant": {"id": self.tenant}, "eventType": "editMessage"}))  # fmt: skip
        return self

    def say_in_group(self, text: str, kind: str = "groupChat") -> Delivery:
        """Mention the bot where others read along; the group's chat is made on the way."""
        connector = self.microsoft.connector
        group = f"19:{self.object_id}@thread.v2"
        connector.add(self.user, self.tenant, group)
        mention = {"id": connector.bot_id, "name": "Escalation Guide"}
        where = {"id": group, "isGroup": True, "conversationType": kind, "tenantId": self.tenant}
        return self.deliver(self.activity(
            "message", text=f"<at>Escalation Guide</at> {text}", textFormat="plain",
            entities=[{"type": "mention", "text": "<at>Escalation Guide</at>",
                       "mentioned": mention}], conversation=where))  # fmt: skip

    def again(self) -> Delivery:
        """The service sends the last message once more, as it does when it saw no answer."""
        return self.deliver(self.last)

    # what the service sends for it

    def typed(self, text: str) -> dict[str, Any]:
        """A typed message."""
        return self.activity("message", text=text, textFormat="plain", attachments=[
            {"contentType": "text/html", "content": f"<p>{text}</p>"}])  # fmt: skip

    def tapped(self, choice: Choice, **inputs: str) -> dict[str, Any]:
        """A tapped button: no words, the data of the button with what the card's inputs hold."""
        card = choice.message.activity["attachments"]
        found: dict[str, str] = {}
        for element in inputs_of(card) if sends_inputs(choice.action) else ():
            value = {**choice.inputs, **inputs}.get(element["id"], element.get("value"))
            if value is None and element.get("isRequired"):
                raise AssertionError(f"{element['id']} must be filled in: {element}")
            if value is not None:
                found[element["id"]] = value
        data = choice.action.get("data", {})
        special = data.get("msteams") if isinstance(data, dict) else None
        if special and special.get("type") == "imBack":
            return self.typed(special["value"])
        value = {**data, **found} if isinstance(data, dict) else data
        return self.activity(
            "message", value=value, replyToId=choice.message.id,
            channelData={"tenant": {"id": self.tenant}, "source": {"name": "message"},
                         "legacy": {"replyToId": f"1:{choice.message.id}"}})  # fmt: skip

    def activity(self, kind: str, **content: Any) -> dict[str, Any]:
        """An activity as it reaches a bot."""
        connector = self.microsoft.connector
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        number = connector.number() if kind in ("message", "messageUpdate") else f"f:{uuid4()}"
        return {
            "type": kind, "id": number, "timestamp": at, "localTimestamp": at,
            "channelId": CHANNEL, "serviceUrl": self.microsoft.service_url,
            "from": {"id": self.user, "name": "A. Person", "aadObjectId": self.object_id},
            "recipient": {"id": connector.bot_id, "name": "Escalation Guide"},
            "conversation": {"id": self.conversation, "conversationType": "personal",
                             "tenantId": self.tenant},
            "channelData": {"tenant": {"id": self.tenant}}, "locale": "en-GB",
            "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB",
                          "platform": "Web", "timezone": "Europe/London"}],
        } | content  # fmt: skip

    def deliver(self, activity: dict[str, Any], *, wait: bool = True) -> Delivery:
        """Send an activity until the bot takes or refuses it; again after silence or 5xx."""
        delivery = Delivery(activity)
        self.deliveries.append(delivery)
        chat = self.microsoft.connector.conversations.get(activity["conversation"]["id"])
        if chat is not None:
            chat.theirs.add(activity["id"])  # whatever the service sent can be replied to
        if wait:
            self._deliver(delivery)
        else:
            threading.Thread(target=self._deliver, args=(delivery,), daemon=True).start()
        return delivery

    def post(self, activity: dict[str, Any], authorization: str | None) -> requests.Response:
        """One call to the bot, whatever is in it."""
        headers = {} if authorization is None else {"Authorization": authorization}
        return requests.post(
            f"{self.bot_address}webhooks/teams/messages",
            json=activity, headers=headers, timeout=self.resend_after,
        )  # fmt: skip

    def _deliver(self, delivery: Delivery) -> None:
        for _ in range(self.most_attempts):
            began = time.monotonic()
            token = self.microsoft.login.token(delivery.activity["serviceUrl"])
            try:
                status: int | None = self.post(delivery.activity, f"Bearer {token}").status_code
            except (requests.ConnectionError, requests.Timeout):
                status = None
            delivery.seconds = time.monotonic() - began
            delivery.statuses.append(status)
            if status is not None and status < 500:
                break
            time.sleep(max(0.0, self.resend_after - delivery.seconds))
        delivery.done.set()

    def send(self, activity: dict[str, Any], *, wait: bool = True) -> Delivery:
        """Send what the person did; what comes from now on is the answer to it."""
        if activity["type"] == "message":
            self.last = activity
        self.mark = len(self.heard)
        delivery = self.deliver(activity, wait=wait)
        if wait:
            assert delivery.taken, f"the bot answered {delivery.statuses}"
        return delivery

    # what they see

    @property
    def chat(self) -> Conversation:
        return self.microsoft.connector.conversations[self.conversation]

    @property
    def heard(self) -> list[Received]:
        """Every message that ever came."""
        return self.microsoft.connector.messages_to(self.conversation)

    @property
    def messages(self) -> list[Received]:
        """What came since they last sent something, in order."""
        return self.heard[self.mark :]

    @property
    def said(self) -> str:
        """All words of it, those on cards too."""
        return "\n".join(words(taken.activity) for taken in self.messages)

    @property
    def titles(self) -> list[str]:
        """The buttons of the last message that has some of its own; never the safety button."""
        for taken in reversed(self.messages):
            own = [choice.title for choice in choices_of(taken) if choice.title != AT_RISK]
            if own:
                return own
        return []

    def settled(self, quiet: float = 0.4) -> "Person":
        """Wait until something came and then nothing more for a while."""
        self.wait(lambda: bool(self.messages), "no answer")
        while True:
            taken = self.messages
            time.sleep(quiet)
            if len(self.messages) == len(taken):
                return self

    def hears(self, *expected: str) -> "Person":
        """Wait until these words came since the last message."""
        self.wait(lambda: all(part in self.said for part in expected), f"not told {expected}")
        return self

    def wait(self, until: Any, why: str) -> None:
        """Wait for something to come."""
        self.microsoft.connector.wait(
            until, self.seconds_patient,
            lambda: f"{why}; titles {self.titles}, said: {self.said[-2000:]!r}, "
                    f"refused: {self.microsoft.connector.refused[-3:]}",
        )  # fmt: skip

    def offered(self, title: str) -> list[Choice]:
        """What can be tapped and begins so, on what came since they last sent something."""
        found = [choice for taken in self.messages for choice in choices_of(taken)]
        return [choice for choice in found if choice.title.startswith(title)]
