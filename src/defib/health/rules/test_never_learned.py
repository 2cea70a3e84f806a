from defib.health.rules.never_learned import never_learned
from defib.records import Expectation, Reference
from defib.samples import run_of
from defib.words import same


def reference(epoch=1.0, value=96.0):
    expected = Expectation(key="val/top1/fused", epoch=epoch, value=value, basis="assumed", says=same("assumed"))
    return Reference(
        name="a_recipe", says=same("a recipe"), source="made up", settings={}, batch=48, expects=(expected,)
    )


def found(values, epochs=None, **expected):
    return never_learned(run_of({"val/top1/fused": values}, epochs=epochs, reference=reference(**expected)))


def test_fires_when_the_first_evaluation_has_not_half_of_what_a_loaded_start_gives():
    (symptom,) = found([7.85, 46.43])
    assert symptom.onset.epoch == 1.0
    assert "96.0%" in symptom.says.en
    assert "assumed" in symptom.says.zh


def test_stays_quiet_above_half_of_the_expectation():
    assert found([60.0, 70.0]) == ()


def test_stays_quiet_when_that_moment_was_not_logged():
    assert found([46.43, 50.0], epochs=[7, 8]) == ()


def test_stays_quiet_before_that_moment():
    assert found([7.85, 20.0], epoch=20.0) == ()


def test_cannot_look_without_a_reference():
    assert "reference" in never_learned.unseen(run_of({"val/top1": [1.0]})).en
