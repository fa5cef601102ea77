"""Simulators a user might pick instead, each as its own documentation advises.

Every module offers ``NAME``, ``SEEDED`` (whether a seed can be
given to each trajectory by itself) and ``run(workload, trajectories, seed) -> Counts``.
Peers record onsets by year and sum over pairs of states; ours and the numba loop also record who
started what with whom in which year.
"""
