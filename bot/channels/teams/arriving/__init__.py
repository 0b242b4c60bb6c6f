"""What arrives: is it genuine, what does it say, and is it kept."""
