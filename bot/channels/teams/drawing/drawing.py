"""Where the channel meets the cards: nothing else of it knows how a message is drawn."""

from bot.channels.teams.drawing import cards
from bot.channels.teams.drawing.submitted import submitted


class Drawing:
    """The cards of Teams, as `turn.Answering` asks for them."""

    rendered = staticmethod(cards.rendered)
    submitted = staticmethod(submitted)
    chosen = staticmethod(cards.chosen)
    said_chosen = staticmethod(cards.said_chosen)
