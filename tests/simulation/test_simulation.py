"""Whole shops under seeded accidents: after recovery the books agree with every provider's.

`PAYLINKS_SEEDS` says how many seeds (120), each run other ones; `PAYLINKS_SEED` plays one again and prints all of it.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from .ledgers import installed
from .runs import play

_SEEDS = int(os.environ.get("PAYLINKS_SEEDS", "120"))
_AGAIN = os.environ.get("PAYLINKS_SEED")
_PARTS = 12  # each a test of its own, so that several processes share them
_KNOWN = 40
_ENOUGH = 200  # a provider among many is not every seed's


@pytest.mark.long
@pytest.mark.parametrize("part", range(_PARTS))
def test_seeds(part: int) -> None:
    """Fresh seeds, every time the tests run."""
    first = random.SystemRandom().randrange(10**12)
    seeds = range(first, first + _SEEDS * (part + 1) // _PARTS - _SEEDS * part // _PARTS)
    if _AGAIN is not None:
        seeds = range(int(_AGAIN), int(_AGAIN) + (part == 0))
    for seed in seeds:
        outcome = play(seed)
        if _AGAIN is not None:
            sys.stdout.write("\n".join(outcome.log))
        if outcome.wrong:
            pytest.fail(str(outcome), pytrace=False)


@pytest.mark.parametrize("seed", range(_KNOWN))
def test_known_seeds(seed: int) -> None:
    """The same seeds, every time: what fails here was changed just now."""
    outcome = play(seed)
    if outcome.wrong:
        pytest.fail(str(outcome), pytrace=False)


def test_a_seed_runs_the_same_way_again() -> None:
    """Also in another process, whose hashes of texts are others."""
    seeds = range(12)
    here = [play(seed).digest for seed in seeds]
    again = [play(seed).digest for seed in seeds]
    program = f"from {play.__module__} import play\nfor seed in {seeds!r}: print(play(seed).digest)"
    root = Path(__file__).parent.parent.parent
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
    there = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()

    assert len(set(here)) == len(here)
    assert again == here
    assert there == here


def test_every_provider_takes_money() -> None:
    """A provider that fails at every call would hold all that is promised, and prove nothing."""
    charged: Counter[str] = Counter()
    for seed in range(_ENOUGH):
        charged += play(seed).charged
        if charged.keys() == installed().keys():
            break

    assert charged.keys() == installed().keys() >= {"frail", "plain"}
