import msgspec
import numpy as np
import pytest

from defib.playbook.start import rescue_dir, start, start_edits
from defib.records import Checkpoint, Checkup, Fact, Incident, Launch, Point
from defib.samples import run_of
from defib.words import same

RUN = run_of({"val/top1": [20.0, 40.0, 60.0, 66.0, 8.0, 9.0]})
SICK = Checkup(
    incident=Incident(
        key="val/top1",
        onset=Point(epoch=5.0),
        rule="val_collapse",
        best=Fact(metric="val/top1", value=66.0, at=Point(epoch=4.0)),
    )
)


def chosen(*checkpoints):
    return start(msgspec.structs.replace(RUN, checkpoints=checkpoints), SICK)


def on_disk(epoch, state="ready", **more):
    return Checkpoint(path=f"epoch_{epoch}.pth", epoch=float(epoch), state=state, **more)


def test_the_best_validated_one_before_the_onset_is_taken():
    found = chosen(on_disk(3), on_disk(4), on_disk(6))
    assert (found.epoch, found.value, found.path, found.state) == (4.0, 66.0, "epoch_4.pth", "ready")


def test_weights_only_are_preferred_to_a_full_checkpoint_of_the_same_epoch():
    best = Checkpoint(path="best_acc_epoch_4.pth", epoch=4.0, state="ready", full=False, best_of="acc/top1")
    assert chosen(on_disk(4, full=True), best).path == "best_acc_epoch_4.pth"


def test_a_gone_one_is_replaced_by_the_nearest_left_and_that_is_said():
    found = chosen(on_disk(2), on_disk(3), on_disk(4, state="listed"), on_disk(6))
    assert (found.epoch, found.wanted, found.state) == (3.0, 4.0, "ready")
    assert "epoch 4" in found.says.en
    assert "第 4 轮" in found.says.zh


def test_a_broken_one_is_never_taken_and_the_problem_is_said():
    found = chosen(on_disk(3), on_disk(4, state="broken", problem=same("cut off")))
    assert found.epoch == 3.0
    assert "cut off" in found.says.en


def test_a_named_one_that_is_not_on_disk_is_said_to_be_missing():
    found = chosen(on_disk(4, state="listed"), on_disk(6, state="listed"))
    assert (found.epoch, found.state) == (4.0, "listed")
    assert "not on disk" in found.says.en


def test_with_a_bare_table_only_the_usual_name_is_known():
    found = chosen()
    assert (found.path, found.state) == ("epoch_4.pth", "unseen")
    assert "not seen" in found.says.en
    assert "未见" in found.says.zh


def test_what_was_trained_after_the_fall_is_no_start():
    found = chosen(on_disk(5), on_disk(6))
    assert (found.path, found.state, found.wanted) == (None, "none", 4.0)


def test_there_is_no_start_without_an_incident():
    with pytest.raises(ValueError, match="open incident"):
        start(RUN, Checkup())


def with_config(**config):
    return run_of({"val/top1": [1.0]}, config=config)


def test_the_start_is_three_edits_at_most():
    run = with_config(load_from=None, resume=True, work_dir="work_dirs/a")
    found = {edit.key: edit.new for edit in start_edits(run, "epoch_4.pth", "work_dirs/a_rescue")}
    assert found == {"load_from": "epoch_4.pth", "resume": False, "work_dir": "work_dirs/a_rescue"}


def test_what_is_right_already_is_not_edited():
    run = with_config(resume=False)
    assert [edit.key for edit in start_edits(run, None, "work_dirs/a_rescue")] == []


def test_a_missing_load_from_is_inserted():
    (edit,) = start_edits(with_config(), "epoch_4.pth", None)
    assert [(site.path, site.action) for site in edit.sites] == [("load_from", "insert")]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("work_dirs/a", "work_dirs/a_rescue"),
        ("work_dirs/a_rescue/", "work_dirs/a_rescue2"),
        ("w_rescue2", "w_rescue3"),
        ("w_rescue_team/a", "w_rescue_team/a_rescue"),
    ],
)
def test_every_rescue_gets_a_directory_of_its_own(named, expected):
    assert rescue_dir(with_config(work_dir=named)) == expected


