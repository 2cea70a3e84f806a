"""A run that was resumed with an edited config: from the files of two processes to the cause."""

import json

import pytest

from defib import pipeline

STEPS = 60
EVERY = 10
CONFIG = """
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr={lr}))
param_scheduler = [dict(type='MultiStepLR', milestones=[30], gamma=0.1, by_epoch=True)]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=40)
resume = {resume}
"""


def process(folder, *, epochs, rate, score, said, config):
    """What one process of mmengine leaves: scalars, the console log, the dumped config."""
    stamp = f"20240101_{epochs[0]:06d}"
    home = folder / stamp / "vis_data"
    home.mkdir(parents=True)
    rows = []
    for epoch in epochs:
        steps = ((epoch - 1) * STEPS + step for step in range(EVERY, STEPS + 1, EVERY))
        rows += [{"lr": rate(epoch), "loss": 1.0, "epoch": epoch, "step": step} for step in steps]
        rows.append({"acc/top1": score(epoch), "step": epoch})
    (home / "scalars.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (home / "config.py").write_text(config)
    lines = [f"2024/01/01 00:00:00 - mmengine - INFO - {text}\n" for text in said]
    (folder / stamp / f"{stamp}.log").write_text("".join(lines))


@pytest.fixture
def resumed(tmp_path):
    """Epochs 1 to 10 and 11 to 16; the rate of the second process is to be filled in."""

    def run(rate, said=("Load checkpoint from epoch_10.pth", "resumed epoch: 10, iter: 600")):
        first, second = CONFIG.format(lr=0.02, resume=False), CONFIG.format(lr=0.005, resume=True)
        process(tmp_path, epochs=range(1, 11), rate=lambda _: 0.02, score=lambda at: 0.05 * at, said=(), config=first)
        process(tmp_path, epochs=range(11, 17), rate=rate, score=lambda _: 0.04, said=said, config=second)
        case = pipeline.diagnose(pipeline.open_run(tmp_path))
        return case, {cause.cause: cause for cause in case.causes}

    return run


def test_the_old_rate_after_a_resume_with_an_edited_config(resumed):
    case, causes = resumed(lambda _: 0.02)
    assert case.checkup.incident.onset.epoch == 11
    assert causes["stale_scheduler"].standing == "likely"
    assert "0.02 where the config asks for 0.005" in causes["stale_scheduler"].for_[0].measured.en
    assert causes["optimizer_lost"].standing == "ruled-out"


def test_the_edited_rate_after_a_resume(resumed):
    _, causes = resumed(lambda _: 0.005)
    assert causes["stale_scheduler"].standing == "ruled-out"


def test_a_rate_that_climbs_again(resumed):
    _, causes = resumed(lambda epoch: 0.002 * (epoch - 10))
    assert causes["warmup_repeated"].standing == "likely"
    assert causes["stale_scheduler"].standing == "possible"  # the rate is not the config's, but no old one either
