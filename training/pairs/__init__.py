"""What pairs of items go together: features, training samples and the learned scorer."""
