"""Made-up files of predictions for the tests of this room, and how a refusal is read: whole, in both languages."""

import pickle

import numpy as np
import pytest
import torch

from defib.predictions.test_made_up_tables import labels_of, scores_of
from defib.reading import read_predictions

LABELS = labels_of(40, 6)
RGB = scores_of(LABELS, 6)
POSE = scores_of((LABELS + 1) % 6, 6, 0.5)


def dumped(samples, protocol=2):
    """A pickle as mmengine's `dump` writes it: protocol 2."""
    return pickle.dumps(samples, protocol=protocol)


def samples_of(convert=torch.tensor, labels=LABELS):
    """What mmaction2 1.2 dumps of a model with two branches, as far as it matters."""
    return [
        {
            "pred_score": {"rgb": convert(RGB[index]), "pose": convert(POSE[index])},
            "pred_label": convert(LABELS[index : index + 1]),
            "gt_label": convert(labels[index : index + 1]),
            "num_clips": 10,
            "img_shape": (224, 224),
        }
        for index in range(len(labels))
    ]


def read(folder, data, name="predictions.bin"):
    """Read these bytes from a file whose name says nothing."""
    path = folder / name
    path.write_bytes(data)
    return read_predictions(path)


def refused(kind, folder, data):
    """Read what cannot be read; the message is whole in both languages."""
    with pytest.raises(kind) as caught:
        read(folder, data)
    words = caught.value.words
    for text in (words.en, words.zh):
        shown = text.replace(str(folder), "")
        assert "{" not in shown.replace("{}", ""), text
        assert len(shown) < 1_000
        assert "predictions.bin" in shown
    assert words.en != words.zh
    assert caught.value.exit_code == 3
    return words


def holds_both(table):
    """Whether a table holds the two made-up branches and their labels."""
    assert table.scores["rgb"] == pytest.approx(RGB, abs=1e-3)
    assert table.scores["pose"] == pytest.approx(POSE, abs=1e-3)
    assert {one.dtype for one in table.scores.values()} == {np.dtype("float32")}
    assert table.labels.tolist() == LABELS.tolist()
    assert table.labels.dtype == np.int64
    return True


def test_the_made_up_dump_is_what_the_standard_unpickler_makes_of_it():
    first = pickle.loads(dumped(samples_of()))[0]
    assert first["pred_score"]["rgb"].tolist() == RGB[0].tolist()
    assert first["gt_label"].tolist() == [LABELS[0]]
