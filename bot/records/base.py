"""The ground that every table of the records stands on."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from bot.databases.columns import NAMES


class Base(DeclarativeBase):
    """The tables of the records."""

    metadata = MetaData(naming_convention=NAMES)
