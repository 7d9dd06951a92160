"""The simulator's shops: each arm of an experiment is a shop of its own, behind the real API."""
