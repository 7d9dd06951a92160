"""The learned ranker: item-item evidence, features of candidates, gradient boosting, a knowledge term, calibration."""
