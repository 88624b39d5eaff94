"""How many parameters fixed effects cost, and what they are."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from panel.core.absorber import Absorber

UNITS = np.repeat(np.arange(12), 5)
YEARS = np.tile(np.arange(5), 12)
ZONES = UNITS // 4


def absorber(**groups):
    levels = tuple(tuple(range(int(g.max()) + 1)) for g in groups.values())
    return Absorber(tuple(groups), tuple(g.copy() for g in groups.values()), levels)


@pytest.mark.parametrize(
    ("groups", "clusters", "full", "nonnested"),
    [
        ({"u": UNITS}, [], 12, 12),
        ({"u": UNITS}, [UNITS], 12, 1),
        ({"u": UNITS}, [ZONES], 12, 1),
        ({"u": UNITS}, [YEARS], 12, 12),
        ({"u": UNITS, "t": YEARS}, [UNITS], 16, 5),
        ({"u": UNITS, "t": YEARS}, [YEARS], 16, 12),
        ({"u": UNITS, "t": YEARS}, [UNITS, YEARS], 16, 1),
        # zones say nothing beside units, and with zones as clusters only the years are left
        ({"u": UNITS, "z": ZONES, "t": YEARS}, [ZONES], 16, 5),
        ({"z": ZONES, "u": UNITS}, [ZONES], 12, 1),
        ({"z": ZONES, "u": UNITS}, [UNITS], 12, 1),
    ],
)
def test_parameters_counted(groups, clusters, full, nonnested):
    effects = absorber(**groups)
    assert effects.parameters("full", clusters) == effects.rank == full
    assert effects.parameters("nonnested", clusters) == nonnested
    assert effects.parameters("none", clusters) == 0


def test_residuals_of_vectors_and_matrices():
    effects = absorber(u=UNITS, t=YEARS)
    values = np.random.default_rng(0).normal(size=(60, 2))
    both = effects.residualize(values)
    np.testing.assert_allclose(effects.residualize(values[:, 1]), both[:, 1], atol=1e-14)
    assert both.flags.writeable


def test_effects_are_zero_at_the_grounded_level_and_add_up():
    effects = absorber(u=UNITS, t=YEARS)
    values = 2.0 * UNITS + 3.0 * YEARS
    found = effects.effects(values)
    np.testing.assert_allclose(found["t"], 3.0 * np.arange(5), atol=1e-12)
    np.testing.assert_allclose(found["u"], 2.0 * np.arange(12), atol=1e-12)


def test_a_pickle_holds_no_factorisation():
    effects = absorber(u=np.repeat(np.arange(150), 150), t=np.tile(np.arange(150), 150))
    before = len(pickle.dumps(effects))
    values = np.random.default_rng(1).normal(size=22_500)
    first = effects.residualize(values)
    assert len(pickle.dumps(effects)) == before
    back = pickle.loads(pickle.dumps(effects))
    np.testing.assert_array_equal(back.residualize(values), first)
    assert not back.codes[0].flags.writeable
