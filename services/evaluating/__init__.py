"""Evaluations of the whole service, on graphs made for the purpose."""
