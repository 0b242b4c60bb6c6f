"""Choices and files as sealed tokens: what a button or a link means, for one person, for a time.

A browser or a chat client hands back whatever it likes. A button therefore carries no command
that could be forged or borrowed: it carries a token (JWT, HS256) that only this server can make,
that only the person it was shown to can use, and that expires. So does the link to a file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

SHORTEST_SECRET = 32
TAP_LIFETIME = timedelta(days=30)
FILE_LIFETIME = timedelta(hours=8)
"""A working day: a page that was opened in the morning still gives its files in the afternoon.

The link opens nothing without the cookie of the conversation; its end bounds what an address is
worth that stayed behind in a browser's history. A reload of the page gives new links.
"""
_AUDIENCE, _FILE_AUDIENCE = "escalation-guide/tap", "escalation-guide/file"
_ALGORITHM = "HS256"
_PAYLOAD_KEYS = {"intent", "choice"}


class PayloadError(ValueError):
    """The assistant offered a button whose payload nobody can act on: a fault of ours."""


class TapRefusedError(Exception):
    """A token that we did not make, or made for somebody else."""


class TapExpiredError(TapRefusedError):
    """A token that we made for this person, too long ago."""


class FileRefusedError(Exception):
    """A link that we did not make, or made for somebody else."""


class FileExpiredError(FileRefusedError):
    """A link that we made for this person, too long ago."""


@dataclass(frozen=True)
class WantedFile:
    """A file of a case: the word for the document, and the reference of the case."""

    document: str
    reference: str


@dataclass(frozen=True)
class Tap:
    """What one button means.

    Attributes:
        title: The words on the button; they become the words the person "said".
        intent: The name of the intent, as in domain.yml.
        choice: For an answer, the question and the raw answer (`{"q": ..., "raw": ...}`).
    """

    title: str
    intent: str
    choice: Mapping[str, Any] | None = None

    @classmethod
    def from_button(cls, button: Mapping[str, Any]) -> "Tap":
        """The meaning of a Rasa button.

        Raises:
            PayloadError: The payload is not the JSON text that our channels understand.
        """
        title, payload = button.get("title"), button.get("payload")
        if not isinstance(title, str) or not title.strip():
            raise PayloadError(f"A button needs words in 'title'. Found {button!r}.")
        try:
            meaning = json.loads(payload) if isinstance(payload, str) else None
        except json.JSONDecodeError:
            meaning = None
        if (
            not isinstance(meaning, dict)
            or not isinstance(meaning.get("intent"), str)
            or not meaning["intent"]
            or not isinstance(meaning.get("choice", {}), dict)
            or not meaning.keys() <= _PAYLOAD_KEYS
        ):
            raise PayloadError(
                f"The payload of button {title!r} must be JSON text such as "
                '{"intent": "choose", "choice": {"q": "...", "raw": "..."}}, '
                f"with 'choice' optional and no other key. Found {payload!r}."
            )
        return cls(title=title, intent=meaning["intent"], choice=meaning.get("choice"))

    def parse_data(self) -> dict[str, Any]:
        """The tap as Rasa's `UserMessage.parse_data`, which makes Rasa skip its NLU."""
        intent = {"name": self.intent, "confidence": 1.0}
        data: dict[str, Any] = {
            "text": self.title,
            "intent": intent,
            "intent_ranking": [dict(intent)],
            "entities": [],
        }
        if self.choice is not None:
            data["choice"] = dict(self.choice)
        return data


class Sealer:
    """Seals taps and files into tokens and opens them again."""

    def __init__(
        self,
        secret: str,
        lifetime: timedelta = TAP_LIFETIME,
        file_lifetime: timedelta = FILE_LIFETIME,
    ) -> None:
        """Keep the secret that signs.

        Args:
            secret: At least 32 characters, the same after a restart.
            lifetime: How long a button shown now can be used.
            file_lifetime: How long a link to a file shown now can be used.

        Raises:
            ValueError: The secret is too short to protect anything.
        """
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(
                f"The secret that signs buttons has {len(secret)} characters. "
                f"It needs at least {SHORTEST_SECRET}, from a random source."
            )
        self._secret = secret
        self._lifetime = lifetime
        self._file_lifetime = file_lifetime

    def seal(self, tap: Tap, sender: str) -> str:
        """The token for this tap, of use to this sender alone."""
        claims: dict[str, Any] = {"title": tap.title, "intent": tap.intent}
        if tap.choice is not None:
            claims["choice"] = dict(tap.choice)
        return self._sealed(_AUDIENCE, sender, self._lifetime, claims)

    def unseal(self, token: str, sender: str) -> Tap:
        """The tap in a token.

        Raises:
            TapExpiredError: It was this sender's, and is too old.
            TapRefusedError: We never made it, or made it for somebody else.
        """
        try:
            claims = self._opened(_AUDIENCE, token, sender)
        except jwt.ExpiredSignatureError as error:
            raise TapExpiredError("The button is too old.") from error
        except jwt.PyJWTError as error:
            raise TapRefusedError("The button is not this person's.") from error
        return Tap(claims["title"], claims["intent"], claims.get("choice"))

    def seal_file(self, file: WantedFile, sender: str) -> str:
        """The token for the link to this file, of use to this sender alone."""
        claims = {"document": file.document, "reference": file.reference}
        return self._sealed(_FILE_AUDIENCE, sender, self._file_lifetime, claims)

    def unseal_file(self, token: str, sender: str) -> WantedFile:
        """The file in a token.

        Raises:
            FileExpiredError: It was this sender's, and is too old.
            FileRefusedError: We never made it, or made it for somebody else.
        """
        try:
            claims = self._opened(_FILE_AUDIENCE, token, sender)
        except jwt.ExpiredSignatureError as error:
            raise FileExpiredError("The link is too old.") from error
        except jwt.PyJWTError as error:
            raise FileRefusedError("The link is not this person's.") from error
        return WantedFile(claims["document"], claims["reference"])

    def _sealed(
        self, audience: str, sender: str, lifetime: timedelta, claims: Mapping[str, Any]
    ) -> str:
        always = {"aud": audience, "sub": sender, "exp": datetime.now(UTC) + lifetime}
        return jwt.encode({**always, **claims}, self._secret, _ALGORITHM)

    def _opened(self, audience: str, token: str, sender: str) -> dict[str, Any]:
        claims: dict[str, Any] = {}
        for check_age in (False, True):  # the age last: nobody else is told how old it is
            claims = jwt.decode(
                token,
                self._secret,
                [_ALGORITHM],
                audience=audience,
                subject=sender,
                options={"require": ["exp", "sub", "aud"], "verify_exp": check_age},
            )
        return claims
