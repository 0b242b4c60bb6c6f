"""Rasa components of our own: the risk screen, policy entities, the policy that puts risk first."""
