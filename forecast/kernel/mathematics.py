"""Exponential and logarithm in plain arithmetic.

They are inlined, and a loop over states computes several at a time; a call to the machine's
mathematics library is neither. In code with branches that call is the faster of the two, and stays.
Both are within 2 units in the last place of the exact value (tests/kernel/test_mathematics.py).
"""

import numpy as np

from forecast.kernel.compiled import exposed

_LOG2_E = 1.4426950408889634
# ln 2 in two parts, the first short enough that its product with an exponent is exact.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUNDER = 6755399441055744.0  # 1.5 * 2^52: added and taken off, it rounds to a whole number
_LEAST, _MOST = -708.0, 709.0
_EXPONENT = np.int64(52)  # position of the exponent among the bits of a float64
_HALF_ROOT = np.int64(0x3FE6A09E667F3BCD)  # bits of sqrt(1/2)
_EXPONENT_BITS = np.int64(-(2**52))
_LN2 = 0.6931471805599453


@exposed
def exponential(x):
    """Return e to the power of x, which is bounded to [-708, 709]."""
    x = min(max(x, _LEAST), _MOST)
    shifted = x * _LOG2_E + _ROUNDER
    n = shifted - _ROUNDER
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    # Taylor's series for |r| <= ln(2) / 2, in pairs that need not wait for each other.
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 + r) + (1.0 / 2.0 + r * (1.0 / 6.0)) * r2
    middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + (1.0 / 720.0 + r * (1.0 / 5040.0)) * r2
    high = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) * r2
    top = 1.0 / 479001600.0 + r * (1.0 / 6227020800.0)
    power = low + (middle + (high + top * r4) * r4) * r4
    bits = np.float64(power).view(np.int64) + (np.float64(shifted).view(np.int64) << _EXPONENT)
    return np.int64(bits).view(np.float64)


@exposed
def logarithm(x):
    """Return the natural logarithm of x, a positive normal number."""
    bits = np.float64(x).view(np.int64)
    above = bits - _HALF_ROOT
    exponent = np.float64(above >> _EXPONENT)
    f = (
        np.int64(bits - (above & _EXPONENT_BITS)).view(np.float64) - 1.0
    )  # sqrt(1/2) <= 1 + f < sqrt(2)
    # ln(1 + f) = 2 atanh(s), by its series in z = s^2 <= 0.0295.
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = (2.0 / 3.0 + z * (2.0 / 5.0)) + (2.0 / 7.0 + z * (2.0 / 9.0)) * z2
    high = (2.0 / 11.0 + z * (2.0 / 13.0)) + (2.0 / 15.0 + z * (2.0 / 17.0)) * z2
    top = 2.0 / 19.0 + z * (2.0 / 21.0)
    tail = s * z * (low + (high + top * z4) * z4)
    return exponent * _LN2_HIGH + ((tail + exponent * _LN2_LOW) + 2.0 * s)


@exposed
def least_logarithm(x):
    """Return a lower bound of the natural logarithm of x > 0, less than 0.06 below it.

    The logarithm to base 2 lies above its chord between powers of 2, which the bits of x spell.
    """
    return _LN2 * (np.float64(np.float64(x).view(np.int64)) * 2.0**-52 - 1023.0)
