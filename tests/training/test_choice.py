"""The conditional logit beside its definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad

from training import choice
from training.choice import Scale, fit_choices, unlearned


def test_it_finds_the_weights_that_choices_were_made_by() -> None:
    generator = np.random.default_rng(0)
    features = [generator.normal(size=(4000, 6)).astype(np.float32) for _ in range(3)]
    truth = (1.5, -0.7, 0.0)
    utility = sum(weight * values for weight, values in zip(truth, features, strict=True))
    chosen = np.argmax(utility + generator.gumbel(size=(4000, 6)), axis=1)
    model = fit_choices(features, chosen, (False, False, False), penalty=1e-6)
    weights = [weight / scale.deviation for weight, scale in zip(model.weights, model.scales, strict=True)]
    assert weights == pytest.approx(truth, abs=0.1)


def test_its_slope_is_that_of_its_loss() -> None:
    generator = np.random.default_rng(1)
    features = generator.normal(size=(7, 4, 3)).astype(np.float32)
    loss = choice._loss(features, generator.integers(0, 4, 7), penalty=0.3)
    point = generator.normal(size=3)
    assert check_grad(lambda w: loss(w)[0], lambda w: loss(w)[1], point, epsilon=1e-2) < 1e-2


def test_a_score_is_the_weighted_sum_of_scaled_features() -> None:
    values = np.array([[0.0, 1.0, 4.0]], dtype=np.float32)
    scale = Scale.of(values, logarithm=True)
    positive = np.quantile([1.0, 4.0], 0.3)
    read = np.log(values + positive)
    assert scale.read(values) == pytest.approx((read - read.mean()) / read.std(), abs=1e-4)
    assert (unlearned(1).score([values]) == 0).all()
