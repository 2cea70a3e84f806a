import msgspec
import pytest

from defib.monitoring.outcome import judge, needed
from defib.records import Case, Checkup, Fact, Incident, Plan, Point, Start, Symptom
from defib.samples import run_of
from defib.words import same

OLD = {
    "val/top1/fused": [10.0, 40.0, 57.0, 60.0, 20.0, 15.0],
    "val/top1/rgb": [10.0, 40.0, 50.0, 55.0, 20.0, 15.0],
    "val/top1/pose": [10.0, 20.0, 30.0, 35.0, 10.0, 9.0],
}


def old(onset=5.0, start=4.0, noise=None):
    run = run_of(OLD)
    best = Fact(metric="val/top1/fused", value=60.0, at=Point(epoch=start))
    incident = Incident(key="val/top1/fused", onset=Point(epoch=onset), rule="val_collapse", best=best)
    noisy = Symptom(rule="branch_collapse", metric="val/top1/pose", branch="pose", severity="act", noise=noise, fall=True,
                    onset=Point(epoch=onset), record=4, says=same("x"))  # fmt: skip
    plan = Plan(profile="minimal", start_from=Start(epoch=start, metric="val/top1/fused", value=60.0, says=same("x")))
    return Case(
        run=run, checkup=Checkup(symptoms=(noisy,), incident=incident), plan=plan, verdict="rescue", says=same("x")
    )


def after(fused, rgb=None, pose=None, **more):
    curves = {
        "val/top1/fused": fused,
        "val/top1/rgb": rgb or [55.0] * len(fused),
        "val/top1/pose": pose or [35.0] * len(fused),
    }
    return run_of({**more, **curves})


def judged(run, checkup=None, ended=False, **case):  # noqa: FBT002
    return judge(old(**case), run, checkup or Checkup(), ended=ended)


def test_three_good_evaluations_in_a_row_are_recovered_and_two_are_not():
    assert judged(after([58.0, 57.1])).standing == "waiting"
    found = judged(after([58.0, 57.1, 61.0]))
    assert found.standing == "recovered"
    assert "at 57.00% or better in 3 evaluations in a row" in found.says.en
    assert "连续 3 次达到 57.00% 以上" in found.says.zh


def test_one_below_begins_the_count_anew():
    found = judged(after([58.0, 58.0, 56.0, 58.0, 58.0]))
    assert found.standing == "waiting"
    assert found.says.en.startswith("2 of 3")
    assert "已连续 2 次" in found.says.zh
    assert judged(after([58.0, 58.0, 56.0, 58.0, 58.0, 58.0])).standing == "recovered"


def test_it_has_to_live_past_the_old_onset():
    assert needed(old(onset=9.0, start=4.0)) == 7
    assert judged(after([60.0] * 6), onset=9.0).standing == "waiting"
    assert judged(after([60.0] * 7), onset=9.0).standing == "recovered"


def test_evaluations_before_the_peak_of_the_schedule_do_not_count():
    rate = {"train/lr": [0.001, 0.003, 0.005, 0.005]}
    assert judged(after([60.0] * 4, **rate)).standing == "waiting"
    rate = {"train/lr": [0.001, 0.005, 0.005, 0.005]}
    assert judged(after([60.0] * 4, **rate)).standing == "recovered"


def test_a_branch_that_the_fused_score_hides_is_not_recovered():
    found = judged(after([60.0] * 3, pose=[12.0, 12.0, 12.0]))
    assert found.standing == "waiting"
    assert "branch Pose is at 12.00%, it was 35.00%" in found.says.en
    assert "Pose 分支为 12.00%" in found.says.zh
    assert judged(after([60.0] * 3, pose=[12.0, 12.0, 12.0]), ended=True).standing == "relapsed"
    assert judged(after([60.0] * 3, pose=[30.0, 30.0, 30.0]), noise=6.0).standing == "recovered"
    assert judged(after([60.0] * 3, pose=[30.0, 30.0, 30.0])).standing == "waiting"


def test_a_confirmed_fall_is_a_relapse_and_a_watch_is_not():
    fell = Symptom(rule="val_collapse", metric="val/top1/fused", severity="act", onset=Point(epoch=2.0), record=1, fall=True,
                   says=same("it fell"))  # fmt: skip
    best = Fact(metric="val/top1/fused", value=60.0)
    checkup = Checkup(
        symptoms=(fell,), incident=Incident(key="x", onset=Point(epoch=2.0), rule="val_collapse", best=best)
    )
    found = judged(after([60.0, 20.0, 21.0]), checkup)
    assert (found.standing, found.says.en) == ("relapsed", "relapsed: it fell")
    assert "再次崩溃" in found.says.zh
    mild = msgspec.structs.replace(checkup, symptoms=(msgspec.structs.replace(fell, severity="watch"),))
    assert judged(after([60.0, 50.0]), mild).standing == "waiting"


def fallen(metric):
    fell = Symptom(
        rule="x", metric=metric, severity="act", onset=Point(epoch=2.0), record=1, fall=True, says=same("it fell")
    )
    best = Fact(metric="val/top1/fused", value=60.0)
    return Checkup(symptoms=(fell,), incident=Incident(key="x", onset=Point(epoch=2.0), rule="x", best=best))


@pytest.mark.parametrize("metric", ["val/top1/fused", "val/top1/pose"])
def test_one_measurement_ends_no_attempt(metric):
    found = judged(after([60.0, 20.0], pose=[35.0, 9.0]), fallen(metric))
    assert found.standing == "waiting"
    assert found.says.en == "waiting for the next evaluation, which will confirm it or not: it fell"
    assert found.says.zh == "等待下一次评估来确认：it fell"
    assert judged(after([60.0, 20.0], pose=[35.0, 9.0]), fallen(metric), ended=True).standing == "relapsed"
    assert judged(after([60.0, 20.0, 20.0], pose=[35.0, 9.0, 9.0]), fallen(metric)).standing == "relapsed"


def test_what_is_no_number_needs_no_second_measurement():
    assert judged(after([60.0, float("nan")]), fallen("val/top1/fused")).standing == "relapsed"


def test_what_was_seen_elsewhere_than_in_a_curve_counts_at_once():
    assert judged(after([60.0, 58.0]), fallen("traceback")).standing == "relapsed"


@pytest.mark.parametrize(
    ("scores", "en", "zh"), [([50.0], "ended with the", "训练结束时"), ([], "without an evaluation", "没有任何评估")]
)
def test_an_end_without_recovery_is_a_relapse(scores, en, zh):
    found = judged(after(scores) if scores else run_of({"train/loss": [1.0]}), ended=True)
    assert found.standing == "relapsed"
    assert en in found.says.en
    assert zh in found.says.zh


def test_before_the_first_evaluation_it_is_waited_for():
    found = judged(run_of({"train/loss": [1.0]}))
    assert found.standing == "waiting"
    assert found.says.en.startswith("0 of 3")


def test_an_end_above_that_came_too_early_is_neither():
    found = judged(after([58.0, 50.0, 58.0, 59.0]), ended=True)
    assert found.standing == "stopped"
    assert "at 59.00%, above 57.00% (old best 60.00%), but only 2 of the 3 evaluations in a row" in found.says.en
    assert "既不算恢复，也没有再次崩溃" in found.says.zh
    assert judged(after([58.0, 50.0, 58.0, 59.0])).standing == "waiting"
    assert judged(after([58.0, 58.0, 50.0]), ended=True).standing == "relapsed"
