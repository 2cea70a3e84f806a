import msgspec
import pytest

from defib.reading.placing import placed
from defib.records import Checkpoint, Event, Point
from defib.samples import run_of

RUN = run_of({"val/map": [20.0, 40.0, 40.0], "val/map50": [50.0, 60.0, 61.0]})
MAP, MAP50 = (one.raw for one in RUN.series)


def epoch(found=None, **scores):
    raws = {"map": MAP, "map50": MAP50}
    held = {raws.get(key, key): value for key, value in scores.items()}
    return placed(RUN, found or Checkpoint(path="best.pt", state="ready", scores=held or None)).epoch


def test_the_scores_that_a_file_holds_tell_its_epoch():
    assert epoch(map=40.0, map50=61.0, fitness=3.0) == 3.0


@pytest.mark.parametrize(
    "scores",
    [
        {"map": 40.0},  # one score alone
        {"map": 40.0, "map50": 50.0},  # of two epochs
        {"map": 40.0, "map50": 62.0},  # of none
        {"fitness": 1.0, "map": 20.0},  # of one that is logged
        {},
    ],
)
def test_a_doubtful_epoch_is_not_told(scores):
    assert epoch(**scores) is None


def test_an_epoch_that_is_known_stays():
    assert epoch(Checkpoint(path="a.pt", epoch=1.0, scores={MAP: 40.0, MAP50: 61.0})) == 1.0


def test_a_score_twice_alike_leaves_it_open():
    twice = run_of({"val/map": [40.0, 40.0], "val/map50": [60.0, 60.0]})
    raws = [one.raw for one in twice.series]
    assert placed(twice, Checkpoint(path="a.pt", scores={raws[0]: 40.0, raws[1]: 60.0})).epoch is None


def test_the_best_of_our_own_trainer_is_from_the_last_epoch_that_the_log_calls_so():
    events = tuple(Event(kind="best", text="x", at=Point(epoch=float(at), step=30 * at)) for at in (1, 2))
    ours = Checkpoint(path="best/weights.safetensors", state="ready")
    found = placed(msgspec.structs.replace(RUN, events=events), ours)
    assert (found.epoch, found.step) == (2.0, 60)
    assert placed(RUN, ours).epoch is None
