"""Messages that frameworks really print, from the console log to the causes that stand on them."""

import pytest

from defib.reading.saying import said

HEAD = "2024/01/01 00:00:00 - mmengine - INFO - "


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gradient overflow.  Skipping step, loss scaler 0 reducing loss scale to 32768.0", "overflow"),
        ("Check overflow, downscale loss scale to 16384.0", "overflow"),
        ("[deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 65536, reducing to 32768", "overflow"),
        ("NOTE: gradient overflow detected, ignoring gradient, setting loss scale to: 64.0", "overflow"),
        ("Switch pipeline now!", "phase"),
        ("No mosaic and mixup aug now!", "phase"),
        ("Add additional L1 loss now!", "phase"),
        ("Switch batch augments at epoch 12.", "phase"),
        ("Switch loss (resume recipe of epoch 12).", "phase"),
        ("Closing dataloader mosaic", "phase"),
        ("Failed to load optimizer state, starting anew", "optimizer-lost"),
        ("checkpoint has no optimizer, only weights are used", "optimizer-lost"),
    ],
)
def test_a_message_is_understood(text, kind):
    assert said(HEAD + text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "RuntimeWarning: overflow encountered in exp",
        "Epoch(train)  [3][10/20]  lr: 1.0000e-02  loss: 1.0000",
        "optimizer = dict(type='SGD', lr=0.01)",
        "Scale the optimizer's rate without a warm-up",
        "dict(type='Mosaic', img_scale=(640, 640)),",
        "switching to branch main",
        "The loss is switched in the last epochs",
    ],
)
def test_other_lines_are_none_of_these(text):
    found = said(HEAD + text)
    assert found is None or found.kind not in ("overflow", "phase", "optimizer-lost")
