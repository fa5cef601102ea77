"""Variables of the group ``aggressions``: by ratio of power and by classes of the two states."""

from __future__ import annotations

from forecast.outcomes.variables.concept import BY_ARCHITECTURE, Variable

AXES = (*BY_ARCHITECTURE, "power_bin", "initiator_class", "target_class")
AS_IT_STOOD = (
    "by the logarithm of the initiator's capability over the target's at the onset and the "
    "classes of the two at the origin, summed over the batch's trajectories."
)


def aggression_variables() -> list[Variable]:
    """Return the variables of the group ``aggressions``."""
    return [
        Variable(
            "aggressions",
            "aggression_count",
            AXES,
            "int32",
            "disputes",
            "aggressions by ratio of power",
            f"Aggressions that start, {AS_IT_STOOD}",
        ),
        Variable(
            "aggressions",
            "aggression_success_count",
            AXES,
            "int32",
            "disputes",
            "successful aggressions by ratio of power",
            f"Aggressions that reach their aim within the horizon, {AS_IT_STOOD}",
        ),
    ]
