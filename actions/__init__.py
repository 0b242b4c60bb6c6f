"""Rasa custom actions, thin: slots in, the pure packages asked, records kept, words chosen."""
