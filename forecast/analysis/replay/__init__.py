"""Replaying single trajectories of a store, event by event, and finding those worth it."""

from forecast.analysis.replay.again import replay
from forecast.analysis.replay.told import Event, Replay

__all__ = ["Event", "Replay", "replay"]
