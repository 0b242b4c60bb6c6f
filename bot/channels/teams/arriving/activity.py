"""One activity of the Bot Connector: what we read of it, and what it is to us.

Everything that is not named here is left behind: names, locales, client details, formatting.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from bot.channels.received import MOST_CHARACTERS, clean, has_words
from bot.channels.teams.arriving.identity import person_of
from bot.channels.teams.hosts import is_allowed
from bot.databases.checks import JsonValue
from bot.records.teams import Arrived
from bot.records.words import TeamsKind

NAMESPACE = UUID("0d3d7c0e-0f4b-4b8e-9b53-6b7a2f0d7a55")
LONGEST_NAME = 512
"""Characters of an id or an address; the longest that were seen have about 200."""
LONGEST_SUBMITTED = 4_096
CARD_ACTION = "adaptiveCard/action"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")

Meaning = Literal["uninstalled", "not_ours", "other"] | TeamsKind


class NotAnActivityError(ValueError):
    """What was sent is no activity. Says why, for the log alone."""


class NotAllowedError(Exception):
    """An activity from a tenant, or for a service, that this program does not serve."""


@dataclass(frozen=True)
class Activity:
    """What we read of an activity. Texts that are missing are empty.

    Attributes:
        submitted: What a card sent back; None where no card did.
        replied_to: The activity that this one answers: of a tap, the card.
        happened: `eventType`, `action` or the name of an invoke.
    """

    type: str
    id: str
    timestamp: str
    channel: str
    service_url: str
    tenants: frozenset[str]
    object_id: str
    account: str
    bot: str
    conversation: str
    personal: bool
    text: str
    submitted: JsonValue
    replied_to: str
    happened: str
    removed: frozenset[str]
    added: bool

    def meaning(self) -> Meaning:
        """What it is to us; `other` needs no answer, `not_ours` is for another kind of bot."""
        if self.type == "invoke":
            return ("tap" if self.personal else "other") if self._is_card_action else "not_ours"
        if self.type == "message":
            return self._of_message() if self.personal else "elsewhere"
        if not self.personal:
            return "other"
        if self.type == "messageUpdate" and self.happened in ("", "editMessage"):
            return "edited" if self._fits() else "unusable"
        if self.type == "installationUpdate" and self.happened.startswith("remove"):
            return "uninstalled"
        if self.type == "conversationUpdate" and self.bot in self.removed:
            return "uninstalled"
        added = self.type == "installationUpdate" and self.happened.startswith("add")
        return (
            "installed" if added or (self.type == "conversationUpdate" and self.added) else "other"
        )

    @property
    def _is_card_action(self) -> bool:
        return self.happened == CARD_ACTION

    def _of_message(self) -> TeamsKind:
        if self.submitted is not None:
            return "tap"
        return "message" if self._fits() else "unusable"

    def _fits(self) -> bool:
        return len(self.text) <= MOST_CHARACTERS and has_words(self.text)

    def person(self, tenant: str) -> str:
        """The sender.

        Raises:
            NotAnActivityError: Teams does not say who it is.
        """
        if not _ID.fullmatch(self.object_id):
            raise NotAnActivityError("no object id")
        return person_of(tenant, self.object_id)

    def require_allowed(self, *, tenant: str, hosts: frozenset[str]) -> None:
        """Make sure that it comes from our tenant and that its replies may leave us.

        Raises:
            NotAllowedError: Another tenant, or none, or an address that is not listed.
        """
        if self.tenants != {tenant}:
            raise NotAllowedError("tenant")
        if not is_allowed(self.service_url, hosts):
            raise NotAllowedError("service host")

    def arrived(self, kind: TeamsKind, person: str) -> Arrived:
        """What to keep of it until it is answered."""
        return Arrived(
            name=self._name(),
            person=person,
            conversation=self.conversation,
            service_url=self.service_url,
            bot=self.bot,
            account=self.account,
            # the name of an invoke is not a message that could be replied to
            activity=(self.replied_to if self.type == "invoke" else self.id) or None,
            kind=kind,
            value=self._kept(kind),
        )

    def _name(self) -> str:
        # an edit has the id of what it edits, and a person may edit twice
        again = self.timestamp if self.type == "messageUpdate" or not self.id else ""
        named = [self.conversation, self.type, self.id, again]
        return str(uuid5(NAMESPACE, json.dumps(named)))

    def _kept(self, kind: TeamsKind) -> JsonValue:
        if kind in ("message", "edited"):
            return {"text": self.text}
        if kind == "tap":
            return {"submitted": self.submitted, "card": self.replied_to}
        if kind == "unusable":
            return {"too_long": len(self.text) > MOST_CHARACTERS}
        return {}


def read(body: bytes) -> Activity:
    """The activity in the body of a request.

    Raises:
        NotAnActivityError: It is none, or lacks what every activity has.
    """
    try:
        raw = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotAnActivityError("not JSON") from error
    if not isinstance(raw, dict):
        raise NotAnActivityError("not an object")
    sender, bot = _part(raw, "from"), _part(raw, "recipient")
    conversation, channel_data = _part(raw, "conversation"), _part(raw, "channelData")
    tenants = (_word(_part(channel_data, "tenant"), "id"), _word(conversation, "tenantId"))
    kind = _word(raw, "type")
    found = Activity(
        type=kind,
        id=_word(raw, "id"),
        timestamp=_word(raw, "timestamp"),
        channel=_word(raw, "channelId"),
        service_url=_word(raw, "serviceUrl"),
        tenants=frozenset(tenant.lower() for tenant in tenants if tenant),
        object_id=_word(sender, "aadObjectId"),
        account=_word(sender, "id"),
        bot=_word(bot, "id"),
        conversation=_word(conversation, "id"),
        personal=_word(conversation, "conversationType") == "personal",
        text=_words(raw, _word(bot, "id")),
        submitted=_submitted(raw, kind),
        replied_to=_word(raw, "replyToId"),
        happened=_word(raw, "action") or _word(raw, "name") or _word(channel_data, "eventType"),
        removed=_members(raw, "membersRemoved"),
        added=bool(_members(raw, "membersAdded")),
    )
    if not (found.type and found.conversation and found.service_url):
        raise NotAnActivityError("a part is missing")
    return found


def _part(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = raw.get(name)
    return part if isinstance(part, dict) else {}


def _word(raw: Mapping[str, Any], name: str) -> str:
    """A text of an id's size that can be stored; anything else is refused."""
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_NAME or clean(value) != value:
        raise NotAnActivityError(f"{name} is not a text of an id's size")
    return value


