"""Distances on the Earth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, km. Source: Moritz (2000), Geodetic Reference System 1980."""


def great_circle_km(
    latitude_a: Floats, longitude_a: Floats, latitude_b: Floats, longitude_b: Floats
) -> Floats:
    """Return great-circle distances between points on a spherical Earth (haversine formula).

    Parameters
    ----------
    latitude_a, longitude_a, latitude_b, longitude_b
        Coordinates of both points, degrees, any one shape.

    Returns
    -------
    NDArray
        Distance, km, 0 to half the circumference.

    Source
    ------
    Sinnott (1984), Virtues of the Haversine, Sky and Telescope 68(2): 159.

    Examples
    --------
    >>> point = np.array([0.0])
    >>> great_circle_km(point, point, point, np.array([180.0])).round().tolist()
    [20015.0]
    """
    phi_a, phi_b = np.radians(latitude_a), np.radians(latitude_b)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = np.radians(longitude_b - longitude_a) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))
