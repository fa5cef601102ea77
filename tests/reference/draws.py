"""Draws by address (docs/model.md §1.1) and the few distributions the model needs."""

import hashlib
import math
from itertools import accumulate
from statistics import NormalDist

MASK32 = 2**32 - 1
MASK64 = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15

(CLIMATE, IMMIGRANT, STOCK_SHORT, STOCK_LONG) = (1, 2, 3, 4)
(CHILD_COUNT, CHILD, PROVOCATION, ESCALATION, FATALITY) = (6, 7, 8, 9, 10)
(AGENDA, CASE, VOTE, VETO, SALIENCE, JOIN) = (11, 12, 13, 14, 15, 16)
(WAR, OUTCOME, DEATHS, LATENCY) = (17, 18, 19, 20)
(COMPLY, NUCLEAR, CONQUEST, SLOW) = (21, 22, 23, 24)
(RIVAL_START, RIVAL_END, RIVAL_LAYER, COERCION, RULING) = (25, 26, 27, 28, 29)
(BIRTHS, FOUNDER, PARTNER, ACCESSION, ACCESSION_NOISE) = (30, 31, 32, 33, 34)
(EXIT, PACT_LIFE, FRAILTY) = (35, 36, 37)

(ROOT_IMMIGRANT, ROOT_SHORT, ROOT_LONG, ROOT_WAR, ROOT_COERCION) = (2, 3, 4, 5, 28)


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32 with ten rounds."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK32, (p0 >> 32) ^ c3 ^ k1, p0 & MASK32
        k0 = (k0 + 0x9E3779B9) & MASK32
        k1 = (k1 + 0xBB67AE85) & MASK32
    return c0, c1, c2, c3


def mix(z: int) -> int:
    """Scramble 64 bits, one to one."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK64
    return z ^ (z >> 31)


def child_id(parent: int, n: int) -> int:
    """Identity of the n-th child of a parent."""
    return mix((parent + GOLDEN * (n + 1)) & MASK64)


def institution_key(name: str) -> int:
    """First 15 bits of the SHA-256 of an institution's name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") >> 1


class Draws:
    """All draws of one trajectory."""

    def __init__(self, seed: int, trajectory: int) -> None:
        self.key = (seed, trajectory)

    def __call__(self, identity: int, purpose: int, actor: int = 0) -> tuple[float, float, float]:
        """Return the three uniforms at an address."""
        counter = (identity & MASK32, identity >> 32, purpose, actor)
        x0, x1, x2, x3 = philox(counter, self.key)
        u = (((x0 << 32) + x1 >> 12) + 0.5) * 2.0**-52
        return u, (x2 + 0.5) * 2.0**-32, (x3 + 0.5) * 2.0**-32


def normal(uniform: float) -> float:
    """Standard normal by inversion."""
    return NormalDist().inv_cdf(uniform)


def normal_cdf(x: float) -> float:
    """Standard normal distribution function, accurate in the lower tail."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def student4(uniform: float) -> float:
    """Student's t with four degrees of freedom by inversion, in closed form (Shaw 2006)."""
    root = math.sqrt(4.0 * uniform * (1.0 - uniform))
    spread = math.cos(math.acos(root) / 3.0) / root
    return math.copysign(2.0 * math.sqrt(spread - 1.0), uniform - 0.5)


def poisson(mean: float, uniform: float) -> int:
    """Smallest n whose Poisson distribution function exceeds the uniform."""
    n, term = 0, math.exp(-mean)
    total = term
    while total <= uniform:
        n += 1
        term *= mean / n
        total += term
    return n


def weighted(weights: list[float], uniform: float) -> int:
    """Return the first index whose running sum exceeds the share of the total, -1 if all are 0."""
    cumulative = list(accumulate(weights))
    if not cumulative or cumulative[-1] <= 0.0:
        return -1
    return next(n for n, total in enumerate(cumulative) if total > uniform * cumulative[-1])


def logistic(x: float) -> float:
    """Probability of log odds."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def logit(p: float) -> float:
    """Log odds of a probability."""
    return math.log(p / (1.0 - p))


def clip(x: float, low: float, high: float) -> float:
    """Bound x."""
    return min(max(x, low), high)
