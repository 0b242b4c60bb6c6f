"""One professional disagreement being taken through a policy: pure, with `now` as an argument."""
