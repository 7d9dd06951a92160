"""What counters and prior alone say of exposures: the score that the network starts from."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from training.weights.eei.bag import log_sum_exp

_RIDGE = 1.0  # a unit Gaussian belief in every coefficient
_STEPS = 100


def logistic(features: Tensor, owner: Tensor, label: Tensor, sharpness: float) -> tuple[Tensor, Tensor]:
    """Coefficients [k] and intercept of a logistic regression on standardised features [m, k], with ridge.

    Triple t belongs to sample `owner`[t]; a sample's logit is the bag over its triples, and `label` [n] its label. Its
    handful of numbers is all that a few hundred clicks can bear (ours).
    """
    weight, bias = torch.zeros(features.shape[1], requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        scores = log_sum_exp(features @ weight, owner, len(label), sharpness) + bias
        total = binary_cross_entropy_with_logits(scores, label) + _RIDGE / 2 * weight.square().sum() / len(label)
        total.backward()
        return total

    optimizer.step(loss)
    return weight.detach(), bias.detach()
