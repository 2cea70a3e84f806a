from defib.diagnosis.causes.clip_too_tight import clip_too_tight
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

SICK = Checkup(
    symptoms=(
        Symptom(rule="plateau", metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0, says=same("x")),
    )
)


def run(norms, limit=1.0):
    return run_of(
        {"train/grad_norm": norms, "val/top1": [1.0]}, config={"optim_wrapper": {"clip_grad": {"max_norm": limit}}}
    )


def test_a_limit_below_most_norms_is_likely():
    found = clip_too_tight(run([3.0] * 12), SICK)
    assert found.standing == "likely"
    assert "100%" in found.for_[0].measured.en


def test_a_limit_that_hardly_acts_is_ruled_out():
    assert clip_too_tight(run([0.1] * 12), SICK).standing == "ruled-out"


def test_no_opinion_in_between():
    assert clip_too_tight(run([0.5, 0.5, 0.5, 2.0] * 4), SICK) is None


def test_no_opinion_on_few_norms_or_without_a_limit_or_on_a_healthy_run():
    assert clip_too_tight(run([3.0] * 5), SICK) is None
    assert clip_too_tight(run_of({"train/grad_norm": [3.0] * 12}), SICK) is None
    assert clip_too_tight(run([3.0] * 12), Checkup()) is None
