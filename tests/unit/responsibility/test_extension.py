"""Integrals of derivatives for many games in one pass, against each game by itself."""

import random

import pytest

from attribution.responsibility import extension
from attribution.responsibility.extension import Extension, integrate_roots, moments_of

Node = tuple[int, int, int]


def random_nodes(draw: random.Random, levels: int) -> list[Node]:
    """Return decisions on up to some levels, children first, after losing and winning."""
    nodes: list[Node] = [(0, 0, 0), (0, 1, 1)]
    for level in range(levels - 1, -1, -1):
        deeper = len(nodes)
        for _ in range(draw.randint(1, 4)):
            low, high = draw.randrange(deeper), draw.randrange(deeper)
            if low != high:
                nodes.append((level, low, high))
    return nodes


@pytest.mark.parametrize("seed", range(60))
def test_all_roots_at_once_have_what_each_has_alone(seed: int) -> None:
    """Shapley or Owen integrals of all decisions are those of each one as a game of its own."""
    draw = random.Random(seed)
    count = draw.randint(1, 7)
    own = draw.sample(range(count), draw.randint(1, count)) if draw.random() < 0.5 else None
    stride = 1 if own is None else len(own) + 1
    levels: list[tuple[int | None, int]] = [
        (10 + n, 1) if own is None or n in own else (None, stride) for n in range(count)
    ]
    moments, _ = moments_of(count if own is None else count - len(own) + 1, stride)
    nodes = random_nodes(draw, count)
    alone = Extension([(*levels[level], low, high) for level, low, high in nodes[2:]])
    together = integrate_roots(nodes, levels, range(len(nodes)), moments)
    assert together is not None
    for root, found in enumerate(together):
        expected = alone.integrate({root: moments})
        assert found == {player: value for player, value in expected.items() if value}


def test_what_may_not_fit_into_64_bits_is_left_to_integers_of_any_size() -> None:
    """Beyond some forty players in a row the sizes of coefficients are not bounded by 64 bits."""
    nodes = [(0, 0, 0), (0, 1, 1), *((39 - n, 0, n + 1) for n in range(40))]
    moments, _ = moments_of(40, 1)
    assert integrate_roots(nodes, [(n, 1) for n in range(40)], [41], moments) is None


def test_what_takes_too_much_room_is_left_to_one_game_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A limit on the coefficients kept at the same time is kept to."""
    monkeypatch.setattr(extension, "MAX_COEFFICIENTS", 5)
    assert integrate_roots([(0, 0, 0), (0, 1, 1), (0, 0, 1)], [(0, 1)], [2], (1,)) is None
    monkeypatch.setattr(extension, "MAX_COEFFICIENTS", 6)
    assert integrate_roots([(0, 0, 0), (0, 1, 1), (0, 0, 1)], [(0, 1)], [2], (1,)) == [{0: 1}]
