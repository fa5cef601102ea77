"""Codes of the event log, of exit reasons and of the purposes of draws."""

import numpy as np

# Event kinds: initiator and target are the dispute's unless said otherwise.
DISPUTE = 1  # value: aim 0 none, 1 territory, 2 policy, 3 regime, 4 other
RESISTED = 2  # value: 1 resisted, 0 not
AGENDA = 3  # per body and stage that has it on the agenda; value: severity 0, 1, 2
MOTION_PASSED = 4  # value: level
VETOED = 5  # value: level
CONCESSION = 6
GRAB_HELD = 7
FATAL = 8  # value: deaths
WAR = 9  # value: probability of escalation
JOINED = 10  # initiator: the joiner, target: the principal it helps; value: load; institution or -1
RENEGED = 11  # the same for an obliged state that stays out; value: probability of joining
HELP_BY_DECISION = 12  # standing force joins; value: standing
TEST = 13  # value: delivered share
WAR_END = 14  # value: 1 initiator wins, 2 draw, 3 target wins; -1 cut off by the horizon
WAR_DEATHS = 15  # value: battle deaths within the horizon

# Exit reasons of a trajectory.
COMPLETED = 0
CANDIDATES_FULL = 1
PENDING_FULL = 2
WARS_FULL = 3
TOO_MANY_DISPUTES = 4
EXIT_REASONS = (
    "completed",
    "candidates_full",
    "pending_full",
    "wars_full",
    "too_many_disputes",
)

# Purposes of draws (append only; docs/model.md §1.1).
CLIMATE = np.uint32(1)
IMMIGRANT = np.uint32(2)
STOCK_SHORT = np.uint32(3)
STOCK_LONG = np.uint32(4)
CHILD_COUNT = np.uint32(6)
CHILD = np.uint32(7)
PROVOCATION = np.uint32(8)
ESCALATION = np.uint32(9)
FATALITY = np.uint32(10)
AGENDA_DRAW = np.uint32(11)
CASE = np.uint32(12)
VOTE = np.uint32(13)
VETO = np.uint32(14)
SALIENCE = np.uint32(15)
JOIN = np.uint32(16)
WAR_DRAW = np.uint32(17)
OUTCOME = np.uint32(18)
DEATHS = np.uint32(19)
LATENCY = np.uint32(20)
