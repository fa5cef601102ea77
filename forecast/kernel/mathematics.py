"""Exponential and logarithm."""

import math

from forecast.kernel.compiled import jit


@jit
def exponential(x):
    """Return e to the power of x."""
    return math.exp(x)


@jit
def logarithm(x):
    """Return the natural logarithm of x > 0."""
    return math.log(x)
