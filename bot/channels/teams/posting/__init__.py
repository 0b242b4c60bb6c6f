"""What goes out: sent by a process of its own, and known to have been sent."""