def test_the_directory_is_named_after_the_config_where_none_is_set():
    assert rescue_dir(with_config()) == "work_dirs/made-up_rescue"
    assert rescue_dir(run_of({"val/top1": [1.0]}, launch=Launch(work_dir="/w/x"))) == "/w/x_rescue"
    assert rescue_dir(run_of({"val/top1": [1.0]})) is None


def test_a_run_that_counts_steps_is_started_by_step():
    run = run_of({"val/top1": [20.0, 66.0, 8.0]}, framework="detectron2")
    (series,) = run.series
    run = msgspec.structs.replace(
        run, series=(msgspec.structs.replace(series, step=np.array([999.0, 1999.0, 2999.0]), epoch=np.full(3, np.nan)),)
    )
    best = Fact(metric="val/top1", value=66.0, at=Point(step=1999))
    sick = Checkup(incident=Incident(key="val/top1", onset=Point(step=2100), rule="val_collapse", best=best))

    def found(*steps):
        left = [Checkpoint(path=f"model_{step:07}.pth", step=step, state="ready") for step in steps]
        return start(msgspec.structs.replace(run, checkpoints=tuple(left)), sick)

    exact = found(999, 1999, 2999)
    assert (exact.path, exact.step, exact.epoch, exact.value) == ("model_0001999.pth", 1999, None, 66.0)
    assert "step 1999" in exact.says.en
    assert "第 1999 步" in exact.says.zh
    nearest = found(999, 2999)
    assert (nearest.path, nearest.value) == ("model_0000999.pth", 20.0)
    assert "step 1999" in nearest.says.en
    assert found(2999).state == "none"
    assert "step 1999" in found().says.en


def test_a_trainer_that_rounds_the_epoch_in_its_log_is_matched_by_the_step():
    best = Fact(metric="val/top1", value=66.0, at=Point(step=500, epoch=4.0))
    sick = Checkup(incident=Incident(key="val/top1", onset=Point(epoch=5.0), rule="val_collapse", best=best))
    left = Checkpoint(path="checkpoint-500", step=500, epoch=3.9987, state="ready")
    found = start(msgspec.structs.replace(RUN, checkpoints=(on_disk(3), left)), sick)
    assert (found.path, found.value) == ("checkpoint-500", 66.0)


def test_one_that_does_not_say_its_epoch_is_named_and_not_taken():
    found = chosen(Checkpoint(path="weights/best.pt", state="ready"))
    assert (found.path, found.state) == (None, "unseen")
    assert "weights/best.pt" in found.says.en
    assert "weights/best.pt" in found.says.zh
    assert chosen(on_disk(6), Checkpoint(path="best.pt", state="broken")).state == "none"


def test_one_that_had_fallen_already_is_no_start_even_if_the_onset_is_told_later():
    run = run_of({"val/top1": [20.0, 47.0, 41.0, 10.0, 12.0]})
    best = Fact(metric="val/top1", value=47.0, at=Point(epoch=2.0))
    sick = Checkup(incident=Incident(key="val/top1", onset=Point(epoch=4.4), rule="dead_branch", best=best))

    def found(*left):
        return start(msgspec.structs.replace(run, checkpoints=tuple(left), classes=10), sick)

    assert found(on_disk(4)).state == "none"
    assert found(on_disk(3), on_disk(4)).epoch == 3.0  # a little worse than the best is no fall
    assert found(on_disk(1), on_disk(4)).epoch == 1.0  # what had not learned yet had not fallen either


def test_an_error_that_had_risen_already_is_no_start():
    run = run_of({"val/top1_err": [80.0, 30.0, 85.0, 90.0]})
    run = msgspec.structs.replace(run, checkpoints=(on_disk(3),))
    best = Fact(metric="val/top1_err", value=30.0, at=Point(epoch=2.0))
    sick = Checkup(incident=Incident(key="val/top1_err", onset=Point(epoch=3.4), rule="val_collapse", best=best))
    assert start(run, sick).state == "none"


def test_of_errors_the_lowest_is_the_nearest():
    run = run_of({"val/top1_err": [80.0, 60.0, 70.0, 30.0, 90.0]})
    run = msgspec.structs.replace(run, checkpoints=(on_disk(1), on_disk(2), on_disk(3)))
    best = Fact(metric="val/top1_err", value=30.0, at=Point(epoch=4.0))
    sick = Checkup(incident=Incident(key="val/top1_err", onset=Point(epoch=5.0), rule="val_collapse", best=best))
    assert start(run, sick).epoch == 2.0
