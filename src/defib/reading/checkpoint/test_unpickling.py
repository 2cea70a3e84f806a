import io
import os
import pickle
import pickletools
import struct
from collections import OrderedDict
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.unpickling import Built, Global, unpickle

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain, st.sampled_from([2, 3, 4, 5]))
def test_plain_values_come_out_as_the_standard_unpickler_reads_them(value, protocol):
    read = unpickle(pickle.dumps(value, protocol=protocol))
    assert read.value == value
    assert read.protocol == protocol
    assert not read.globals


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_read_or_refused_and_nothing_else(data):
    with suppress(Broken):
        unpickle(b"\x80\x02" + data)


@given(st.lists(st.sampled_from([op.code for op in pickletools.opcodes]), max_size=40), st.binary(max_size=20))
def test_arbitrary_opcodes_are_read_or_refused_and_nothing_else(codes, end):
    with suppress(Broken):
        unpickle("".join(codes).encode("latin-1") + end + b".")


class Attack:
    def __init__(self, how, path):
        self.how, self.path = how, path

    def __reduce__(self):
        return self.how, (f"touch {self.path}",)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_an_object_that_calls_os_system_is_noted_but_not_called(tmp_path, protocol):
    bomb = tmp_path / "sentinel"
    data = pickle.dumps(Attack(os.system, bomb), protocol=protocol)
    read = unpickle(data)
    assert isinstance(read.value, Built)
    assert str(read.value.function) == f"{os.system.__module__}.system"
    assert not bomb.exists()
    pickle.loads(data)  # and this is what it would have done
    assert bomb.exists()


def test_a_global_is_named_without_being_imported(tmp_path, monkeypatch):
    (tmp_path / "defib_bomb.py").write_text(f"open({str(tmp_path / 'sentinel')!r}, 'w')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    read = unpickle(b"\x80\x02cdefib_bomb\nanything\n.")
    assert read.value == Global("defib_bomb", "anything")
    assert not (tmp_path / "sentinel").exists()


def test_extension_codes_are_refused_even_when_this_process_has_registered_them(tmp_path):
    import copyreg

    copyreg.add_extension("os", "system", 240)
    try:
        with pytest.raises(Broken, match="EXT1"):
            unpickle(b"\x80\x02\x82\xf0X" + struct.pack("<I", 4) + b"true\x85R.")
    finally:
        copyreg.remove_extension("os", "system", 240)


def test_a_state_never_reaches_a_setstate_or_an_attribute():
    # BUILD on a class (unittest.mock.Mock), on a made object and on a list
    assert unpickle(b"\x80\x02cm\nC\n)\x81}X\x01\x00\x00\x00aK\x01sb.").value.function == Global("m", "C")
    for target in (b"cm\nC\n", b"]", b"}", b"K\x01", b"ccollections\nOrderedDict\n"):
        with pytest.raises(Broken):
            unpickle(b"\x80\x02" + target + b"}b.")


def test_an_ordered_dict_keeps_its_items_and_loses_its_attributes():
    value = OrderedDict(a=1)
    value._metadata = {"": 1}
    read = unpickle(pickle.dumps(value, protocol=2)).value
    assert read == value
    assert not hasattr(read, "_metadata")


@pytest.mark.parametrize(
    "bomb",
    [
        b"Nr\xff\xff\xff\xff.",  # a memo index of four billion
        b"\x8e" + struct.pack("<Q", 2**62) + b"x.",  # a byte string longer than any file
        b"\x8b" + struct.pack("<i", 2**30) + b"x.",
        b"\x95" + struct.pack("<Q", 2**62) + b"N.",
        b"(" * 100_000 + b".",
        b")" + b"\x85" * 1_000_000 + b"}" + b"\x86" + b".",  # tuples a million deep
        b"}" + b")" + b"\x85" * 1_000_000 + b"Ns.",  # the same as a key, which hashing would follow down
        b"]" + b"2\x61" * 10_000 + b".",  # a list inside itself
    ],
)
def test_bombs_cost_little_and_raise_nothing_else(bomb):
    with suppress(Broken):
        unpickle(b"\x80\x02" + bomb)


def test_a_pickle_with_absurdly_many_instructions_is_not_read_to_its_end():
    with pytest.raises(Broken, match="1000 instructions"):
        unpickle(b"\x80\x02" + b"N0" * 1000 + b"N.", most=1000)


def test_of_several_pickles_in_a_stream_one_is_read_and_the_next_left():
    stream = io.BytesIO(pickle.dumps([1], protocol=2) + pickle.dumps("two", protocol=2))
    assert [unpickle(stream).value, unpickle(stream).value] == [[1], "two"]


def test_a_state_is_noted_and_not_given_to_anybody():
    read = unpickle(b"\x80\x02cm\nC\n)\x81}X\x01\x00\x00\x00aK\x01sb.").value
    assert read.state == {"a": 1}


def test_every_cut_of_a_pickle_is_refused():
    data = pickle.dumps({"a": [1, 2.5, "x"], "b": (None, True)}, protocol=2)
    for end in range(len(data)):
        with pytest.raises(Broken):
            unpickle(data[:end])
