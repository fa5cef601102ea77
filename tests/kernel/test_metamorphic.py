"""What a changed world must leave alone, and in which direction it must move what it changes."""

import math

import numpy as np
import pytest

from forecast.kernel import events
from forecast.kernel.arrays import Inputs
from forecast.kernel.derive import derive
from forecast.kernel.results import TRAJECTORY_COUNTS
from forecast.kernel.simulate import simulate_batch, trace
from tests.reference.worlds import adjusted, small_world, without

SEEDS = range(4)
BY_STATE = ("member", "decider", "veto", "covered")
BY_ARCHITECTURE = {"conduct", "start_conduct", "transition_years"}
PROMISES = {"promise_start", "promise_state", "promise_institution"}
COVERED_BY_NONE = {"obligation": 0.9, "share": 0.5, "credibility": 0.8, "credibility_size": 20.0,
                   "fail_weight": 1.0, "memory_years": 10.0, "legitimacy": 0.7, "quorum": 0.5,
                   "exists": 1, "armed": 1, "trigger": 1}  # fmt: skip


def log_rows(inputs: Inputs, seed: int, trajectory: int, leave_out: int = -2) -> list[list[tuple]]:
    """Return the events of every architecture, without those of one institution."""
    _, log = trace(inputs, derive(inputs), seed, trajectory)
    rows = []
    for a in range(inputs.architectures.exists.shape[0]):
        size = int(log.size[a, 0])
        columns = (log.time, log.kind, log.id, log.initiator, log.target, log.institution,
                   log.value)  # fmt: skip
        table = zip(*(column[a, :size].tolist() for column in columns), strict=True)
        rows.append([row for row in table if row[5] != leave_out])
    return rows


def assert_same_events(before: list[list[tuple]], after: list[list[tuple]]) -> None:
    """Compare event by event; values may differ in the last digits, whole deaths by one."""
    for ours, theirs in zip(before, after, strict=True):
        assert [row[1:6] for row in ours] == [row[1:6] for row in theirs]
        np.testing.assert_allclose([r[0] for r in ours], [r[0] for r in theirs], 1e-9)
        np.testing.assert_allclose([r[6] for r in ours], [r[6] for r in theirs], 1e-9, 1.0)


def with_institution(inputs: Inputs, members: tuple[int, ...], **numbers: float) -> Inputs:
    """Append an institution that covers nobody to every architecture."""
    records, grown = inputs.architectures, {}
    record = COVERED_BY_NONE | numbers
    for name, column in records._asdict().items():
        if name in BY_ARCHITECTURE | PROMISES:
            continue
        if name == "key":
            grown[name] = np.append(column, 31_000)
        elif name in BY_STATE:
            added = np.zeros_like(column[:, :1])
            if name in ("member", "decider"):
                added[:, :, list(members)] = 1
            grown[name] = np.concatenate([column, added], axis=1)
        else:
            value = record.get(name.removeprefix("start_"), 0)
            grown[name] = np.append(column, np.full_like(column[:, :1], value), axis=1)
    return inputs._replace(architectures=records._replace(**grown))


INERT_INSTITUTIONS = {
    "a pact without members": ((), {}),
    "a pact that covers nobody": ((0, 1), {}),
    "a body that covers nobody": ((0, 1), {"ladder_max": 4}),
}


