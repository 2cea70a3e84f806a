import pytest

from defib.errors import NothingReadable
from defib.reading import read
from defib.reading.formats.yolo_text import yolo_text
from defib.reading.source import Source

ROW = "     {0}/299     1.85G   0.0{1}   0.02   0.01   0.0{1}        30       640   0.6   0.5   {2}   {3}   0.05   0.02   0.01\n"
LOG = ROW.format(0, 9, 0.5, 0.25) + ROW.format(1, 8, 0.625, 0.375)


def of(text):
    return read(None, text=text)


def values(run, key):
    return run.get(key).value.tolist()


def test_the_columns_have_no_names_but_a_fixed_order():
    run = of(LOG)
    assert run.framework == "ultralytics"
    assert (values(run, "val/map"), values(run, "val/map50")) == ([25.0, 37.5], [50.0, 62.5])
    assert (values(run, "train/loss/box"), values(run, "train/loss")) == ([0.09, 0.08], [0.09, 0.08])
    assert (values(run, "val/loss/cls"), run.get("val/map").epoch.tolist()) == ([0.01, 0.01], [1.0, 2.0])
    assert (run.deciding, run.not_understood, run.notes) == ("val/map", (), ())


def test_early_versions_wrote_f1_in_the_place_of_the_precision_over_thresholds():
    run = of(ROW.format(0, 9, 0.25, 0.5) + ROW.format(1, 8, 0.5, 0.25))
    assert run.get("val/map") is None
    assert values(run, "val/fscore") == [50.0, 25.0]


def test_epochs_that_were_not_validated_are_left_out():
    blind = "  0/9  1.8G  0.1 0.1 0.1 0.3 30 640 0 0 0 0 0 0 0\n"
    run = of(blind + blind.replace("0/9", "1/9") + ROW.format(2, 8, 0.5, 0.25))
    assert (values(run, "val/map"), len(run.get("train/loss"))) == ([25.0], 3)
    assert "2 epochs were not validated" in run.notes[0].en


def test_a_validation_that_finds_nothing_but_has_a_loss_is_one():
    assert values(of("  0/9  1.8G  0.1 0.1 0.1 0.3 30 640 0 0 0 0 0.1 0.1 0.1\n"), "val/map") == [0.0]


def test_nan_and_an_appended_start_are_read():
    run = of(LOG + ROW.format(0, 9, 0.5, 0.25) + ROW.format(1, 8, 0.5, 0.25).replace("0.08", "nan"))
    assert str(values(run, "train/loss")) == "[0.09, nan]"


def test_a_half_written_last_line_is_left_for_next_time():
    assert values(of(LOG + "  2/299  1.85G 0.1"), "train/loss") == [0.09, 0.08]


@pytest.mark.parametrize(
    "text",
    [
        "0/299 1.85G 0.05 0.02\n",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n",
        "5/3 1.85G 0.05 0.02 0.01 0.09 30 640 0.6 0.5 0.6 0.4 0.05 0.02 0.01\n",
        "a/b 1.85G 0.05 0.02 0.01 0.09 30 640 0.6 0.5 0.6 0.4 0.05 0.02 0.01\n",
        "01/02 10:30 0.05 0.02 0.01 0.09 30 640 0.6 0.5 0.6 0.4 0.05 0.02 one\n",
        "",
    ],
)
def test_other_texts_are_not_recognised(text):
    assert not yolo_text.recognises(Source("results.txt", text=text))
    with pytest.raises(NothingReadable):
        read(None, text=text)
