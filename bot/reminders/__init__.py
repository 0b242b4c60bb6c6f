"""Reminders: what is due, put into an outbox once, and sent from it until it arrives."""
