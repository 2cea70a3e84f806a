import pickle

import numpy as np
import pytest

from defib.reading.checkpoint.unpickling import Built, Global, unpickle
from defib.reading.predictions.problems import Unreadable, Unsafe
from defib.reading.predictions.values import UNDERSTOOD, Values, refuse_others

DTYPE = Built(Global("numpy", "dtype"), ("f4", False, True), (3, "<", None, None, None, -1, -1, 0))


def inert(value, protocol=2):
    return unpickle(pickle.dumps(value, protocol=protocol)).value


def array(value, most=1000):
    return Values(most).array(value)


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_arrays_and_their_single_numbers_are_made_again(protocol):
    whole = np.arange(6, dtype=np.float32).reshape(2, 3)
    for value in (whole, np.asfortranarray(whole), whole[:, 1], whole[1, 2], np.float64(0.5), np.int64(7)):
        found = array(inert(value, protocol))
        assert found.tolist() == value.tolist()
        assert found.dtype == value.dtype


def test_plain_numbers_and_lists_of_them_are_arrays():
    assert array(3).tolist() == 3
    assert array([1, 0.5]).tolist() == [1, 0.5]


@pytest.mark.parametrize(
    "value", ["a", None, True, [], ["a"], [True], {"a": 1}, [[1, 2]], Built("f", ()), Built("f", None)]
)
def test_what_is_no_array_is_none(value):
    assert array(value) is None


def rebuilt(shape=(2,), dtype=DTYPE, data=bytes(8), fortran=False):  # noqa: FBT002
    made = Global("numpy.core.multiarray", "_reconstruct")
    return Built(made, (Global("numpy", "ndarray"), (0,), b"b"), (1, shape, dtype, fortran, data))


def test_an_array_by_hand_is_read():
    assert array(rebuilt()).tolist() == [0, 0]


@pytest.mark.parametrize("broken", [
    rebuilt(shape=(3,)), rebuilt(shape=(-2,)), rebuilt(shape=(2**40, 2**40)), rebuilt(shape=("2",)), rebuilt(data=b""),
    rebuilt(data="text"), rebuilt(dtype=Built(Global("numpy", "dtype"), ("O8", False, True), (3, "|", None))),
    rebuilt(dtype=Built(Global("numpy", "dtype"), ("f4", False, True), None)), rebuilt(data=Built("f", ("a", "utf-8"))),
])  # fmt: skip
def test_an_array_that_is_not_what_it_says_is_refused(broken):
    with pytest.raises(Unreadable, match="tensor"):
        array(broken)


def test_all_arrays_together_may_be_no_larger_than_the_file():
    values = Values(10)
    assert values.array([0.5] * 10).size == 10
    with pytest.raises(Unreadable, match="repeats"):
        values.array(1)


def test_names_that_are_understood_pass_and_any_other_is_named():
    refuse_others(UNDERSTOOD)
    with pytest.raises(Unsafe, match=r"os\.system"):
        refuse_others([*UNDERSTOOD, Global("os", "system")])


def test_nothing_that_is_understood_could_run_something():
    rooms = {one.module for one in UNDERSTOOD}
    assert rooms == {"numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric",
                     "_codecs", "torch", "torch._utils", "torch.storage", "collections"}  # fmt: skip
