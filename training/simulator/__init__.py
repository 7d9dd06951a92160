"""A shop whose truth is known: shoppers with hidden needs, experiments on them, and estimates checked against it."""
