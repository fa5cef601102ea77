"""Transforms of uniforms and scalar helpers of the kernel."""

import math

import numpy as np

from forecast.kernel.compiled import exposed, inlined, jit

# Wichura (1988), Algorithm AS 241: The percentage points of the normal distribution,
# doi:10.2307/2347330: numerators and denominators of the three rational approximations.
_A = (
    3.3871328727963666080,
    133.14166789178437745,
    1971.5909503065514427,
    13731.693765509461125,
    45921.953931549871457,
    67265.770927008700853,
    33430.575583588128105,
    2509.0809287301226727,
)
_B = (
    1.0,
    42.313330701600911252,
    687.18700749205790830,
    5394.1960214247511077,
    21213.794301586595867,
    39307.895800092710610,
    28729.085735721942674,
    5226.4952788528545610,
)
_C = (
    1.42343711074968357734,
    4.63033784615654529590,
    5.76949722146069140550,
    3.64784832476320460504,
    1.27045825245236838258,
    0.241780725177450611770,
    0.0227238449892691845833,
    7.74545014278341407640e-4,
)
_D = (
    1.0,
    2.05319162663775882187,
    1.67638483018380384940,
    0.689767334985100004550,
    0.148103976427480074590,
    0.0151986665636164571966,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)
_E = (
    6.65790464350110377720,
    5.46378491116411436990,
    1.78482653991729133580,
    0.296560571828504891230,
    0.0265321895265761230930,
    0.00124266094738807843860,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
_F = (
    1.0,
    0.599832206555887937690,
    0.136929880922735805310,
    0.0148753612908506148525,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)
_CENTRAL = 0.425  # where, as far from 1/2, the first approximation ends


@inlined
def _rational(numerator, denominator, r):
    top, bottom = 0.0, 0.0
    for n in range(7, -1, -1):
        top = top * r + numerator[n]
        bottom = bottom * r + denominator[n]
    return top / bottom


@inlined
def _central_normal_quantile(p):
    """Return the standard normal quantile of p, if that is within 0.425 of 1/2; no branches."""
    q = p - 0.5
    return q * _rational(_A, _B, 0.180625 - q * q)


@jit
def normal_quantiles(p, x):
    """Write the standard normal quantiles of all p in (0, 1) to x."""
    for n in range(p.size):
        x[n] = _central_normal_quantile(p[n])
    for n in range(p.size):
        if abs(p[n] - 0.5) > _CENTRAL:
            x[n] = normal_quantile(p[n])


@exposed
def normal_quantile(p):
    """Return the standard normal quantile of p in (0, 1) (Wichura 1988)."""
    q = p - 0.5
    if abs(q) <= _CENTRAL:
        return _central_normal_quantile(p)
    tail = p if q < 0 else 1.0 - p
    r = math.sqrt(-math.log(tail))
    x = _rational(_C, _D, r - 1.6) if r <= 5.0 else _rational(_E, _F, r - 5.0)
    return -x if q < 0 else x


@jit
def normal_cdf(x):
    """Return the standard normal distribution function at x."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@jit
def logistic(x):
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


@jit
def logit(p):
    """Return ln(p / (1 - p))."""
    return math.log(p / (1.0 - p))


@jit
def clip(x, low, high):
    """Bound x to [low, high]."""
    return min(max(x, low), high)


@exposed
def poisson_quantile(u, mean):
    """Return the smallest n whose Poisson distribution function exceeds u (small means)."""
    if u < 1.0 - mean:  # below exp(-mean)
        return 0
    return poisson_above(u, mean, math.exp(-mean))


@jit
def poisson_above(u, mean, none):
    """Return the Poisson quantile of u, given the probability of none."""
    n, term, total = 0, none, none
    while u >= total and n < 1000:
        n += 1
        term *= mean / n
        total += term
    return n


@jit
def _first_above(cumulative, value):
    low, high = np.int64(0), np.int64(cumulative.size - 1)
    while low < high:
        middle = (low + high) >> np.int64(1)
        above = cumulative[middle] > value
        low, high = (low, middle) if above else (middle + 1, high)
    return low


@jit
def guide(cumulative):
    """Return where to start looking for a share of the total, for shares 0, 1/n, 2/n, ... 1."""
    n, total = cumulative.size, cumulative[-1]
    start = np.zeros(n + 1, np.int32)
    for m in range(n + 1):
        start[m] = _first_above(cumulative, m / n * total * (1.0 - 1e-9))
    return start


@jit
def first_above(cumulative, start, share):
    """Return the first index whose running sum exceeds a share of the total (else the last one).

    `start` is the guide of the running sums: the index is found in one or two steps.
    """
    last = cumulative.size - 1
    value, at = share * cumulative[last], np.int64(start[int(share * cumulative.size)])
    while at < last and cumulative[at] <= value:
        at += 1
    return at


@jit
def pick(score, u):
    """Return the first index whose running sum of scores exceeds u times their sum, -1 if 0."""
    total = 0.0
    for k in range(score.size):
        total += score[k]
    if total <= 0.0:
        return -1
    running, last = 0.0, -1
    for k in range(score.size):
        if score[k] > 0.0:
            running += score[k]
            last = k
            if running > u * total:
                break
    return last


@exposed
def student_quantile(p):
    """Return the quantile of Student's t with four degrees of freedom at p in (0, 1).

    Shaw (2006, Sampling Student's T distribution, J. Comput. Finance 9(4): 37-73) has it as
    2 sqrt(q - 1) with q = cos(acos(a) / 3) / a and a = 2 sqrt(p (1 - p)). Here c = cos(acos(a) / 3)
    is the root of 4 c^3 - 3 c = a, found as d = 1 - c from its series and three Newton steps, and
    q - 1 = 4 c (1 - c^2) / a, which loses no digits near the median.
    """
    m = 2.0 * p - 1.0
    a = 2.0 * math.sqrt(p * (1.0 - p))
    e = m * m / (1.0 + a)  # 1 - a
    d = e * (1.0 / 9.0 + e * (12.0 / 729.0 + e * (252.0 / 59049.0)))
    for _ in range(3):
        d -= (d * (9.0 - d * (12.0 - 4.0 * d)) - e) / (9.0 - d * (24.0 - 12.0 * d))
    x = 4.0 * math.sqrt((1.0 - d) * d * (2.0 - d) / a)
    return x if m >= 0.0 else -x
