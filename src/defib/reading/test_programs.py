import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import DefibError
from defib.reading.programs import headings, meant, number, sheet
from defib.reading.run import all_formats, read
from defib.reading.source import Source

HEADS = {
    "timm": "epoch,train_loss,eval_loss,eval_top1\n",
    "lightning": "epoch,step,train_loss\n0,9,\n",
    "ultralytics": "epoch,train/box_loss,metrics/mAP50(B)\n",
    "keras": "epoch,loss,val_loss\n",
    "huggingface": '{"log_history": [{"step": 1, "loss": 2.0}',
}


@pytest.mark.parametrize("cell", ["", "-", "1_000", "0x1F", "1,5", "[0.1, 0.2]", "tensor(0.5)", "1e", "٣", "9" * 61])
def test_what_is_no_plain_number_is_none(cell):
    assert number(cell) is None


@pytest.mark.parametrize(("cell", "value"), [("1e-5", 1e-5), ("-.5", -0.5), ("3.", 3.0), ("-inf", float("-inf"))])
def test_numbers_as_programs_write_them(cell, value):
    assert number(cell) == value


def test_rows_keep_the_numbers_of_their_lines():
    table = sheet(Source("a.csv", text="a, b\r\n1,2\r\n\r\n3\r\n4,5\r\n6,7"))
    assert table.headings == ["a", "b"]
    assert table.rows == [(2, ["1", "2"]), (5, ["4", "5"])]
    assert ["half written" in table.notes[0].en, "1 lines do not have" in table.notes[1].en] == [True, True]


@pytest.mark.parametrize("text", ["", "a,b", "a b\n", "a" * 200_000 + ",b\n"])
def test_a_heading_that_is_none_has_no_names(text):
    assert headings(Source("a.csv", text=text)) == []


@pytest.mark.parametrize("word", ["vibes", "accuracy of what", "loss2", "", "best_acc", "score"])
def test_no_meaning_is_guessed(word):
    assert meant("val", word) is None


@pytest.mark.parametrize("name", HEADS)
def test_each_format_takes_its_own_and_leaves_the_others(name):
    source = Source("-", text=HEADS[name])
    forms = [all_formats()[one] for one in HEADS]
    assert [one.name for one in forms if one.recognises(source)] == [name]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(HEADS)), st.text(alphabet='0123456789.,-+einaf"\n\r{}[]: xé', max_size=200))
def test_anything_below_a_heading_gives_a_run_or_a_refusal(name, text):
    try:
        read(None, text=HEADS[name] + text)
    except DefibError:
        return
