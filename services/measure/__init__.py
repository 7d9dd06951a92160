"""Every figure of docs/measurements.md, each by a command that anyone can run."""
