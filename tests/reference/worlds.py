"""Small random worlds, alike for every run of the tests, and livelier parameters."""

import math
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from forecast.kernel.arrays import Dyads, Inputs, OriginWars, States
from forecast.kernel.parameters import Parameters
from tests.reference.world_institutions import random_architectures

CONFIGS = Path(__file__).parents[2] / "configs"

# Added to the shipped constants: many disputes, wars, votes and allies in a world of a few states.
LIVELIER = {
    "onset": {"const": 3.8, "deterrence": 0.08, "provocation": 0.3},
    "escalation": {"const": 2.2},
    "joining": {"const": 3.5},
    "agenda": {"const": 2.0},
    "veto": {"const": 1.5},
    "response": {"concession": 0.2},
    "fatality": {"unresisted": 0.1},
    "sanctions": {"compliance": 0.3},
    "nuclear": {"both_armed": 0.1, "one_armed": 0.05, "proliferation": 0.1},
    "conquest": {"death": 0.8},
    "rivalry": {"const": 3.0, "end": 0.1},
    "exit": {"collapse_level": 0.15, "collapse_years": -2.0, "dissolution": 0.2},
    "pacts": {"death": 0.05, "accession_affinity": 0.1},
    "coercion": {"growth_loss": 0.05},
    "growth": {"sd": 0.05},
    "regime": {"sd": 0.08},
    "spillover": {"strength": 0.2},
}


def default_parameters() -> Parameters:
    """Read the shipped parameters through the scenario room."""
    from forecast.scenario.load import load_scenario

    shipped = load_scenario(CONFIGS / "three_futures.toml").parameters
    return Parameters(
        *(
            group(*(float(getattr(getattr(shipped, name), key).value) for key in group._fields))
            for name, group in Parameters.__annotations__.items()
        )
    )


def adjusted(parameters: Parameters, changes: dict[str, dict[str, float]]) -> Parameters:
    """Replace some parameters, group by group."""
    return parameters._replace(
        **{name: getattr(parameters, name)._replace(**new) for name, new in changes.items()}
    )


def livelier(parameters: Parameters) -> Parameters:
    """Raise the constants by which things happen."""
    raised = {
        name: {key: getattr(getattr(parameters, name), key) + more for key, more in new.items()}
        for name, new in LIVELIER.items()
    }
    return adjusted(parameters, raised)


def random_parameters(rng: random.Random) -> Parameters:
    """Make livelier parameters, in some worlds with the processes that are off by default."""
    onset = {
        "frailty_sd": rng.choice((0.0, 0.4)),
        "moral_hazard": rng.choice((0.0, 0.05)),
        "power_transition": rng.choice((0.2, 1.0)),
    }
    return adjusted(livelier(default_parameters()), {"onset": onset})


def without(parameters: Parameters, processes: Iterable[str]) -> Parameters:
    """Switch some processes off."""
    return adjusted(parameters, {"process": dict.fromkeys(processes, 0.0)})


def small_world(
    seed: int,
    states: int | None = None,
    architectures: int = 2,
    years: int = 12,
    parameters: Parameters | None = None,
) -> Inputs:
    """Make a world of 6 to 12 states with everything in it that the model knows."""
    rng = random.Random(seed)
    count = states or rng.randint(6, 12)
    people = random_states(rng, count)
    reference = rng.randrange(architectures)
    return Inputs(
        states=people,
        dyads=random_dyads(rng, count),
        wars=random_wars(rng, count),
        architectures=random_architectures(rng, people, architectures, reference),
        parameters=parameters or random_parameters(rng),
        reference=reference,
        years=years,
    )


