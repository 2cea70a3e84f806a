"""mmengine's own code writes a dump of made-up samples, shaped as mmaction2 shapes them, and defib reads it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from defib import reading

DRAW = np.random.default_rng(0)
LABELS = DRAW.integers(0, 12, 30)
RGB, POSE = (DRAW.random((30, 12), dtype=np.float32) for _ in range(2))


def new(index, *, several):
    """A data sample of mmaction2 1.2: `pred_score`, of one tensor or of one for each branch."""
    from mmengine.structures import BaseDataElement

    rgb, pose = torch.tensor(RGB[index]), torch.tensor(POSE[index])
    sample = BaseDataElement(metainfo={"img_shape": torch.Size((224, 224)), "num_clips": 10})
    sample.pred_score = {"rgb": rgb, "pose": pose} if several else rgb
    sample.pred_label = rgb.argmax(dim=-1, keepdim=True)
    sample.gt_label = torch.tensor([int(LABELS[index])])
    return sample


def old(index, *, several):
    """A data sample of mmaction2 1.0: `pred_scores` and `gt_labels`, each a LabelData."""
    from mmengine.structures import BaseDataElement, LabelData

    rgb, pose = torch.tensor(RGB[index]), torch.tensor(POSE[index])
    sample = BaseDataElement(metainfo={"img_shape": (224, 224)})
    sample.pred_scores = LabelData(rgb=rgb, pose=pose) if several else LabelData(item=rgb)
    sample.pred_labels = LabelData(item=rgb.argmax(dim=-1, keepdim=True))
    sample.gt_labels = LabelData(item=torch.tensor([int(LABELS[index])]))
    return sample


@pytest.mark.filterwarnings("ignore")  # mmengine's own
@pytest.mark.parametrize("several", [False, True], ids=["one answer", "two branches"])
@pytest.mark.parametrize("sample", [new, old])
def test_what_mmengine_dumps_is_read(tmp_path, sample, several):
    pytest.importorskip("mmengine")
    from mmengine.evaluator import DumpResults, Evaluator

    path = tmp_path / "predictions.pkl"
    evaluator = Evaluator([DumpResults(out_file_path=str(path))])
    for start in range(0, 30, 10):
        evaluator.process([sample(index, several=several) for index in range(start, start + 10)])
    evaluator.evaluate(30)
    table = reading.read_predictions(path)
    assert table.form == "pickle"
    assert table.labels.tolist() == LABELS.tolist()
    expected = {"rgb": RGB, "pose": POSE} if several else {"fused": RGB}
    assert {name: one.tolist() for name, one in table.scores.items()} == {
        name: one.tolist() for name, one in expected.items()
    }
