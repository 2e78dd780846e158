"""SIRI's Prioritisation Matrix on synthetic tables (the real ones are EDB's property), worked out by hand."""

import pytest

from scoring.tier import HORIZONS, Horizon, IncompleteStanding, Standing, Tables, focus_dimensions, impact_values

BLOCKS = {"vertical": "process", "supply": "process", "shop": "technology", "office": "technology", "talent": "people"}
TABLES = Tables(
    BLOCKS,
    costs={
        "material": {"vertical": 1, "supply": 3, "shop": 0, "office": 0, "talent": 0},
        "labour": {"vertical": 0, "supply": 0, "shop": 2, "office": 1, "talent": 1},
    },
    objectives={
        "quality": {"vertical": 2, "supply": 0, "shop": 2, "office": 0, "talent": 1},
        "speed": {"vertical": 0, "supply": 5, "shop": 0, "office": 0, "talent": 0},
    },
)
STANDING = Standing(
    bands={"vertical": 1, "supply": 2, "shop": 0, "office": 4, "talent": 3},
    best_in_class={"vertical": 3, "supply": 3, "shop": 2, "office": 3, "talent": 3},
    cost_shares={"material": 0.5, "labour": 0.25},
    objectives={"quality": 1},
)


def test_each_term_is_normalised_before_it_is_weighted() -> None:
    """Raw cost .5, 1.5, .5, .25, .25 of 3; objectives 2, 0, 2, 0, 1 of 5; proximity 2, 1, 2, 0 (not -1), 0 of 5."""
    found = impact_values(TABLES, STANDING, Horizon(0.5, 0.3, 0.2))
    assert found == pytest.approx(
        {
            "vertical": 0.5 / 6 + 0.3 * 0.4 + 0.2 * 0.4,
            "supply": 0.5 * 0.5 + 0.2 * 0.2,
            "shop": 0.5 / 6 + 0.3 * 0.4 + 0.2 * 0.4,
            "office": 0.5 / 12,
            "talent": 0.5 / 12 + 0.3 * 0.2,
        }
    )


def test_impact_values_sum_to_one_at_every_horizon() -> None:
    """The weights of the three horizons are those of figure 12 of the whitepaper."""
    assert HORIZONS["strategic"] == Horizon(0.30, 0.40, 0.30)
    assert HORIZONS["tactical"] == Horizon(0.45, 0.30, 0.25)
    assert HORIZONS["operational"] == Horizon(0.60, 0.20, 0.20)
    for horizon in HORIZONS.values():
        assert sum(impact_values(TABLES, STANDING, horizon).values()) == pytest.approx(1)


def test_a_plant_ahead_of_the_best_in_class_gives_zero_and_not_an_error() -> None:
    ahead = Standing(dict.fromkeys(BLOCKS, 5.0), dict.fromkeys(BLOCKS, 3.0), STANDING.cost_shares, {})
    found = impact_values(TABLES, ahead, Horizon(0.5, 0.3, 0.2))
    assert sum(found.values()) == pytest.approx(0.5)
    assert found["supply"] == pytest.approx(0.25)


def test_the_focus_is_the_best_of_each_block_and_the_next_best_of_all() -> None:
    found = impact_values(TABLES, STANDING, Horizon(0.5, 0.3, 0.2))
    assert focus_dimensions(TABLES, found) == ("supply", "vertical", "shop", "talent")
    last = {"vertical": 0.4, "supply": 0.3, "shop": 0.1, "office": 0.15, "talent": 0.05}
    assert focus_dimensions(TABLES, last) == ("vertical", "supply", "office", "talent")


def test_of_equals_the_first_in_the_tables_comes_first() -> None:
    assert focus_dimensions(TABLES, dict.fromkeys(BLOCKS, 0.2)) == ("vertical", "supply", "shop", "talent")


def test_nothing_is_imputed() -> None:
    partly = Standing({"vertical": 1}, STANDING.best_in_class, STANDING.cost_shares, STANDING.objectives)
    with pytest.raises(IncompleteStanding, match="no band for supply, shop, office, talent"):
        impact_values(TABLES, partly, HORIZONS["tactical"])
    unknown = Standing(STANDING.bands, STANDING.best_in_class, {"energy": 1.0}, {})
    with pytest.raises(IncompleteStanding, match="no cost category 'energy'; they have material, labour"):
        impact_values(TABLES, unknown, HORIZONS["tactical"])
    gap = Tables(BLOCKS, {"material": {"vertical": 1.0}}, {})
    with pytest.raises(IncompleteStanding, match="no relevance to 'material' for supply"):
        impact_values(
            gap, Standing(STANDING.bands, STANDING.best_in_class, {"material": 1.0}, {}), HORIZONS["tactical"]
        )