def random_states(rng: random.Random, count: int) -> States:
    """Make states; the strongest are great powers, mostly armed."""
    raw = [rng.lognormvariate(0.0, 1.6) for _ in range(count)]
    if rng.random() < 0.3:
        raw[rng.randrange(count)] = 1e-4 * max(raw)
    capability = [c / sum(raw) for c in raw]
    order = sorted(range(count), key=lambda k: -capability[k])
    great, g3 = set(order[: rng.randint(2, 3)]), set(order[:2])
    democracy = [rng.random() for _ in range(count)]
    point = [rng.random() for _ in range(count)]
    return States(
        code=np.array(sorted(rng.sample(range(2, 950), count)), np.int64),
        capability=np.array(capability),
        population=np.array([c * 4e8 * rng.uniform(0.02, 2.0) for c in capability]),
        democracy=np.array(democracy),
        democratic=flags(d > rng.uniform(0.3, 0.7) for d in democracy),
        great=flags(k in great for k in range(count)),
        g3=flags(k in g3 for k in range(count)),
        state_class=np.array(
            [2 if k in great else rng.choice((0, 1)) for k in range(count)], np.int8
        ),
        region=np.array([rng.randrange(6) for _ in range(count)], np.int8),
        gdp=shares(c * rng.uniform(0.3, 3.0) for c in capability),
        spending=shares(c * rng.uniform(0.3, 3.0) for c in capability),
        nuclear=np.array(
            [rng.choice((2, 2, 1) if k in great else (0, 0, 1, 2)) for k in range(count)], np.int8
        ),
        resilience=np.array([rng.random() for _ in range(count)]),
        affinity=np.array([[math.exp(-1.5 * abs(x - y)) for y in point] for x in point]),
        trade=random_trade(rng, count),
        contiguity=symmetric(rng, count, lambda: rng.choice((0, 0, 1, 1, 2, 3, 5))),
        rival=symmetric(rng, count, lambda: rng.choice((0, 0, 1))),
    )


def shares(values: Iterable[float]) -> np.ndarray:
    """Scale values to a sum of 1."""
    array = np.array(list(values))
    return array / array.sum()


def flags(values: Iterable[bool]) -> np.ndarray:
    """Turn truth values into an array of flags."""
    return np.array([int(value) for value in values], np.int8)


def symmetric(rng: random.Random, count: int, draw: Callable[[], int]) -> np.ndarray:
    """Make a symmetric table with an empty diagonal."""
    table = np.zeros((count, count), np.int8)
    for a in range(count):
        for b in range(a + 1, count):
            table[a, b] = table[b, a] = draw()
    return table


def random_trade(rng: random.Random, count: int) -> np.ndarray:
    """Make trade shares whose rows sum to less than 1."""
    rows = [[0.0 if a == b else rng.expovariate(1.0) for b in range(count)] for a in range(count)]
    return np.array([[0.9 * x / sum(row) for x in row] for row in rows])


def random_dyads(rng: random.Random, count: int) -> Dyads:
    """Make a universe of all pairs or of a random half of them."""
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    if rng.random() < 0.5:
        pairs = sorted(rng.sample(pairs, len(pairs) // 2))
    shared = [
        (
            rng.uniform(50.0, 12000.0),
            rng.expovariate(0.03),
            memory(rng),
            memory(rng),
            rng.choice((0, 1, -1)),
        )
        for _ in pairs
    ]
    directed = sorted([*pairs, *((b, a) for a, b in pairs)])
    pair = [pairs.index((min(d), max(d))) for d in directed]
    distance, age, short, long, last = (
        np.array([shared[q][column] for q in pair]) for column in range(5)
    )
    forward = np.array([1 if i < j else -1 for i, j in directed])
    return Dyads(
        initiator=np.array([i for i, _ in directed], np.int32),
        target=np.array([j for _, j in directed], np.int32),
        pair=np.array(pair, np.int32),
        reverse=np.array([directed.index((j, i)) for i, j in directed], np.int32),
        distance=distance,
        age=age,
        memory_short=short,
        memory_long=long,
        last_initiator=(last * forward).astype(np.int8),
    )


def memory(rng: random.Random) -> float:
    """Remembered disputes of a pair; half of the pairs have none."""
    return rng.choice((0.0, 1.0)) * rng.expovariate(1.0)


def random_wars(rng: random.Random, count: int) -> OriginWars:
    """Make no war, one, or two under way at the origin, with a joiner here and there."""
    wars = rng.choice((0, 1, 1, 2))
    side = np.zeros((wars, count), np.int8)
    principals = [rng.sample(range(count), 2) for _ in range(wars)]
    for m, (i, j) in enumerate(principals):
        side[m, i], side[m, j] = 1, 2
        for k in rng.sample(range(count), 2):
            if k not in (i, j) and rng.random() < 0.6:
                side[m, k] = rng.choice((1, 2))
    low = [rng.uniform(1e3, 1e5) for _ in range(wars)]
    return OriginWars(
        initiator=np.array([i for i, _ in principals], np.int32),
        target=np.array([j for _, j in principals], np.int32),
        elapsed=np.array([rng.uniform(0.2, 4.0) for _ in range(wars)], np.float64),
        deaths_low=np.array(low, np.float64),
        deaths_high=np.array([x * rng.uniform(1.0, 3.0) for x in low], np.float64),
        side=side,
    )
