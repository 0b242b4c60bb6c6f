"""What is shown, in our own terms; every channel draws the same cards."""
