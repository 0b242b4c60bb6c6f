"""What rooms refuse, each in plain words that can be shown to whoever asked."""

from bot.databases.errors import StorageError


class RoomsError(StorageError):
    """Any refusal of the rooms."""


class UnknownCodeError(RoomsError):
    """No room has this code."""


class TooManyTriesError(RoomsError):
    """So many wrong codes that no more are looked up for a while."""


class RoomEndedError(RoomsError):
    """The session is over, and nobody new can join it."""


class RoomFullError(RoomsError):
    """The session has as many participants as it can have."""


class AlreadyRehearsingError(RoomsError):
    """This conversation is in another rehearsal, which is still going on."""


class NotYourPlaceError(RoomsError):
    """There is no such place for this holder; someone else's looks the same as none."""


class LeftError(RoomsError):
    """The place was left: nothing can be done in it before it is taken up again."""


class NotYourRoomError(RoomsError):
    """There is no such session for this key; one with another key looks the same as none."""


class NotYoursToDoError(RoomsError):
    """Only the facilitator may do this, or only a participant."""


class MessageReusedError(RoomsError):
    """A message that was taken before, as something else."""


class CannotReplayError(RoomsError):
    """A place cannot be played again: the program has changed since then, or a policy is gone."""
