"""Facts in words: shared by chat, command line, documents and mail."""
