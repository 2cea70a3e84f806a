"""What programs say when a checkpoint does not fit the model, and whether it is only the classifier that does not.

A classifier for other classes is left out whenever a network is fine-tuned: that is meant. So are parts that only the new
network has: a neck on a backbone, adapters, another table of positions. When the names of the trunk do not fit, random
weights are trained and nobody is told twice.
"""

from __future__ import annotations

import re

LOOKED_AT = 20_000  # characters of a line; the missing keys of a whole network fill pages
FEWEST_SHARE = 0.5  # of the items that a checkpoint must at least have filled, where it says how many; assumed

HEAD_ONLY, NOT_MATCHED = "head-not-loaded", "not-matched"

_ANY = re.compile(
    r"state_dict|Incompatible|newly initialized|not used when initializing|Transferred \d|size mismatch for |[Kk]eys \("
)
_NAMED = re.compile(
    r"(?:unexpected key|missing keys?|[Mm]issing key\(s\)|[Uu]nexpected key\(s\))(?: in)?(?: source)? state_dict: (?P<names>.+)"
    r"|(?:Missing|Unexpected) keys \((?P<timm>[^)]*)\) (?:discovered|found) while loading"
    r"|size mismatch for (?P<one>[\w.]+):"
    r"|Some weights of .{0,400} (?:are newly initialized|were not used when initializing [^:]{0,100}): ?\[(?P<list>.*)"
)
_INCOMPATIBLE = re.compile(
    r"_IncompatibleKeys\(missing_keys=\[(?P<missing>[^\]]*)\], unexpected_keys=\[(?P<unexpected>[^\]]*)"
)
_TRANSFERRED = re.compile(r"Transferred (?P<some>\d{1,6})/(?P<all>\d{1,6}) items")
_WORD = re.compile(r"[A-Za-z_][\w.]*")
_BRACES = re.compile(r"\.?\{[^{}]{0,2000}\}")  # detectron2 writes `conv1.{bias, weight}`
_HEADS = re.compile(
    r"(?:^|[._])(?:\w*head\w*|fc\d{0,4}|fc_cls|fc_norm|cls|cls_score|bbox_pred|classifier|classif|logits|linear|output_layer|score"
    r"|out_proj|lm_head|pooler|predictor|mask_fcn_logits|projector|decoder\w*|mask_token|last_linear|cls_logits|conv_logits)(?:[._]|$)"
)
_COUNTERS = re.compile(r"num_batches_tracked$|position_ids$|relative_position_index$|attn_mask$|pixel_(?:mean|std)$")
_PARTS = re.compile(
    r"(?:^|[._])(?:neck|necks|\w*fpn\w*|rpn\w*|proposal_generator|lateral_convs|adapter\w*|lora_\w+|prompt\w*|\w*pos_embed\w*"
    r"|position_embeddings|relative_position_bias_table|temporal_embed\w*|time_embed\w*)(?:[._]|$)"
)
LISTS = re.compile(
    r"Some model parameters or buffers are not found in the checkpoint:\s*$|keys that are not used by the model:\s*$"
)
"""How detectron2 begins a list of names, one a line."""
LISTED = re.compile(r"\s{1,8}[\w.]{1,300}(?:\.?\{[\w., ]{1,2000}\})?\s*")


def misfit(line: str) -> str | None:
    """`not-matched` or `head-not-loaded` for a line that says so; None for any other, and where all that differs is a counter.

    >>> misfit("unexpected key in source state_dict: fc.weight, fc.bias")
    'head-not-loaded'
    >>> misfit("missing keys in source state_dict: conv1.weight, layer1.0.conv1.weight, fc.bias")
    'not-matched'
    >>> misfit("<All keys matched successfully>") is misfit("Transferred 349/355 items from pretrained weights") is None
    True
    """
    line = line[:LOOKED_AT]
    if _ANY.search(line) is None:
        return None
    transferred = _TRANSFERRED.search(line)
    if transferred is not None:
        return NOT_MATCHED if int(transferred["some"]) < FEWEST_SHARE * int(transferred["all"]) else None
    found = _INCOMPATIBLE.search(line)
    if found is not None:
        return unfit(f"{found['missing']} {found['unexpected']}")
    found = _NAMED.search(line)
    return None if found is None else unfit(found["names"] or found["timm"] or found["one"] or found["list"] or "")


def unfit(names: str) -> str | None:
    """What it means that these names did not fit; None where that says nothing about the trunk or the classifier.

    >>> unfit("backbone.fc.weight"), unfit("layer1.0.conv1.weight, fc.bias"), unfit("neck.convs.0.weight, bbox_head.fc.bias")
    ('head-not-loaded', 'not-matched', None)
    """
    found = [name for name in _WORD.findall(_BRACES.sub("", names)) if not _COUNTERS.search(name)]
    beside = [name for name in found if not _PARTS.search(name)]
    if any(not _HEADS.search(name) for name in beside):
        return NOT_MATCHED
    return HEAD_ONLY if beside and len(beside) == len(found) else None
