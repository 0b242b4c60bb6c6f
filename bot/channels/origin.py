"""Whether a request comes from our own page, and by which address people see us."""

from urllib.parse import urlsplit

from sanic.request import Request

from bot.channels.refusal import RefusedError

OTHER_SITE = "This request came from another website, so it was refused."


class OwnOrigin:
    """The address of the page: a fixed one behind a TLS proxy, else the Host of each request."""

    def __init__(self, public_origin: str | None = None) -> None:
        """Keep what compares.

        Args:
            public_origin: The address people see behind a TLS proxy, such as
                `https://guide.example.org`; without it, the Host of each request is compared.

        Raises:
            ValueError: The public origin is not a scheme and a host.
        """
        if public_origin is not None:
            parts = urlsplit(public_origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
                raise ValueError(
                    f"public_origin is {public_origin!r}. It must be a scheme and a host only, "
                    "such as https://guide.example.org."
                )
            public_origin = f"{parts.scheme}://{parts.netloc}".lower()
        self.public = public_origin

    def require(self, request: Request, *, named: bool = False) -> None:
        """Refuse what another site's page sent.

        Args:
            request: What was sent.
            named: Whether the origin must be named: a plain form of another site could hide it.

        Raises:
            RefusedError: Another origin, or none where it must be named.
        """
        origin = request.headers.get("origin")
        if origin is None and named:
            raise RefusedError(403, OTHER_SITE)
        if origin is not None and origin.lower() != self._own(request, origin):
            raise RefusedError(403, OTHER_SITE)
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise RefusedError(403, OTHER_SITE)

    def is_https(self, request: Request) -> bool:
        """Whether the page is served over HTTPS, so that its cookies may be kept to that."""
        if self.public is not None:
            return self.public.startswith("https://")
        return bool(request.scheme == "https")

    def _own(self, request: Request, origin: str) -> str:
        if self.public is not None:
            return self.public
        # A proxy that ends TLS leaves us on plain HTTP: the host is what another site cannot fake.
        scheme = origin.split("://", 1)[0].lower()
        return f"{scheme}://{request.headers.get('host', '')}".lower()
