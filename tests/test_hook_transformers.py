"""The callback in Hugging Face's real Trainer: what it logs is read, and training is the same without it."""

import json

import numpy as np
import pytest
import torch
from torch import nn
from transformers import Trainer, TrainingArguments

import defib
from defib.hooks.transformers import DefibCallback
from made_up_streams import STEPS, Clips, build, scores

pytestmark = pytest.mark.filterwarnings("ignore")  # about pinned memory without a GPU, and the like


class TwoStreams(nn.Module):
    def __init__(self):
        super().__init__()
        build(self)

    def forward(self, given, labels=None):
        both = scores(self, given)
        loss = sum(nn.functional.cross_entropy(one, labels) for one in both)
        return {"loss": loss, "logits": sum(one.softmax(1) for one in both)}


def trained(folder, callback=None, *, epochs=3, jump=None, resume=None, **options):
    torch.manual_seed(3)
    model = TwoStreams()
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=epochs,
        per_device_train_batch_size=8,
        learning_rate=0.05,
        optim="sgd",
        lr_scheduler_type="constant",
        logging_steps=8,
        eval_strategy="epoch",
        save_strategy="epoch",
        use_cpu=True,
        report_to=[],
        seed=3,
        disable_tqdm=True,
        **{"max_grad_norm": 1.0, **options},
    )
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=Clips(1, 8 * STEPS),
        eval_dataset=Clips(2, 80),
        callbacks=[callback] if callback else [],
        compute_metrics=lambda got: {"accuracy": float((got.predictions.argmax(1) == got.label_ids).mean())},
    )
    if jump is not None:
        trainer.create_optimizer()
        trainer.lr_scheduler = torch.optim.lr_scheduler.MultiStepLR(trainer.optimizer, [jump], gamma=1000.0)
    trainer.train(resume_from_checkpoint=resume)
    trainer.save_state()
    return model, trainer


def often():
    return DefibCallback(sample=4)


def rows(folder):
    state = json.loads((folder / "trainer_state.json").read_text())
    return [row for row in state["log_history"] if "train/grad_norm/pose" in row]


@pytest.mark.parametrize(
    "options",
    [{}, {"max_grad_norm": 0.0}, {"gradient_accumulation_steps": 3}, {"bf16": True}],
    ids=["clipped", "not clipped", "accumulated", "bf16"],
)
def test_training_is_bit_for_bit_the_same(tmp_path, options):
    watched, _ = trained(tmp_path / "with", often(), epochs=2, **options)
    alone, _ = trained(tmp_path / "without", epochs=2, **options)
    other = alone.state_dict()
    assert all(torch.equal(value, other[name]) for name, value in watched.state_dict().items())


def test_the_log_has_each_branch_before_clipping(tmp_path):
    trained(tmp_path, often(), max_grad_norm=0.5)
    mine = rows(tmp_path)
    assert [row["step"] for row in mine] == [8, 16, 24, 32, 40, 48]
    for row in mine:
        square = row["train/grad_norm/rgb"] ** 2 + row["train/grad_norm/pose"] ** 2
        assert square**0.5 == pytest.approx(row["grad_norm"], rel=1e-4)
    assert mine[0]["grad_norm"] > 0.5
    wanted = ("update_ratio", "feature_rank", "entropy", "batchnorm_gap")
    assert {f"train/{name}/{branch}" for name in wanted for branch in ("rgb", "pose")} <= set(mine[0])
    assert mine[-1]["train/still/pose"] == pytest.approx(100 * 2 / 6)


def test_defib_reads_what_it_wrote(tmp_path):
    trained(tmp_path, often(), epochs=6)
    run = defib.open_run(tmp_path)
    assert run.framework == "huggingface"
    assert len(run.get("train/grad_norm/pose").value) == 12
    assert not [name for name in run.not_understood if name.startswith("train/")]
    assert defib.diagnose(run).verdict == "healthy"


def test_a_run_that_breaks_tells_of_it_within_the_epoch(tmp_path):
    trained(tmp_path, often(), epochs=4, jump=2 * STEPS, max_grad_norm=0.0)
    ratio = defib.open_run(tmp_path).get("train/update_ratio/pose").value
    assert np.nanmax(ratio[4:]) > 20 * np.nanmax(ratio[:4])


def test_a_resumed_run_counts_on(tmp_path):
    trained(tmp_path, often(), epochs=2)
    trained(tmp_path, often(), epochs=3, resume=str(tmp_path / f"checkpoint-{2 * STEPS}"))
    assert [row["step"] for row in rows(tmp_path)] == [8, 16, 24, 32, 40, 48]


def test_a_misspelt_branch_stops_before_training(tmp_path):
    with pytest.raises(ValueError, match="the branch 'flow' has no parameters of its own"):
        trained(tmp_path, DefibCallback({"flow": "flow_path"}))
