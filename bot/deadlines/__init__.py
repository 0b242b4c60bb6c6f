"""Working days, elapsed hours and months; and the dates that people say in words."""
