from defib.health.rules.branch_collapse import branch_collapse
from defib.samples import healthy, run_of

FUSED = [10.0, 30.0, 45.0, 55.0, 57.0, 58.0, 58.5]
POSE = [5.0, 12.0, 18.0, 20.0, 20.5]


def found(pose, **others):
    run = run_of({"val/top1/fused": FUSED[: len(pose)], "val/top1/pose": pose, **others}, classes=60)
    return [(one.branch, one.severity, one.onset.epoch) for one in branch_collapse(run)]


def test_fires_on_a_branch_that_dies_while_the_fused_score_rises():
    assert ("pose", "act", 6.0) in found([*POSE, 2.0, 1.9])


def test_names_the_branch_that_fell_and_not_its_neighbour():
    assert {branch for branch, *_ in found([*POSE, 2.0, 1.9], **{"val/top1/rgb": FUSED})} == {"pose"}


def test_stays_quiet_on_a_legitimately_weak_branch():
    assert found([4.0, 5.0, 5.5, 5.2, 5.6, 5.4, 5.5]) == []


def test_stays_quiet_on_healthy_branches():
    assert branch_collapse(healthy()) == ()


def test_fusions_with_other_weights_are_no_branches():
    run = run_of({"val/top1/fused": FUSED, "val/top1/fused_2:1": [*FUSED[:5], 1.0, 1.0]}, classes=60)
    assert branch_collapse.unseen(run) is not None
