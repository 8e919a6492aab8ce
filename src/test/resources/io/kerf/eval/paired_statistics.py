"""Makes paired_statistics.json: python paired_statistics.py (needs numpy; p-values by integers of any size).

mcnemar: exact two-sided p and mid-p of discordant counts. holm: adjusted p. binomial: probabilities and lower tails.
bootstrap: the resampled mean of one group has a distribution that can be computed whole, by convolution: its exact
quantiles and standard deviation. macro: the mean over groups, a million draws. breakEven: the sum of training steps
over the mean difference of pairs of queries, 200,000 draws of both.
"""

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np

LEVEL = 0.95


def mcnemar(lost: int, gained: int) -> dict:
    n, k = lost + gained, min(lost, gained)
    whole = 2**n
    tail = sum(comb(n, i) for i in range(k + 1))
    exact = min(Fraction(1), Fraction(2 * tail, whole))
    mid = min(Fraction(1), Fraction(2 * tail - comb(n, k), whole))
    return {"lost": lost, "gained": gained, "exact": float(exact), "midP": float(mid)}


def binomial(n: int, p: Fraction, k: int) -> dict:
    def probability(i: int) -> Fraction:
        return comb(n, i) * p**i * (1 - p) ** (n - i)

    tail = sum(probability(i) for i in range(k + 1))
    return {"n": n, "p": float(p), "k": k, "probability": float(probability(k)), "atMost": float(tail)}


def holm(p: list) -> dict:
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(np.minimum(1, np.asarray(p)[order] * factors))
    return {"p": p, "adjusted": adjusted.tolist()}


def sums(kept: int, lost: int, gained: int, missed: int) -> tuple:
    """The sum of n draws of -1, 0, 1 and its probabilities, by repeated squaring."""
    n = kept + lost + gained + missed
    one = np.array([lost, kept + missed, gained]) / n
    result, power = np.array([1.0]), one
    steps = n
    while steps:
        if steps & 1:
            result = np.convolve(result, power)
        power = np.convolve(power, power) if steps > 1 else power
        steps >>= 1
    return np.arange(-n, n + 1), result


def bootstrap(kept: int, lost: int, gained: int, missed: int) -> dict:
    n = kept + lost + gained + missed
    values, probabilities = sums(kept, lost, gained, missed)
    below = np.cumsum(probabilities)
    low, high = (values[np.searchsorted(below, q)] / n for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    mean = (gained - lost) / n
    deviation = np.sqrt(((lost + gained) / n - mean**2) / n)
    counts = {"kept": kept, "lost": lost, "gained": gained, "missed": missed}
    return counts | {"low": float(low), "high": float(high), "deviation": float(deviation)}


def macro(groups: list) -> dict:
    random = np.random.default_rng(5)
    means = np.zeros(1_000_000)
    for kept, lost, gained, missed in groups:
        n = kept + lost + gained + missed
        drawn = random.multinomial(n, np.array([lost, gained, kept + missed]) / n, size=len(means))
        means += (drawn[:, 1] - drawn[:, 0]) / n / len(groups)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"groups": groups, "low": float(low), "high": float(high), "deviation": float(means.std())}


def break_even(seed: int, steps: int, pairs: int, saved: float) -> dict:
    random = np.random.default_rng(seed)
    training = np.round(random.gamma(20, 0.4, steps), 3)
    dense = np.round(random.gamma(60, 0.04, pairs), 4)
    variant = np.round(dense - saved + random.normal(0, 0.1, pairs), 4)
    totals = random.choice(training, (200_000, steps)).sum(1)
    drawn = random.integers(pairs, size=(200_000, pairs))
    shares = (dense - variant)[drawn].mean(1) / totals
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    queries = training.sum() / (dense.mean() - variant.mean())
    lists = {"steps": training.tolist(), "dense": dense.tolist(), "variant": variant.tolist()}
    return lists | {"queries": queries, "low": 1 / high, "high": 1 / low, "deviation": float((1 / shares).std())}


if __name__ == "__main__":
    pairs = [(0, 0), (1, 0), (0, 5), (3, 3), (12, 5), (5, 12), (7, 9), (20, 3), (59, 41), (500, 380), (4000, 3700), (30, 900)]
    shares = [(10, "1/2", 3), (40, "3/10", 12), (300, "1/100", 7), (2000, "9/10", 1750), (5, "1/5", 0), (7, "2/3", 7)]
    tests = [[0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.5], [0.2], [1e-9, 0.9, 0.04, 0.04, 0.02]]
    counts = [(30, 12, 5, 258), (600, 90, 60, 1250), (3000, 400, 380, 8220), (4, 2, 1, 3), (10, 0, 0, 10), (0, 40, 10, 0)]
    relations = [[(30, 12, 5, 50), (5, 1, 2, 12), (200, 60, 10, 700)], [(3, 1, 0, 2), (0, 0, 0, 4)]]
    golden = {
        "level": LEVEL,
        "mcnemar": [mcnemar(*pair) for pair in pairs],
        "binomial": [binomial(n, Fraction(p), k) for n, p, k in shares],
        "holm": [holm(p) for p in tests],
        "bootstrap": [bootstrap(*c) for c in counts],
        "macro": [macro(groups) for groups in relations],
        "breakEven": [break_even(*c) for c in [(1, 20, 12, 0.4), (2, 200, 40, 0.3), (3, 5, 8, 0.9)]],
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