def _words(raw: Mapping[str, Any], bot: str) -> str:
    """What was typed, without the name of the bot that it was typed to."""
    text = raw.get("text")
    if not isinstance(text, str):
        return ""
    entities = raw.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if isinstance(entity, dict) and entity.get("type") == "mention":
            name = entity.get("text")
            if isinstance(name, str) and name and _part(entity, "mentioned").get("id") == bot:
                text = text.replace(name, " ")
    return clean(text.replace("&nbsp;", " "))


def _submitted(raw: Mapping[str, Any], kind: str) -> JsonValue:
    """What a card sent back, as small texts under their names; whatever else is False."""
    value = raw.get("value")
    if kind == "invoke":
        value = _part(_part(raw, "value"), "action").get("data", False)
    if value is None:
        return None
    if not isinstance(value, dict) or not value:
        return False
    texts = [text for pair in value.items() for text in pair]
    if not all(isinstance(text, str) and clean(text) == text for text in texts):
        return False
    return dict(value) if sum(len(text) for text in texts) <= LONGEST_SUBMITTED else False


def _members(raw: Mapping[str, Any], name: str) -> frozenset[str]:
    members = raw.get(name)
    listed = members if isinstance(members, list) else []
    return frozenset(
        member["id"]
        for member in listed
        if isinstance(member, dict) and isinstance(member.get("id"), str)
    )