@pytest.mark.parametrize("kind", INERT_INSTITUTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_institution_that_covers_nobody__changes_no_event(seed, kind):
    """Only its own dissolution may be new: an institution without members dissolves."""
    members, numbers = INERT_INSTITUTIONS[kind]
    inputs = small_world(seed)
    grown = with_institution(inputs, members, **numbers)
    added = inputs.architectures.key.size
    before = log_rows(inputs, seed, 0)
    assert sum(map(len, before)) > 50
    assert_same_events(before, log_rows(grown, seed, 0, leave_out=added))


def moved(index: np.ndarray, at: int) -> np.ndarray:
    """Return state indices after a state was put in at a place."""
    return (index + (index >= at)).astype(index.dtype)


def with_state(inputs: Inputs, at: int) -> Inputs:
    """Put in a state without neighbours, affinity, trade, rivals, pacts or power."""
    s, d, r = inputs.states, inputs.dyads, inputs.architectures
    count = s.code.size
    code = int(s.code[at - 1]) + 1 if at else 1
    assert code not in s.code
    put = {"code": code, "capability": 1e-300, "gdp": 1e-300, "spending": 1e-300,
           "population": 1.0, "democracy": 0.2}  # fmt: skip
    states = {}
    for name, column in s._asdict().items():
        if column.ndim == 2:
            wide = np.insert(np.insert(column, at, 0, axis=0), at, 0, axis=1)
            wide[at, at] = 1 if name == "affinity" else 0
            states[name] = np.ascontiguousarray(wide)
        else:
            states[name] = np.insert(column, at, put.get(name, 0))
    sets = {name: np.insert(getattr(r, name), at, 0, axis=2) for name in BY_STATE}
    start = np.insert(r.promise_start, at, r.promise_start[:, at], axis=1)
    wars = inputs.wars
    assert states["code"].size == count + 1
    return inputs._replace(
        states=s._replace(**states),
        dyads=d._replace(initiator=moved(d.initiator, at), target=moved(d.target, at)),
        wars=wars._replace(
            initiator=moved(wars.initiator, at),
            target=moved(wars.target, at),
            side=np.insert(wars.side, at, 0, axis=1),
        ),
        architectures=r._replace(
            **sets, promise_start=start, promise_state=moved(r.promise_state, at)
        ),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_inert_state__changes_no_event(seed):
    """Two processes are off, which see every state however small.

    Proliferation measures a threat against those of all states, and the founder of a pact takes a
    partner of no power if no other is eligible.
    """
    inputs = small_world(seed)
    inputs = inputs._replace(parameters=without(inputs.parameters, ["proliferation", "pact_birth"]))
    at = next(
        n for n, c in enumerate(inputs.states.code) if n and c - 1 != inputs.states.code[n - 1]
    )
    before = log_rows(inputs, seed, 0)
    assert sum(map(len, before)) > 50
    assert_same_events(before, log_rows(with_state(inputs, at), seed, 0))


def relabelled(inputs: Inputs, order: np.ndarray) -> tuple[Inputs, np.ndarray]:
    """Let the state at place n bear what state order[n] bore, under the code of place n.

    Codes stay sorted. Returns the world and, for each of its dyads, the dyad it was.
    """
    s, d, r = inputs.states, inputs.dyads, inputs.architectures
    place = np.argsort(order)
    states = {
        name: column[np.ix_(order, order)] if column.ndim == 2 else column[order]
        for name, column in s._asdict().items()
    }
    initiator, target = place[d.initiator], place[d.target]
    was = np.lexsort((target, initiator))
    low, high = np.minimum(initiator, target)[was], np.maximum(initiator, target)[was]
    dyads = {name: column[was] for name, column in d._asdict().items()}
    dyads |= {
        "initiator": initiator[was].astype(np.int32),
        "target": target[was].astype(np.int32),
        "pair": np.unique(low * s.code.size + high, return_inverse=True)[1].astype(np.int32),
        "reverse": np.argsort(was)[d.reverse[was]].astype(np.int32),
    }
    start, promising, giver = relabelled_promises(r, order, place)
    wars = inputs.wars
    return inputs._replace(
        states=s._replace(**states | {"code": s.code}),
        dyads=d._replace(**dyads),
        wars=wars._replace(
            initiator=place[wars.initiator].astype(np.int32),
            target=place[wars.target].astype(np.int32),
            side=wars.side[:, order],
        ),
        architectures=r._replace(
            **{name: np.ascontiguousarray(getattr(r, name)[:, :, order]) for name in BY_STATE},
            promise_start=start,
            promise_state=promising,
            promise_institution=giver,
        ),
    ), was


def relabelled_promises(r, order, place):
    """List the promises by their new target and promising state."""
    start, rows = np.zeros_like(r.promise_start), []
    for a in range(start.shape[0]):
        for j, old in enumerate(order):
            start[a, j] = len(rows)
            held = range(r.promise_start[a, old], r.promise_start[a, old + 1])
            rows += sorted(
                (int(place[r.promise_state[n]]), int(r.promise_institution[n])) for n in held
            )
        start[a, -1] = len(rows)
    table = np.array(rows, np.int32).reshape(-1, 2)
    return start, np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


@pytest.mark.parametrize("seed", SEEDS)
def test_relabelling__permutes_rates_support_and_votes(seed):
    inputs = small_world(seed)
    order = np.random.default_rng(seed).permutation(inputs.states.code.size)
    other, was = relabelled(inputs, order)
    ours, theirs = derive(inputs), derive(other)
    for name in ("log_rate", "support_reference", "cost_reference", "support_nominal"):
        np.testing.assert_allclose(getattr(theirs, name), getattr(ours, name)[was], 1e-9, 1e-12)
    for name in ("table", "start_table"):
        expected = ours.tables[getattr(ours, name)][:, :, :, was]
        np.testing.assert_allclose(theirs.tables[getattr(theirs, name)], expected, 1e-9, 1e-12)
    for name in ("threat", "stake", "guard_reference", "load_reference"):
        np.testing.assert_allclose(getattr(theirs, name), getattr(ours, name)[order], 1e-9, 1e-12)


def test_relabelling__permutes_the_law_of_results():
    """Draws belong to codes, so only the law is the same: means lie within 4 standard errors.

    About 30 comparisons; a false alarm has probability 30 × 6e-5 = .002 over seeds.
    """
    inputs = small_world(3, years=8)
    order = np.random.default_rng(1).permutation(inputs.states.code.size)
    other, was = relabelled(inputs, order)
    ours, theirs = (batches(world, seed) for world, seed in ((inputs, 5), (other, 6)))
    compared = 0
    for name in ("dispute_count", "fatal_dispute_count", "war_count", "aggression_success_count",
                 "ally_honoured_count", "veto_count", "rivalry_start_count"):  # fmt: skip
        n = TRAJECTORY_COUNTS.index(name)
        x, y = (
            np.concatenate([b.trajectories.counts[n, 0] for b in run]) for run in (ours, theirs)
        )
        compared += differs_little(x.astype(float), y.astype(float))
    x, y = (np.array([b.dyads.onset_count[0].sum(axis=1) for b in run]) for run in (ours, theirs))
    for k in np.argsort(-x.sum(axis=0))[:20]:
        compared += differs_little(x[:, k].astype(float), y[:, np.flatnonzero(was == k)[0]] * 1.0)
    assert compared >= 24


def batches(inputs: Inputs, seed: int) -> list:
    derived = derive(inputs)
    return [simulate_batch(inputs, derived, seed, 20 * n, 20) for n in range(40)]


def differs_little(x: np.ndarray, y: np.ndarray) -> bool:
    """Compare two means; return whether there was anything to compare."""
    error = math.sqrt(x.var(ddof=1) / x.size + y.var(ddof=1) / y.size)
    assert abs(x.mean() - y.mean()) <= 4 * error
    return error > 0.0


def strengthened(inputs: Inputs, p: int, name: str) -> Inputs:
    """Raise one number of a pact in the reference, on the same side of a defence obligation.

    An obligation that crosses .5 makes allies, who vote and veto otherwise: another claim.
    """
    a, r = inputs.reference, inputs.architectures
    changed = {}
    for column in (name, f"start_{name}"):
        values = getattr(r, column).copy()
        most = 0.49 if name == "obligation" and values[a, p] < 0.5 else 0.99
        values[a, p] += 0.6 * (most - values[a, p])
        changed[column] = values
    return inputs._replace(architectures=r._replace(**changed))


@pytest.mark.parametrize("name", ["obligation", "share", "credibility"])
def test_stronger_pact__never_lowers_expected_support(name):
    raised = 0
    for seed in range(8):
        inputs = small_world(seed)
        r, a = inputs.architectures, inputs.reference
        before = derive(inputs).support_reference
        for p in np.flatnonzero((r.exists[a] == 1) & (r.ladder_max[a] == 0) & (r.armed[a] == 1)):
            after = derive(strengthened(inputs, int(p), name)).support_reference
            assert (after >= before - 1e-12).all()
            raised += int((after > before + 1e-9).sum())
    assert raised > 50


def with_numbers(inputs: Inputs, **columns: np.ndarray) -> Inputs:
    return inputs._replace(architectures=inputs.architectures._replace(**columns))


def passing(inputs: Inputs) -> np.ndarray:
    """Return the chances that motions pass, (A, P, 9, K, 2): enforcement, and sanctions."""
    derived = derive(inputs)
    return derived.tables[derived.table]


def test_more_veto_restraint__never_lowers_the_chance_to_pass():
    raised = 0
    for seed in range(8):
        inputs = small_world(seed)
        restraint = inputs.architectures.veto_restraint
        more = with_numbers(inputs, veto_restraint=restraint + 0.5 * (1.0 - restraint))
        before, after = passing(inputs), passing(more)
        assert (after >= before - 1e-12).all()
        raised += int((after > before + 1e-9).sum())
    assert raised > 100


def test_higher_quorum_and_more_vetoes__never_raise_the_chance_to_pass():
    lowered = 0
    for seed in range(8):
        inputs = small_world(seed)
        r = inputs.architectures
        before = passing(inputs)
        quorum = np.where(r.quorum > 0.0, np.minimum(1.0, r.quorum + 0.2), 0.0)
        for harder in (with_numbers(inputs, quorum=quorum), with_numbers(inputs, veto=r.decider)):
            after = passing(harder)
            assert (after <= before + 1e-12).all()
            lowered += int((after < before - 1e-9).sum())
    assert lowered > 100


def test_events_of_the_worlds__cover_wars_votes_and_institutions():
    """The claims above are worth as much as what happens in the worlds they hold in."""
    kinds = {
        row[1] for seed in SEEDS for rows in log_rows(small_world(seed), seed, 0) for row in rows
    }
    wanted = {events.WAR, events.JOINED, events.MOTION_PASSED, events.VETOED, events.TEST,
              events.PACT_BORN, events.EXITED, events.RIVALRY_STARTED, events.COERCED}  # fmt: skip
    assert wanted <= kinds


def test_no_deterrence__lets_support_change_nothing_at_onset():
    """With all effects of support at zero a stronger pact changes the origin's rates not at all."""
    inputs = small_world(2)
    none = {"onset": {"deterrence": 0.0, "unilateral_cost": 0.0}}
    inputs = inputs._replace(parameters=adjusted(inputs.parameters, none))
    r, a = inputs.architectures, inputs.reference
    pacts = np.flatnonzero((r.exists[a] == 1) & (r.ladder_max[a] == 0) & (r.armed[a] == 1))
    rates = derive(inputs).log_rate
    for p in pacts:
        np.testing.assert_array_equal(derive(strengthened(inputs, int(p), "share")).log_rate, rates)
