"""The Rasa runtime: training, in-process actions, the conversations' store, one server."""

import os

# Rasa reads this when it is imported; a safeguarding assistant sends nothing to anybody.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
