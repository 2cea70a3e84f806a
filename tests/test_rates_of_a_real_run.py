"""The rates that a real run logged are those that its config asks for."""

import numpy as np
import pytest

from defib import pipeline
from defib.diagnosis.rates import schedule
from defib.diagnosis.restarts import steps_per_epoch


def test_every_logged_rate_is_the_computed_one(real):
    run = pipeline.open_run(real)
    found, rate = schedule(run, steps_per_epoch(run)), run.get("train/lr")
    asked = [found.at(step, epoch) for step, epoch in zip(rate.step, rate.epoch, strict=True)]
    assert len(asked) > 20
    assert np.array(asked) == pytest.approx(rate.value)
