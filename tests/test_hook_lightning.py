"""The callback in Lightning's real Trainer: what it logs is read, and training is the same without it."""

import csv
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import defib
from made_up_streams import STEPS, build, clips, scores

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lightning.pytorch import LightningModule, Trainer, seed_everything
    from lightning.pytorch.loggers import CSVLogger

    from defib.hooks.lightning import DefibCallback

pytestmark = pytest.mark.filterwarnings("ignore")  # about data loaders without workers, and the like


def dataset(seed, count):
    return TensorDataset(*(torch.from_numpy(one) for one in clips(seed, count)))


class TwoStreams(LightningModule):
    def __init__(self, jump=None):
        super().__init__()
        build(self)
        self.jump = jump

    def forward(self, given):
        return scores(self, given)

    def training_step(self, batch, _):
        given, label = batch
        loss = sum(nn.functional.cross_entropy(one, label) for one in self(given))
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, _):
        given, label = batch
        fused = sum(one.softmax(1) for one in self(given))
        self.log("val_acc", (fused.argmax(1) == label).float().mean())

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=0.05, momentum=0.9)
        return [optimizer], [torch.optim.lr_scheduler.MultiStepLR(optimizer, [self.jump or 99], gamma=1000.0)]


def trainer_of(folder, callback, **options):
    return Trainer(
        callbacks=[callback] if callback else [],
        logger=CSVLogger(folder, name="", version=""),
        log_every_n_steps=8,
        enable_progress_bar=False,
        enable_model_summary=False,
        accelerator="cpu",
        default_root_dir=folder,
        **options,
    )


def trained(folder, callback=None, *, epochs=3, jump=None, resume=None, **options):
    seed_everything(3, verbose=False)
    model = TwoStreams(jump)
    trainer = trainer_of(folder, callback, max_epochs=epochs, **options)
    train = DataLoader(dataset(1, 8 * STEPS), batch_size=8, shuffle=True)
    trainer.fit(model, train, DataLoader(dataset(2, 80), batch_size=16), ckpt_path=resume)
    return model, trainer


def often():
    return DefibCallback(norms=2, sample=4)


def rows(folder):
    with (folder / "metrics.csv").open() as file:
        return [row for row in csv.DictReader(file) if row.get("train/grad_norm/pose")]


@pytest.mark.parametrize(
    "options",
    [{}, {"gradient_clip_val": 1.0}, {"accumulate_grad_batches": 3}, {"precision": "bf16-mixed"}],
    ids=["plain", "clipped", "accumulated", "bf16"],
)
def test_training_is_bit_for_bit_the_same(tmp_path, options):
    watched, _ = trained(tmp_path / "with", often(), epochs=2, **options)
    alone, _ = trained(tmp_path / "without", epochs=2, **options)
    other = alone.state_dict()
    assert all(torch.equal(value, other[name]) for name, value in watched.state_dict().items())


def test_the_log_has_each_branch_before_clipping(tmp_path):
    trained(tmp_path, often(), gradient_clip_val=0.5)
    mine = rows(tmp_path)
    assert [int(row["step"]) for row in mine] == [7, 15, 23, 31, 39, 47]
    names = {name for name, value in mine[0].items() if value}
    wanted = ("grad_norm", "update_ratio", "feature_rank", "entropy", "batchnorm_gap")
    assert {f"train/{name}/{branch}" for name in wanted for branch in ("rgb", "pose")} <= names
    assert float(mine[0]["train/grad_norm"]) > 0.5
    assert float(mine[0]["train/clipped"]) > 0
    assert float(mine[-1]["train/still/pose"]) == pytest.approx(100 * 2 / 6)


def test_defib_reads_what_it_wrote(tmp_path):
    trained(tmp_path, often(), epochs=6)
    run = defib.open_run(tmp_path)
    assert run.framework == "lightning"
    assert len(run.get("train/grad_norm/pose").value) == 12
    assert run.not_understood == ()
    assert defib.diagnose(run).verdict == "healthy"


def test_a_run_that_breaks_tells_of_it_within_the_epoch(tmp_path):
    trained(tmp_path, often(), epochs=4, jump=2)
    ratio = defib.open_run(tmp_path).get("train/update_ratio/pose").value
    assert np.nanmax(ratio[4:]) > 20 * np.nanmax(ratio[:4])


def test_a_resumed_run_counts_on(tmp_path):
    _, trainer = trained(tmp_path / "first", often(), epochs=2)
    trainer.save_checkpoint(tmp_path / "last.ckpt")
    trained(tmp_path / "second", often(), epochs=3, resume=tmp_path / "last.ckpt")
    assert [int(row["step"]) for row in rows(tmp_path / "second")] == [39, 47]


def test_several_optimizers_are_told(tmp_path, capsys):
    class Both(TwoStreams):
        def __init__(self):
            super().__init__()
            self.automatic_optimization = False

        def configure_optimizers(self):
            return [torch.optim.SGD(part.parameters(), lr=0.05) for part in (self.rgb_path, self.pose_path)]

        def training_step(self, batch, _):
            given, label = batch
            loss = sum(nn.functional.cross_entropy(one, label) for one in self(given))
            for optimizer in self.optimizers():
                optimizer.zero_grad()
            self.manual_backward(loss)
            for optimizer in self.optimizers():
                optimizer.step()

    seed_everything(3, verbose=False)
    trainer = trainer_of(tmp_path, often(), max_epochs=1, enable_checkpointing=False)
    trainer.fit(Both(), DataLoader(dataset(1, 8 * STEPS), batch_size=8))
    assert (
        "there are several optimizers; gradients and updates are measured at the steps of the first"
        in capsys.readouterr().out
    )
    assert [int(row["step"]) for row in rows(tmp_path)] == [7, 15]


def test_a_misspelt_branch_stops_before_training(tmp_path):
    with pytest.raises(ValueError, match="the branch 'flow' has no parameters of its own"):
        trained(tmp_path, DefibCallback({"flow": "flow_path"}))
