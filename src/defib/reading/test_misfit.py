"""When a checkpoint does not fit, and when only the classifier does not."""

import pytest

from defib.reading.misfit import misfit


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("missing keys in source state_dict: cls_head.fc_cls.weight, cls_head.fc_cls.bias", "head-not-loaded"),
        ("unexpected key in source state_dict: fc.weight, fc.bias", "head-not-loaded"),
        ("size mismatch for cls_head.fc_rgb.weight: copying a param with shape torch.Size([400, 2048])", "head-not-loaded"),
        ("_IncompatibleKeys(missing_keys=['head.weight', 'head.bias', 'fc_norm.weight'], unexpected_keys=['mask_token', 'decoder_blocks.0.norm1.weight'])", "head-not-loaded"),
        ("Some weights of BertForSequenceClassification were not initialized from the model checkpoint at bert-base and are newly initialized: ['classifier.bias', 'classifier.weight']", "head-not-loaded"),
        ("unexpected key in source state_dict: module.backbone.conv1.weight, module.backbone.bn1.weight", "not-matched"),
        ("missing keys in source state_dict: backbone.rgb_path.conv1.conv.weight, cls_head.fc_cls.bias", "not-matched"),
        ('\tMissing key(s) in state_dict: "conv1.weight", "bn1.weight". ', "not-matched"),
        ("size mismatch for backbone.conv1.weight: copying a param with shape", "not-matched"),
        ("Unexpected keys (classifier.bias, classifier.weight) found while loading pretrained weights. This may be expected if model is being adapted.", "head-not-loaded"),
        ("Missing keys (patch_embed.proj.weight, blocks.0.norm1.weight) discovered while loading pretrained weights. This is expected if model is being adapted.", "not-matched"),
        ("Missing keys (pos_embed, head.weight) discovered while loading pretrained weights. This is expected if model is being adapted.", None),
        ("missing keys in source state_dict: neck.lateral_convs.0.conv.weight, bbox_head.fc_cls.weight", None),
        ("unexpected key in source state_dict: base_model.model.lora_A.weight", None),
        ("Transferred 12/355 items from yolov8n.pt", "not-matched"),
        ("Transferred 349/355 items from yolov8n.pt", None),
        ("_IncompatibleKeys(missing_keys=[], unexpected_keys=[])", None),
        ("missing keys in source state_dict: bn1.num_batches_tracked, bn2.num_batches_tracked", None),
        ("<All keys matched successfully>", None),
        ("Load checkpoint from epoch_9.pth", None),
        ("the state_dict of the optimizer was not saved", None),
        ("val/missing_keys 3", None),
    ],
)  # fmt: skip
def test_what_a_line_says_about_a_checkpoint(line, kind):
    assert misfit(line) == kind


def test_pages_of_keys_are_read_in_bounded_time():
    assert misfit("missing keys in source state_dict: " + "a.b.c, " * 1_000_000) == "not-matched"
