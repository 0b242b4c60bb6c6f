"""What a form of ours sent: short, plain, and from our own page."""

from urllib.parse import parse_qsl

from sanic.request import Request

from bot.channels.origin import OwnOrigin
from bot.channels.received import body
from bot.channels.refusal import RefusedError

FORMS_ONLY = "This page takes what its own forms send. Go back to it and try again."
MOST_FIELDS = 20
_FORM = "application/x-www-form-urlencoded"


async def read_form(request: Request, own: OwnOrigin) -> dict[str, str]:
    """The fields of a form from a streaming request; of a field that comes twice, the last.

    Raises:
        RefusedError: 403 from another website, 413 when it is too long, 415 or 400 when it is no
            form.
    """
    own.require(request, named=True)
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != _FORM:
        raise RefusedError(415, FORMS_ONLY)
    try:
        text = (await body(request)).decode("ascii")
        return dict(
            parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        )
    except ValueError as error:
        raise RefusedError(400, FORMS_ONLY) from error
