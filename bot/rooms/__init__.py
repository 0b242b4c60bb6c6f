"""Rehearsal sessions: codes to join by, places to play in, what was done; kept apart from cases.

`rooms.open_rooms(url)` is the one way in. A room is one session of a scenario: led, with a code and
a facilitator's key, or of one person alone. A place is one participant in it, known by an alias
and by a hash of the conversation it is played in. What is kept of a place is its entries alone:
where it stands is always played from them again (`bot.rehearsal.play`).

Whoever joins late begins where the room is: what the facilitator did to the clock and the events
(`leading.FOR_LATE_COMERS`) is done in the new place too, in its order, as far as it is possible
there. What was only said or shown is not repeated.

Nothing here may import `bot.records`, and the database has a mark of its own: a rehearsal cannot
reach a case, and neither database is ever taken for the other.
"""
