"""Draws the facilitator's pages from their templates, and keeps them to themselves."""

import secrets
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels import page
from bot.channels.refusal import RefusedError

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def draw(request: Request, name: str, /, *, status: int = 200, **words: Any) -> HTTPResponse:
    """A page; `root` leads from its address to the address of the chat."""
    root = "../" * (request.path.count("/") - 1)
    template = _PAGES.get_template(f"{name}.html.jinja")
    text = template.render(root=root, once=_new_mark, **words)
    return HTTPResponse(text, status=status, content_type="text/html; charset=utf-8")


def _new_mark() -> str:
    """The mark of one form: a second click sends the same, and does nothing."""
    return secrets.token_hex(16)


def trouble(request: Request, refused: RefusedError, back: str) -> HTTPResponse:
    """The page that says why something was not done."""
    return draw(request, "trouble", status=refused.status, words=refused.words, back=back)


def seen_elsewhere(request: Request, path: str) -> HTTPResponse:
    """Send the browser on after a form, so that a reload sends nothing again."""
    root = "../" * (request.path.count("/") - 1)
    return HTTPResponse(status=303, headers={"Location": f"{root}{path}"})


def protect(answer: BaseHTTPResponse) -> None:
    """Set the headers of every page of ours.

    Unlike the chat page these are plain forms: a browser names the origin of a form only where the
    page lets it, and without it nothing tells our forms from another site's.
    """
    policy = answer.headers.get("Content-Security-Policy")
    page.protect(answer)
    answer.headers["Referrer-Policy"] = "same-origin"
    if policy is not None:
        answer.headers["Content-Security-Policy"] = policy
