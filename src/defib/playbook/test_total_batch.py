import pytest

from defib.records import Launch
from defib.samples import run_of
from defib.scaling import total_batch


def batch(tree, gpus=None):
    return total_batch(run_of({"val/top1": [1.0]}, config=tree, dialect="yaml", launch=Launch(gpus=gpus)))


DETECTRON2 = {"SOLVER": {"BASE_LR": 0.1, "IMS_PER_BATCH": 16}}
HUGGINGFACE = {"output_dir": "o", "num_train_epochs": 3, "per_device_train_batch_size": 8}
ULTRALYTICS = {"lr0": 0.1, "epochs": 9, "batch": 16}


@pytest.mark.parametrize("gpus", [None, 1, 8])
def test_a_batch_over_all_gpus_is_not_multiplied_by_them(gpus):
    assert batch(DETECTRON2, gpus) == 16


def test_a_batch_of_one_gpu_needs_their_number():
    assert batch(HUGGINGFACE) is None
    assert batch(HUGGINGFACE, 4) == 32


def test_gathered_batches_count():
    assert batch({**HUGGINGFACE, "gradient_accumulation_steps": 4}, 2) == 64
    assert batch(ULTRALYTICS) == 64  # up to nbs
    assert batch({**ULTRALYTICS, "nbs": 16}) == 16
    assert batch({**HUGGINGFACE, "gradient_accumulation_steps": "auto"}, 2) is None
