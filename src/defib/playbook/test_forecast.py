import numpy as np
import pytest

from defib.playbook.forecast import FAMILIES, forecast
from defib.records import Checkup, Fact, Incident, Point
from defib.samples import run_of


def sick(epoch, value, onset):
    best = Fact(metric="val/top1", value=value, at=Point(epoch=epoch))
    return Checkup(incident=Incident(key="val/top1", onset=Point(epoch=onset), rule="x", best=best))


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_each_family_carries_its_own_curve_on_exactly(name):
    epoch = np.array([1.0, 2.0, 4.0, 7.0, 11.0])
    truth = {
        "exponential": lambda t: 80 - 70 * np.exp(-t / 6.0),
        "power": lambda t: 90 - 60 * t**-0.5,
        "hyperbola": lambda t: 85 - 80 * 4.0 / (t + 4.0),
    }[name]
    assert FAMILIES[name](epoch, truth(epoch))(np.array([30.0]))[0] == pytest.approx(truth(30.0), abs=0.7)


def test_the_band_covers_all_families_and_widens():
    run = run_of({"val/top1": [7.85, 46.43, 35.4, 56.13, 57.45, 32.64]}, epochs=[1, 7, 8, 10, 11, 12], target=95.0)
    found = forecast(run, sick(11.0, 57.45, 12.0))
    widths = [one.high - one.low for one in found.targets]
    assert [one.epochs for one in found.targets] == [10, 20, 40]
    assert widths == sorted(widths)
    assert all(57.45 < one.low < one.high <= 100.0 for one in found.targets)
    assert found.reached[1] is None  # at least one family never gets to 95


def test_a_target_within_reach_has_its_epochs():
    run = run_of({"val/top1": [10.0, 30.0, 45.0, 55.0, 62.0, 8.0]}, target=65.0)
    early, late = forecast(run, sick(5.0, 62.0, 6.0)).reached
    assert 1 <= early <= late < 20


def test_evaluations_after_the_onset_change_nothing():
    values = [10.0, 30.0, 45.0, 55.0, 62.0]
    one, other = (
        forecast(run_of({"val/top1": [*values, *after]}), sick(5.0, 62.0, 6.0)) for after in ([8.0], [1.0, 2.0])
    )
    assert one == other


def test_too_few_evaluations_give_no_band():
    found = forecast(run_of({"val/top1": [10.0, 30.0, 8.0]}), sick(2.0, 30.0, 3.0))
    assert found.targets == ()
    assert "too few" in found.says.en


def test_nothing_is_forecast_without_an_incident_or_for_a_loss():
    assert forecast(run_of({"val/top1": [10.0, 30.0]}), Checkup()) is None
    assert forecast(run_of({"val/loss": [2.0, 1.0]}), sick(2.0, 1.0, 3.0)) is None


def test_a_run_that_goes_on_is_carried_to_its_planned_end():
    from defib.playbook.forecast import ahead

    rising = [100 - 90 * 0.8**epoch for epoch in range(1, 11)]
    run = run_of({"val/top1": rising}, deciding="val/top1", config={"train_cfg": {"max_epochs": 20}})
    found = ahead(run, Checkup())
    assert found.epochs == 10
    assert found.low <= found.high <= 100.0
    truth = 100 - 90 * 0.8**20
    assert found.low <= truth + 0.5
    assert found.high >= truth - 0.5


@pytest.mark.parametrize("changed", ["few", "no length", "over", "loss"])
def test_nothing_is_forecast_for_a_run_that_goes_on(changed):
    from defib.playbook.forecast import ahead

    scores = [10.0, 20.0, 25.0] if changed == "few" else [10.0, 20.0, 25.0, 28.0, 30.0]
    key = "val/loss" if changed == "loss" else "val/top1"
    length = {"no length": {}, "over": {"train_cfg": {"max_epochs": 5}}}.get(changed, {"train_cfg": {"max_epochs": 20}})
    assert ahead(run_of({key: scores}, deciding=key, config=length), Checkup()) is None
