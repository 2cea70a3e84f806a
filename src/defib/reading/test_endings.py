"""A last row without a line break is taken only when nothing more can follow."""

import pytest

from defib.reading import read
from defib.reading.endings import last_is_whole

ABOVE = [[str(at), f"0.{at}25"] for at in range(1, 6)]


def test_a_last_number_as_long_as_those_above_is_whole():
    assert last_is_whole([*ABOVE, ["6", "0.625"]], 2)


@pytest.mark.parametrize("last", ["0.62", "0.", "0", "0.6255", "0.625e", "", "nan", "-", "6", "0.625 "])
def test_a_last_cell_that_may_go_on_is_not_taken(last):
    assert not last_is_whole([*ABOVE, ["6", last]], 2)


def test_a_row_that_lacks_columns_is_not_taken():
    assert not last_is_whole([*ABOVE, ["0.625"]], 2)


def test_few_rows_prove_nothing():
    assert not last_is_whole([*ABOVE[1:], ["6", "0.625"]], 2)
    assert not last_is_whole([["epoch", "loss"], *ABOVE[1:], ["6", "0.625"]], 2)


def test_a_constant_proves_nothing():
    assert not last_is_whole([*([at, "0.001"] for at in "12345"), ["6", "0.000"]], 2)  # 0.0005, cut


def test_numbers_that_are_not_rounded_prove_nothing():
    above = [[str(at), f"0.{at}234567891"] for at in range(1, 6)]
    assert not last_is_whole([*above, ["6", "0.6234567891"]], 2)


@pytest.mark.parametrize("heading", ["epoch,accuracy,loss,val_loss", "step,val_acc,train_loss,lr"])
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_table_without_a_last_line_break_is_read_whole(heading, ending):
    line_end = "\r\n" if ending == "\r\n" else "\n"
    rows = [f"{at},0.{at}00,1.{at}50,1.{at}75" for at in range(1, 9)]
    run = read(None, text=line_end.join([heading, *rows]) + ending)
    assert run.records == 8
    assert run.notes == ()


def test_a_number_that_was_cut_is_left_for_next_time():
    rows = [f"{at},0.{at}00,1.{at}50,1.{at}75" for at in range(1, 9)]
    run = read(None, text="\n".join(["epoch,accuracy,loss,val_loss", *rows])[:-1])
    assert run.records == 7
    assert "half written" in run.notes[0].en
