"""The colours of the charts tell their meanings apart for people who see red, green or blue less, and stand off the ground.

Colour blindness is simulated with the published matrices of Machado, Oliveira and Fernandes (2009), at full severity, in
linear RGB; distances are CIE 1976 differences in L*a*b*. Below about 10 two colours are hard to tell apart in small marks.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from dashboard.charts import template

Colour = np.ndarray

SIMULATIONS = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ @ np.ones(3)
MEANINGS = {
    "better": template.BETTER,
    "worse": template.WORSE,
    "changed": template.CHANGED,
    "ordinary": template.ORDINARY,
    "target": template.TARGET,
}
ENOUGH = 15.0
GROUNDS = {"light": "#ffffff", "dark": "#14181d"}


def linear(colour: str) -> Colour:
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: Colour) -> Colour:
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one: str, other: str, sight: str) -> float:
    matrix = SIMULATIONS[sight]
    return float(np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(other))))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_knows_what_is_known() -> None:
    assert distance("#000000", "#ffffff", "everybody") == pytest.approx(100, abs=0.1)
    assert distance("#ff0000", "#00ff00", "everybody") == pytest.approx(170.6, abs=0.5)
    # A red and an olive green that a deuteranope confuses.
    assert distance("#a03020", "#605010", "deuteranopia") < distance("#a03020", "#605010", "everybody") / 2
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("sight", SIMULATIONS)
def test_meanings_stay_apart(sight: str) -> None:
    near = {
        (one, other): round(distance(MEANINGS[one], MEANINGS[other], sight), 1)
        for one, other in combinations(MEANINGS, 2)
        if distance(MEANINGS[one], MEANINGS[other], sight) < ENOUGH
    }
    assert near == {}


@pytest.mark.parametrize("ground", GROUNDS)
def test_marks_stand_off_the_ground(ground: str) -> None:
    """Graphics need a contrast of 3 (WCAG 1.4.11)."""
    pale = {name: round(contrast(colour, GROUNDS[ground]), 2) for name, colour in MEANINGS.items()}
    assert {name: value for name, value in pale.items() if value < 3} == {}


def test_each_direction_has_a_shape_of_its_own() -> None:
    assert len(set(template.DIRECTION_SYMBOLS.values())) == len(template.DIRECTION_SYMBOLS) == 3
    assert len(set(template.DIRECTION_COLOURS.values())) == 3
