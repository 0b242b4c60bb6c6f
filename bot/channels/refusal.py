"""A request that is refused, in words that a person can act on."""

CALL_999 = "If someone is in immediate danger, call 999 now."
"""Goes with a refusal of words: nobody has read them, and they may have been about danger."""


class RefusedError(Exception):
    """The request is not taken.

    Attributes:
        status: The HTTP status.
        words: What to tell the person. Never contains what the server knows.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
