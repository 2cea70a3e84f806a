"""Tracebacks and lists of names, line by line."""

import pytest

from defib.reading.listening import Listener
from defib.records import Point

FRAMES = ("Traceback (most recent call last):", '  File "train.py", line 9, in <module>', "    main()")


def heard(*lines):
    listener = Listener("log")
    for number, line in enumerate(lines, start=1):
        listener.line(line, number, Point(), 0)
    return [(event.kind, event.text) for event in listener.events]


def test_a_traceback_is_the_class_and_message_of_its_exception():
    assert heard(*FRAMES, "ValueError: no label 60", "shutting down") == [("traceback", "ValueError: no label 60")]


def test_an_exception_that_led_to_another_is_told_with_it():
    lines = (*FRAMES, "KeyError: 'a'", "", "During handling of the above exception, another exception occurred:", "")
    assert [text for _, text in heard(*lines, *FRAMES, "RuntimeError: b")] == ["KeyError: 'a'", "RuntimeError: b"]


def test_a_traceback_in_a_frame_is_read():
    lines = (
        "╭───── Traceback (most recent call last) ─────╮",
        "│ /a/train.py:9 in main │",
        "╰──────╯",
        "ValueError: no",
    )
    assert heard(*lines) == [("traceback", "ValueError: no")]


def test_a_traceback_of_a_worker_is_read():
    lines = (
        "RuntimeError: Caught KeyError in DataLoader worker process 0.",
        "Original Traceback (most recent call last):",
    )
    assert heard(*lines, *FRAMES[1:], "KeyError: 'pose'") == [("traceback", "KeyError: 'pose'")]


@pytest.mark.parametrize(
    "above",
    ["Exception ignored in: <function _MultiProcessingDataLoaderIter.__del__ at 0x7f>", "--- Logging error ---"],
)
def test_an_exception_that_python_ignores_ended_nothing(above):
    assert heard(above, *FRAMES, "AssertionError: can only test a child process") == []
    lines = (above, *FRAMES, "AssertionError: can only test a child process", *FRAMES, "ValueError: no")
    assert heard(*lines) == [("traceback", "ValueError: no")]
    assert heard(above, "Epoch 3 begins", *FRAMES, "ValueError: no") == [("traceback", "ValueError: no")]


@pytest.mark.parametrize(
    "line",
    [
        "    print('Traceback (most recent call last)')",
        "traceback.print_exc()  # Traceback (most recent call last): as usual",
        "error 0.5",
        "ERROR - nothing to see",
    ],
)
def test_lines_that_only_speak_of_tracebacks_are_none(line):
    assert heard(line, "the next line") == []


MISSING = "Some model parameters or buffers are not found in the checkpoint:"
UNUSED = "The checkpoint state_dict contains keys that are not used by the model:"


def test_a_list_of_names_is_one_message():
    lines = (
        MISSING,
        "  backbone.bottom_up.stem.conv1.weight",
        "  roi_heads.box_predictor.cls_score.{bias, weight}",
        "next",
    )
    ((kind, text),) = heard(*lines)
    assert kind == "not-matched"
    assert text.startswith(MISSING)
    assert "stem.conv1.weight" in text


def test_a_list_of_classifiers_is_meant():
    assert [kind for kind, _ in heard(UNUSED, "  fc1000.{bias, weight}", "next")] == ["head-not-loaded"]


@pytest.mark.parametrize(
    "lines",
    [
        (
            MISSING,
            "  backbone.fpn_lateral2.{bias, weight}",
            "  proposal_generator.rpn_head.conv.{bias, weight}",
            "next",
        ),
        (MISSING, "  pixel_mean", "next"),
        (MISSING, "next"),
        ("these are not used by the model:", "  backbone.conv1.weight", "next"),
    ],
)
def test_a_list_that_says_nothing_about_the_trunk_is_no_message(lines):
    assert heard(*lines) == []
