"""Routes whose handlers are methods: Sanic marks each handler, and a method cannot be marked."""

from collections.abc import Awaitable, Callable

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

Handler = Callable[..., Awaitable[HTTPResponse]]


def show(routes: Blueprint, path: str, handler: Handler) -> None:
    """Let `handler` answer whoever looks at `path`."""
    _route(routes, path, handler, "GET")


def take_forms(routes: Blueprint, path: str, handler: Handler) -> None:
    """Let `handler` answer the forms that are sent to `path`; it reads them with `read_form`."""
    _route(routes, path, handler, "POST")


def _route(routes: Blueprint, path: str, handler: Handler, method: str) -> None:
    async def answer(request: Request, **found: str) -> HTTPResponse:
        return await handler(request, **found)

    name = f"{method}_{handler.__name__}"
    routes.add_route(answer, path, methods=[method], stream=method == "POST", name=name)
