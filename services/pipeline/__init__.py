"""The daily run: load, pair, judge, weigh."""
