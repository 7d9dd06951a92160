"""Items that nobody bought yet: what is bought of items like them is carried over, and weighed as choices showed."""
