"""A request that is refused, in words that a person can act on."""


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
