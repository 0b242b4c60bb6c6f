"""Stands between Microsoft's Agents Playground and the guide, as the Bot Connector does in Teams.

The playground without an account signs nothing and checks nothing. The guide takes nothing that is
not signed, and has no switch for it. So what a person does in the playground gets the token that
the fake login of these tests signs, and what the guide answers must carry the token that the same
login gave out, and must be what Teams would take. Then it goes on to the playground.
"""

import json
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from card_rules import wrong_message
from fake_login import FakeLogin
from fake_microsoft import FakeMicrosoft
from yarl import URL

MESSAGES = "/webhooks/teams/messages"
TIMEOUT = aiohttp.ClientTimeout(total=30)


class Bridge:
    """Passes activities on, in both directions; a stand-in for `FakeConnector`.

    Attributes:
        refused: Why something was not passed on.
    """

    def __init__(self, login: FakeLogin, service_url: str, guide: str, playground: str) -> None:
        """Keep both sides.

        Args:
            login: Signs what goes to the guide, and knows whom it gave tokens.
            service_url: Our own address, which the playground must put into its activities.
            guide: Where the guide listens; ends in a slash.
            playground: Where the playground listens; ends in a slash.
        """
        self._login, self._service_url = login, service_url
        self._guide, self._playground = guide, playground
        self.refused: list[str] = []

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """What the playground calls, and below `prefix` what the guide calls."""
        return [
            web.post(MESSAGES, self._to_guide),
            web.route("*", f"{prefix}v3/{{rest:.*}}", self._to_playground),
        ]

    async def _to_guide(self, request: web.Request) -> web.Response:
        # a page of another site cannot send JSON here without asking first, and gets no answer
        activity = await _json(request)
        if activity is None:
            return self._refuse(400, "The body is not a JSON object.")
        if activity.get("serviceUrl") != self._service_url:
            return self._refuse(
                400, f"serviceUrl is {activity.get('serviceUrl')!r}. Start the playground with "
                f"--service-url {self._service_url}.",
            )  # fmt: skip
        token = self._login.token(self._service_url)
        return await self._passed("POST", f"{self._guide}{MESSAGES[1:]}", activity, token)

    async def _to_playground(self, request: web.Request) -> web.Response:
        why = self._login.may_call(request.headers.get("Authorization"))
        if why is not None:
            return self._refuse(401, why)
        activity = await _json(request)
        if activity is None:
            return self._refuse(400, "The body is not a JSON object.")
        wrong = wrong_message(activity) if activity.get("type") == "message" else None
        if wrong is not None:
            status, code, words = wrong
            return self._refuse(status, f"{code}: {words}")
        _, _, path = request.rel_url.raw_path.partition("/v3/")
        url = f"{self._playground}_connector/v3/{path}"
        return await self._passed(request.method, url, activity, None)

    async def _passed(
        self, method: str, url: str, activity: dict[str, Any], token: str | None
    ) -> web.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as http,
                http.request(
                    method, URL(url, encoded=True), json=activity, headers=headers
                ) as answer,
            ):
                return web.Response(
                    status=answer.status, body=await answer.read(), content_type="application/json"
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            return self._refuse(503, f"{url} cannot be reached: {type(error).__name__}.")

    def _refuse(self, status: int, why: str) -> web.Response:
        self.refused.append(why)
        return web.json_response({"error": {"message": why}}, status=status)


def bridged(folder: Path, *, port: int, guide: str, playground: str) -> FakeMicrosoft:
    """A fake Microsoft that has the playground for its Teams; not started yet.

    Args:
        folder: Where its certificate is kept.
        port: Where the playground finds it, on this machine alone.
        guide: Where the guide listens; ends in a slash.
        playground: Where the playground listens; ends in a slash.
    """
    microsoft = FakeMicrosoft(folder)
    microsoft.port = port
    microsoft.connector = Bridge(microsoft.login, microsoft.service_url, guide, playground)
    return microsoft


async def _json(request: web.Request) -> dict[str, Any] | None:
    if request.content_type != "application/json":
        return None
    try:
        found = json.loads(await request.read())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
