from services.pairs.combination import Combination
from services.pairs.segments import Segment

H, M, L = Segment.HEAD, Segment.MIDDLE, Segment.TAIL
KITCHEN, CAMPING, BOTH = frozenset({"kitchen"}), frozenset({"camping"}), frozenset({"kitchen", "camping"})


def test_every_combination_of_segments_and_domains() -> None:
    combination = Combination([H, M, M, M, L, M], [KITCHEN, KITCHEN, BOTH, CAMPING, KITCHEN, frozenset()])
    tails = [combination.tails(head).astype(int).tolist() for head in range(6)]
    assert tails == [
        [1, 1, 1, 1, 1, 1],
        [1, 1, 1, 0, 0, 0],
        [1, 1, 1, 1, 0, 0],
        [1, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
    ]
