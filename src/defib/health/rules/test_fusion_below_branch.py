from defib.health.rules.fusion_below_branch import fusion_below_branch
from defib.samples import healthy, run_of

RGB = [20.0, 40.0, 50.0, 56.0, 60.0, 62.0]


def found(fused, rgb=RGB):
    return fusion_below_branch(
        run_of({"val/top1/fused": fused, "val/top1/rgb": rgb, "val/top1/pose": [5.0] * len(rgb)})
    )


def test_fires_at_the_first_of_four_evaluations_below_a_branch():
    (symptom,) = found([21.0, 32.0, 41.0, 47.0, 50.0, 52.0])
    assert symptom.onset.epoch == 2.0
    assert "RGB" in symptom.says.en


def test_says_when_it_was_over():
    (symptom,) = found([10.0, 30.0, 40.0, 46.0, 59.5, 62.0])
    assert symptom.cleared.epoch == 5.0


def test_stays_quiet_when_the_fusion_is_better():
    assert found([21.0, 42.0, 52.0, 58.0, 61.0, 64.0]) == ()


def test_stays_quiet_on_three_evaluations():
    assert found([10.0, 30.0, 40.0, 57.0, 61.0, 63.0]) == ()


def test_stays_quiet_on_differences_of_a_point():
    assert found([19.0, 39.2, 49.0, 55.5, 59.1, 61.0]) == ()


def test_stays_quiet_on_a_healthy_run():
    assert fusion_below_branch(healthy()) == ()


def test_cannot_look_without_a_fused_score():
    assert "fused" in fusion_below_branch.unseen(run_of({"val/top1": [1.0, 2.0]})).en
