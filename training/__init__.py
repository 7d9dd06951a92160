"""What learns and what measures: edge weights and evaluation."""
