"""What a case is written into: calendar, forms, log and report. Pure: a case in, bytes out."""
