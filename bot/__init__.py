"""Escalation Guide: the assistant, its policies, decisions, records and channels."""
