from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation import content, histories, ranking
from training.evaluation.baselines import directed
from training.evaluation.content import code_digest, content_digest, library_versions, modules_behind

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


@dataclass(frozen=True)
class Pair:
    left: object
    right: object


def plain(value: object) -> object:
    """Told apart by kind too, as True and 1 or 0.0 and -0.0 are not by ==."""
    match value:
        case list():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
    return repr(value)


@given(VALUES, VALUES)
def test_equal_values_alone_have_equal_digests(one: object, other: object) -> None:
    assert (content_digest(one) == content_digest(other)) == (plain(one) == plain(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (pl.DataFrame({"a": [1]}), pl.DataFrame({"b": [1]})),
        (pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [1.0]})),
        (pl.DataFrame({"a": [None]}, schema={"a": pl.String}), pl.DataFrame({"a": [""]})),
        (Pair(1, 2), Pair(2, 1)),
        (["ab", "c"], ["a", "bc"]),
        ([[], 1], [[1]]),
    ],
)
def test_values_that_are_told_apart(one: object, other: object) -> None:
    assert content_digest(one) != content_digest(other)
    assert content_digest(one) == content_digest(one)


def test_a_value_without_content() -> None:
    with pytest.raises(TypeError, match="object has no digest"):
        content_digest(object())


def test_code_by_its_text(tmp_path: Path) -> None:
    module = ModuleType("some")
    module.__file__ = str(tmp_path / "some.py")
    (tmp_path / "some.py").write_text("a = 1")
    before = code_digest(module)
    code_digest.cache_clear()
    (tmp_path / "some.py").write_text("a = 2")
    assert code_digest(module) != before
    assert code_digest(content) != code_digest(histories)


def test_the_modules_behind_a_value() -> None:
    behind = modules_behind(directed.Directed())
    assert {directed, histories} <= set(behind)
    assert ranking not in behind
    assert all(module.__name__.split(".")[0] in {"training", "graph"} for module in behind)


def test_versions_of_libraries() -> None:
    assert library_versions(["numpy", "no-such-library"]) == {"numpy": np.__version__, "no-such-library": ""}
