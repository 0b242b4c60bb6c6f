"""The page and its files: read once, served with the headers that keep it to itself."""

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels.refusal import CALL_999, RefusedError

BUILT = Path(__file__).parents[2] / "web" / "dist"
_TYPES = {
    "chat.html": "text/html; charset=utf-8",
    "privacy.html": "text/html; charset=utf-8",
    "chat.css": "text/css; charset=utf-8",
    "chat.js": "text/javascript; charset=utf-8",
    "rooms.css": "text/css; charset=utf-8",
    "lead.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_AT_ROOT = {"/": "chat.html", "/privacy": "privacy.html"}
_TROUBLE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No file – Escalation Guide</title>
<link rel="stylesheet" href="../assets/chat.css">
</head>
<body class="govuk-template__body">
<main class="app-width app-main">
<h1>You cannot open this file now</h1>
<p>{words}</p>
<p><a href="../../../">Back to the conversation</a></p>
<p>{safety}</p>
</main>
</body>
</html>
"""
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PageNotBuiltError(FileNotFoundError):
    """The built page is not where it should be."""


@dataclass(frozen=True)
class Asset:
    """One built file, with the tag by which a browser asks whether it has changed."""

    body: bytes
    content_type: str
    etag: str

    def response(self, request: Request) -> HTTPResponse:
        """The file, or 304 when the browser has it already."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self.etag:
            return HTTPResponse(status=304, headers=headers)
        return HTTPResponse(self.body, headers=headers, content_type=self.content_type)


def built_assets(folder: Path = BUILT) -> dict[str, Asset]:
    """The page's files by name.

    Raises:
        PageNotBuiltError: A file is missing; says how to build it.
    """
    assets = {}
    for name, content_type in _TYPES.items():
        path = folder / name
        if not path.is_file():
            raise PageNotBuiltError(
                f"The chat page needs {path}, which is missing. It is part of the repository: "
                "restore it with git, or build it with `npm ci && npm run build` in web/."
            )
        body = path.read_bytes()
        assets[name] = Asset(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
    return assets


def trouble(refused: RefusedError) -> HTTPResponse:
    """A plain page that says why there is no file, and leads back: a link was followed here."""
    words = _TROUBLE.format(words=html.escape(refused.words), safety=CALL_999)
    return HTTPResponse(words, status=refused.status, content_type="text/html; charset=utf-8")


def protect(response: BaseHTTPResponse) -> None:
    """Set the headers: only our own scripts and styles, nothing framed, nothing stored."""
    response.headers.update(SECURITY_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


class RootedBlueprint(Blueprint):
    """A channel's blueprint that also answers at `/`.

    Rasa hangs every channel under `/webhooks/<name>` and has a greeting of its own at `/`.
    Registering this blueprint puts the page in front of that greeting, so that the page is at `/`
    under `escalate serve` and under plain `rasa run` alike, with nothing else to call. The privacy
    notice stands beside it: the app in Microsoft Teams links to it.
    """

    def register(self, app: Sanic, options: dict[str, object]) -> None:
        """Register the routes, then the pages."""
        super().register(app, options)
        assets = built_assets()
        serve_at_root(app, {path: assets[name] for path, name in _AT_ROOT.items()})


def serve_at_root(app: Sanic, pages: Mapping[str, Asset]) -> None:
    """Answer `GET` of these paths of this app with their pages, `/` instead of Rasa's greeting."""

    async def answer_root(request: Request) -> HTTPResponse | None:
        page = pages.get(request.path)
        if page is None or request.method not in {"GET", "HEAD"}:
            return None
        response = page.response(request)
        protect(response)
        return response

    app.register_middleware(answer_root, "request")
