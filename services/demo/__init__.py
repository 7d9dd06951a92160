"""The demo shop: an invented catalogue, verdicts with reasons, and shoppers with hidden needs."""
