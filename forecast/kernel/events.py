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
COMPLIED = 16  # value: 1 a war, 2 a grab or concession undone
PEACEKEEPING = 17
NUCLEAR_USE = 18  # value: deaths
TERRITORY = 19  # by victory; value: share transferred
STATE_DEATH = 20
RIVALRY_STARTED = 21  # initiator: the lower index
RIVALRY_ENDED = 22  # initiator: the lower index; value: 1 new regime, 2 end of a state
PACT_BORN = 23  # initiator: founder, target: a member it won (one event each)
PACT_ENDED = 24  # the pair of a class, or founder and first partner; institution
EXITED = 25  # initiator: who leaves, target -1
DISSOLVED = 26  # initiator and target -1
ACCEDED = 27  # initiator: the new member, target -1
ARMED = 28  # initiator: the new nuclear power, target -1
COERCED = 29  # value: 0 withstood, 1 succeeded, 2 averted by a ruling (of the institution)

# Exit reasons of a trajectory.
COMPLETED = 0
CANDIDATES_FULL = 1
PENDING_FULL = 2
WARS_FULL = 3
TOO_MANY_DISPUTES = 4
PROMISES_FULL = 5
PACTS_FULL = 6
EXIT_REASONS = (
    "completed",
    "candidates_full",
    "pending_full",
    "wars_full",
    "too_many_disputes",
    "promises_full",
    "pacts_full",
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
COMPLY = np.uint32(21)
NUCLEAR_DRAW = np.uint32(22)
CONQUEST_DRAW = np.uint32(23)
SLOW = np.uint32(24)
RIVAL_START = np.uint32(25)
RIVAL_END = np.uint32(26)
RIVAL_LAYER = np.uint32(27)
COERCION_DRAW = np.uint32(28)
RULING = np.uint32(29)
BIRTHS = np.uint32(30)
FOUNDER = np.uint32(31)
PARTNER = np.uint32(32)
ACCESSION = np.uint32(33)
ACCESSION_NOISE = np.uint32(34)
EXIT_DRAW = np.uint32(35)
PACT_LIFE = np.uint32(36)
FRAILTY_DRAW = np.uint32(37)
