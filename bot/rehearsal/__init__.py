"""Rehearsals: a scenario, a virtual clock, what is done in it, and what it is worth."""
