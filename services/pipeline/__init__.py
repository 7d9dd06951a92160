"""The daily run: load, embed, pair, judge, weigh."""
