"""The report of an experiment as markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from training.simulator.analysis import Findings, Replayed
from training.simulator.intervals import Estimate
from training.simulator.open_bandit import Replay
from training.simulator.readout import MEANS, PRIMARY, Comparison

UNTAUGHT = (
    "Too few clicks follow a complementary edge to train the edge-weight model: what `kerec weigh` publishes are "
    "counted weights. More shoppers or weeks give more clicks."
)
_PAIRS = 20
_ALARM = 0.05


def report(
    findings: Findings, about: Mapping[str, str], sizes: Mapping[str, int], bandit: Sequence[Replay], command: str
) -> str:
    """The whole text; `about` says what each arm is, `sizes` how many shoppers it had."""
    parts = [
        "# A simulated experiment",
        f"Made by `{command}`. Intervals are of 95 %.",
        _table(("arm", "what it is", "shoppers"), [(arm, text, sizes[arm]) for arm, text in about.items()]),
        _truth(findings),
        "## Arms beside the control\n\n![Lifts](lifts.png)\n\n![Conversions week by week](weekly.png)",
        _comparisons(findings),
        "CUPED's covariate is known before the experiment: a shopper's visits, orders or GMV of the warm-up. For "
        "ratios the last interval is the bootstrap's over shoppers.",
        _verdicts(findings),
        _alarms(findings),
        "## What edge weights are worth",
        f"{findings.tested:,} complementary exposures of the last weeks; weights know only what came before. AUC "
        "compares clicked and unclicked items at equal places only.\n\n![AUC by week](weights.png)",
        _board(findings),
        *([UNTAUGHT] if findings.untaught else []),
        "## Places\n\n![How likely a place is looked at](places.png)",
        "## Off-policy estimates\n\n"
        "Lists in random order are decisions with known propensities; the question is how often the top would be "
        "clicked under another policy. The truth is known.\n\n![Off-policy](off_policy.png)",
        _replays(findings.replays),
        *([_bandit(bandit)] if bandit else []),
        "## Conversion change per pair of concepts\n\n![Pairs](pairs.png)",
        _pairs(findings),
    ]
    return "\n\n".join(parts) + "\n"


def _truth(findings: Findings) -> str:
    known = findings.agreement
    return (
        f"The judge names {known.right} of {known.right + known.missing} hidden needs and {known.false} pairs that "
        f"are none; its strength and the true rates have a rank correlation of {known.correlation:.2f}."
    )


def _comparisons(findings: Findings) -> str:
    header = (
        "metric",
        "arm",
        "control",
        "arm's",
        "difference",
        "lift, %",
        "p",
        "p, Holm",
        "by CUPED",
        "variance saved, %",
    )
    return _table(header, [_comparison(each) for each in findings.comparisons])


def _comparison(each: Comparison) -> tuple[object, ...]:
    saved = f"{100 * each.saved:.0f}" if each.metric in MEANS else ""
    return (
        each.metric,
        each.arm,
        f"{each.control_value:.4g}",
        f"{each.arm_value:.4g}",
        _interval(each.plain),
        _interval(each.lift, 100),
        f"{each.plain.p:.3f}",
        f"{each.holm:.3f}",
        _interval(each.adjusted),
        saved,
    )


def _verdicts(findings: Findings) -> str:
    lines = [_verdict(arm, findings) for arm in dict.fromkeys(each.arm for each in findings.comparisons)]
    rule = (
        "How an arm is read: it differs from the control in a metric if p is below 0.05 after Holm's correction for "
        f"all metrics of the arm; it gains if it differs in {PRIMARY} and the interval of these lies above zero."
    )
    return "\n".join([rule, "", *lines])


def _verdict(arm: str, findings: Findings) -> str:
    every = [each for each in findings.comparisons if each.arm == arm]
    primary = next(each for each in every if each.metric == PRIMARY)
    least = min(every, key=lambda each: each.holm)
    if least.holm >= _ALARM:
        said = "is like the control"
    elif primary.holm < _ALARM and primary.plain.above:
        said = "gains"
    else:
        said = "differs from the control and does not gain"
    least_p = f"the least p after Holm's correction is {least.holm:.3f}, of {least.metric}"
    return f"- {arm} {said}: {PRIMARY} {_interval(primary.plain)}; {least_p}."


def _alarms(findings: Findings) -> str:
    shares = ", ".join(f"{metric} {100 * share:.1f} %" for metric, share in findings.alarms.items())
    return f"The control split in two at random, many times over: p < 0.05 in {shares} of the splits (5 % is right)."


def _board(findings: Findings) -> str:
    rows = [(name, _interval(line.auc), _interval(line.gain)) for name, line in findings.board.items()]
    return _table(("weights", "AUC", "above prior only"), rows)


def _replays(replays: Iterable[Replayed]) -> str:
    header = (
        "policy",
        "estimator",
        "truth",
        "from the log",
        "mean of replays",
        "root mean square error",
        "coverage, %",
    )
    rows = [
        (
            each.policy,
            each.estimator,
            f"{each.truth:.4f}",
            _interval(each.once),
            f"{each.average:.4f}",
            f"{each.error:.4f}",
            f"{100 * each.coverage:.0f}",
        )
        for each in replays
    ]
    return _table(header, rows)


def _bandit(bandit: Sequence[Replay]) -> str:
    rows = [
        (each.logged, each.target, each.impressions, each.clicks, f"{each.effective:.0f}", name, _interval(estimate))
        for each in bandit
        for name, estimate in [*each.estimates.items(), ("the policy's own log", each.own)]
    ]
    header = ("log of", "policy", "impressions", "clicks", "effective", "estimator", "rate of clicks")
    return "On the Open Bandit data, where both policies were run:\n\n" + _table(header, rows)


def _pairs(findings: Findings) -> str:
    rows = [
        (
            f"{row['head']} → {row['tail']}",
            f"{row['converted']} of {row['buyers']}",
            f"{row['control_converted']} of {row['control_buyers']}",
            _interval(Estimate(row["change"], row["low"], row["high"]), 100),
        )
        for row in findings.pairs.head(_PAIRS).iter_rows(named=True)
    ]
    return "The pairs with the most buyers.\n\n" + _table(("pair", "arm", "control", "change, % points"), rows)


def _interval(estimate: Estimate, scale: float = 1.0) -> str:
    return f"{scale * estimate.value:.3g} [{scale * estimate.low:.3g}, {scale * estimate.high:.3g}]"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
