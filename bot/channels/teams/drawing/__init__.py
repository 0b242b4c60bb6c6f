"""How messages look in Teams: our own cards as Adaptive Cards, and what they send back."""
