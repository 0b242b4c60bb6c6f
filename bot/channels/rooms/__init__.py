"""The facilitator's pages: the scenarios, a session as it goes on, and what it came to."""
