"""Where people talk to the assistant: each channel renders the same messages in its own way."""
