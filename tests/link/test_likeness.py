"""Names are near each other in whatever spelling, and far where they are another's."""

from __future__ import annotations

import pytest

from tests.waiting import is_done_within
from triplomacy.link.likeness import ENOUGH, likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [("Volodymyr Zelensky", "Volodymyr Zelenskyy"), ("Sebastien Lecornu", "Sébastien Lecornu"),
     ("NATO", "nato"), ("Trump", "Donald Trump"), ("Putin, Vladimir", "Vladimir Putin"),
     ("U.S.", "U. S."), ("Володимир Зеленський", "Владимир Зеленский"), ("Kyiv", "KYIV"),
     ("Мoсква", "Москва")],
)  # fmt: skip
def test_names_of_one_thing_are_near(one: str, other: str) -> None:
    assert likeness([one], [other]) >= ENOUGH
    assert likeness([other], [one]) >= ENOUGH


@pytest.mark.parametrize(
    ("one", "other"),
    [("Germany", "France"), ("Ukraine", "Russia"), ("Boris Pistorius", "Boris Johnson"),
     ("President of Russia", "Minister of Defence"), ("", "x"), ("…", "…")],
)  # fmt: skip
def test_names_of_others_are_far(one: str, other: str) -> None:
    assert likeness([one], [other]) < ENOUGH


def test_the_nearest_two_names_count() -> None:
    assert likeness(["China", "Beijing"], ["People's Republic of China", "Volksrepublik"]) == 1
    assert likeness([], ["x"]) == 0


def test_thousands_of_long_names_take_a_moment() -> None:
    names = [f"{n:x} " + "abcdefgh" * 30 for n in range(2000)]
    assert is_done_within(3, lambda: likeness(["Vladimir Putin"], names))
