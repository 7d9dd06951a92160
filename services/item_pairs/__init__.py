"""What pairs of items go together, from all that a shop knows of them."""
