import pytest

from defib.reading.checkpoint_names import gathered, is_checkpoint, told_by


@pytest.mark.parametrize(
    ("name", "epoch", "step"),
    [
        ("epoch_12.pth", 12.0, None),
        ("iter_4000.pth", None, 4000),
        ("model_0004999.pth", None, 4999),
        ("checkpoint_epoch_00010.pyth", 10.0, None),
        ("ssl_checkpoint_epoch_00010.pyth", 10.0, None),
        ("checkpoint-12.pth.tar", 13.0, None),
        ("weights/epoch12.pt", 13.0, None),
        ("checkpoints/epoch=3-step=400.ckpt", 4.0, 400),
        ("checkpoints/net-epoch=3-val_acc=0.71.ckpt", 4.0, None),
        ("out/checkpoint-500", None, 500),
    ],
)
def test_each_framework_counts_in_its_own_way(name, epoch, step):
    found = told_by(name)
    assert (found.epoch, found.step) == (epoch, step)


@pytest.mark.parametrize(
    "name",
    [
        "best.pt",
        "last.ckpt",
        "model_best.pth.tar",
        "model_final.pth",
        "model_50.pth",
        "epoch12.pth",
        "checkpoint-12.pth",
    ],
)
def test_a_name_without_a_known_count_says_nothing(name):
    assert told_by(name) == (None, None, None)


@pytest.mark.parametrize("name", ["a.pth.tar", "last.ckpt", "checkpoint_epoch_00010.pyth", "best.pt"])
def test_every_ending_is_known(name):
    assert is_checkpoint(name)


@pytest.mark.parametrize(
    "name", ["recovery-3-99.pth.tar", "tmp.pth.tar", "images.tar", "training_args.bin", "model.ckpt.index"]
)
def test_what_is_thrown_away_or_no_checkpoint_is_none(name):
    assert not is_checkpoint(name)


def test_a_folder_counts_as_one_checkpoint_with_the_bytes_of_its_weights():
    sizes = {
        "checkpoint-500/model-00001-of-00002.safetensors": 5,
        "checkpoint-500/model-00002-of-00002.safetensors": 4,
        "checkpoint-500/optimizer.pt": 100,
        "checkpoint-500/rng_state.pth": 1,
        "checkpoint-1000/scheduler.pt": 1,
        "checkpoint-1500/global_step1500/mp_rank_00_model_states.pt": 1,
        "model.safetensors": 9,
        "pytorch_model.bin": 9,
    }
    assert gathered(sizes) == {"checkpoint-500": 9, "model.safetensors": 9}
