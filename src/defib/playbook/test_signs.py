import pytest

from defib.playbook.signs import signs
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same


def found(pose, *fallen, epoch=3.0):
    run = run_of({"val/top1/fused": [40.0, 50.0, 57.0, 30.0], "val/top1/pose": pose})
    symptoms = tuple(
        Symptom(rule="branch_collapse", metric="val/top1", branch=branch, severity="act", onset=Point(epoch=at),
                record=1, size=5.0, says=same("x")) for branch, at in fallen
    )  # fmt: skip
    best = Fact(metric="val/top1/fused", value=57.0, at=Point(epoch=epoch))
    incident = Incident(key="val/top1/fused", onset=Point(epoch=4.0), rule="x", best=best)
    return {rule.relation: rule for rule in signs(run, Checkup(symptoms=symptoms, incident=incident))}


@pytest.mark.parametrize(
    ("pose", "above", "below"),
    [([5.0, 19.89, 16.06, 13.9], 20.0, 15.0), ([40.0, 60.0, 67.7, 8.3], 70.0, 65.0), ([2.0, 9.0, 5.0, 1.0], 10.0, 5.0)],
)
def test_the_fallen_branch_is_watched_between_fives(pose, above, below):
    rules = found(pose, ("pose", 2.0))
    assert (rules["above"].value, rules["below"].value) == (above, below)
    assert (rules["above"].kind, rules["below"].kind) == ("health", "danger")


def test_without_a_fallen_branch_none_is_watched():
    assert "above" not in found([5.0, 6.0, 7.0, 8.0])


def test_the_general_signs_are_always_there():
    assert set(found([1.0])) >= {"rises", "smooth", "gap-below", "falls-in-a-row", "jumps", "out-of-memory"}


def test_there_are_no_signs_without_an_incident():
    assert signs(run_of({"val/top1": [1.0]}), Checkup()) == ()
