"""The tables of the rehearsals."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.databases.columns import NAMES, UtcDateTime, one_of
from bot.rehearsal.state import Kind

OPEN = text("left_at IS NULL")


class Base(DeclarativeBase):
    """The tables of the rehearsals."""

    metadata = MetaData(naming_convention=NAMES)


class RoomRow(Base):
    """One session of a scenario; without code and key it is one person's alone.

    The scenario is kept as it was when the session was opened: a file that changes meanwhile
    changes nothing here. The key itself is kept nowhere.
    """

    __tablename__ = "room"
    __table_args__ = (CheckConstraint("(code IS NULL) = (key_hash IS NULL)", name="led"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(unique=True)
    scenario_id: Mapped[str]
    scenario_json: Mapped[str] = mapped_column(deferred=True)
    scenario_hash: Mapped[str]
    key_hash: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    keep: Mapped[bool]
    delete_on: Mapped[date] = mapped_column(index=True)


class PlaceRow(Base):
    """One participant in a room. `holder_hash` stands for the conversation it is played in.

    `told_upto` is the last entry whose words the participant was told; what comes after it is the
    facilitator's. `ended_at` is when the rehearsal in this place came to its end.
    """

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        UniqueConstraint("room_id", "alias"),
        UniqueConstraint("room_id", "holder_hash"),
        # a holder has one place open at a time
        Index(
            "ix_place_open", "holder_hash", unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        ),
        Index("ix_place_holder_hash", "holder_hash"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True)
    alias: Mapped[str]
    holder_hash: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_upto: Mapped[int]

    room: Mapped[RoomRow] = relationship()


class EntryRow(Base):
    """One thing that was done in a place, numbered from 1.

    `told_after` is the place's `told_upto` before a message of the participant: with it, a message
    that comes twice gets the same answer.
    """

    __tablename__ = "entry"
    __table_args__ = (
        one_of("kind", Kind),
        CheckConstraint("led = (message_id IS NULL)", name="led"),
        CheckConstraint("led = (told_after IS NULL)", name="told"),
        UniqueConstraint("place_id", "message_id"),
    )

    place_id: Mapped[str] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    what: Mapped[str]
    led: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None]
    told_after: Mapped[int | None]


class LeadRow(Base):
    """One thing that the facilitator did, in every place or in one of them."""

    __tablename__ = "lead"
    __table_args__ = (
        one_of("kind", Kind),
        UniqueConstraint("room_id", "message_id"),
    )

    room_id: Mapped[str] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    what: Mapped[str]
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None]


class WrongCodeRow(Base):
    """A code that no room had, and who tried it: codes are not to be guessed."""

    __tablename__ = "wrong_code"
    __table_args__ = (Index("ix_wrong_code_holder_hash", "holder_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    holder_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReferenceCounterRow(Base):
    """The last number given to a rehearsal in a calendar year."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
