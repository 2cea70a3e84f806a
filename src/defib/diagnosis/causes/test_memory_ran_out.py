"""Memory that ran out, and ends that have another reason."""

import msgspec
import pytest

from defib.diagnosis.causes.memory_ran_out import memory_ran_out
from defib.records import Checkup, Event, Place, Point, Symptom
from defib.samples import run_of
from defib.words import same

OOM = Event(kind="out-of-memory", text="CUDA out of memory. Tried to allocate 2.00 GiB", place=Place(file="a.log", line=9), record=30)  # fmt: skip
BROKEN = Event(kind="traceback", text="ValueError: no label 60", record=30)


def opinion(rule="out_of_memory", *, events=(), memory=None, config=None):
    curves = {"train/loss": [1.0] * 30} | ({} if memory is None else {"train/memory": memory})
    run = msgspec.structs.replace(run_of(curves, config=config), events=tuple(events))
    symptoms = () if rule is None else (Symptom(rule=rule, metric="out-of-memory", severity="watch", onset=Point(), record=29, says=same("x")),)  # fmt: skip
    return memory_ran_out(run, Checkup(symptoms=symptoms))


def test_the_consoles_word_is_enough():
    found = opinion(events=[OOM], config={"train_dataloader": {"batch_size": 12}})
    assert (found.standing, found.explains) == ("likely", ("out_of_memory",))
    assert "2.00 GiB" in found.for_[0].measured.en
    assert found.for_[0].facts[0].place.line == 9
    assert "12" in found.for_[1].measured.zh
    assert "nvidia-smi" in found.missing[0].en


def test_memory_that_grows_is_a_sign_where_the_console_is_silent():
    found = opinion("stalled", memory=[10000.0 + 200 * at for at in range(30)])
    assert found.standing == "possible"
    assert "10" in found.for_[0].measured.en


@pytest.mark.parametrize("rule", ["crashed", "stalled"])
def test_steady_memory_rules_it_out_where_nobody_spoke_of_it(rule):
    assert opinion(rule, events=[BROKEN], memory=[21234.0] * 30).standing == "ruled-out"


def test_steady_memory_does_not_contradict_the_console():
    assert opinion(events=[OOM], memory=[21234.0] * 30).standing == "likely"


def test_no_opinion_on_a_run_that_did_not_end():
    assert opinion(None, events=[], memory=[10000.0 + 200 * at for at in range(30)]) is None
    assert opinion("val_collapse", events=[OOM]) is None


def test_no_opinion_where_nothing_was_said_or_logged():
    assert opinion("stalled") is None
    assert opinion("crashed", events=[BROKEN], memory=[1.0] * 5) is None
