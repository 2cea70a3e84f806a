"""Which parameters belong to which branch of a network, told by the user or found in the tree of its modules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from torch import nn

from defib.hooks.tongue import said

if TYPE_CHECKING:
    from typing import Iterable, Mapping, Union

    from torch import Tensor

    Given = Union[str, nn.Module, Iterable[Tensor]]

WHOLE = ""
"""The name of a network in which no branches are known."""
SHARED = "shared"
"""What belongs to no branch, or to several of them, beside branches."""
MODALITIES = {
    "rgb": "rgb",
    "video": "rgb",
    "pose": "pose",
    "skeleton": "pose",
    "keypoint": "pose",
    "flow": "flow",
    "depth": "depth",
    "audio": "audio",
    "image": "image",
    "vision": "image",
    "visual": "image",
    "text": "text",
}
"""Words by which networks call the stream of one kind of data -> the name of the branch."""
STREAMS = ("branch", "stream", "tower", "path", "pathway")
"""Words that make a branch of whatever stands beside them: `left_tower`, `branch_2`, `slow_path`."""
NO_BRANCH = (
    "the branch '{name}' has no parameters of its own; the network has these submodules: {known}",
    "分支“{name}”没有属于自己的参数；网络的子模块有：{known}",
)
WRAPPERS = ("module", "_orig_mod", "_fsdp_wrapped_module")
"""What DistributedDataParallel, torch.compile and FSDP put around a network; no part of a name."""


class Branch(NamedTuple):
    """One branch: its parameters, and the modules that hold them, the outermost first."""

    name: str
    """Empty for a network that is one whole."""
    parameters: tuple[nn.Parameter, ...]
    modules: tuple[nn.Module, ...]

    @property
    def suffix(self) -> str:
        """What stands behind the name of a measure of this branch."""
        return "/" + self.name if self.name else ""


def branches_of(model: nn.Module, given: Mapping[str, Given] | None = None) -> list[Branch]:
    """The branches of a network, `shared` last where something is left over; each parameter belongs to one of them.

    given: branch -> its module, the beginning of its parameters' names, or its parameters. Else words that name a kind
    of data (`rgb_path`, `fc_pose`) or a stream (`left_tower`) are looked for in the names, the outermost word counts; a
    network without such words is one branch without a name.

    Raises ValueError for a branch in which nothing is trained: a misspelt name would be measured as silence.
    """
    named = list(model.named_parameters())
    owner = _given(model, given) if given else _found(model)
    kept: dict[str, list[nn.Parameter]] = {}
    for _, parameter in named:
        kept.setdefault(owner.get(id(parameter), SHARED), []).append(parameter)
    for name in given or ():
        if not kept.get(name):
            known = ", ".join(child for child, _ in model.named_children()) or "-"
            raise ValueError(said(*NO_BRANCH, name=name, known=known))
    order = sorted((name for name in kept if name != SHARED), key=lambda name: list(given or kept).index(name))
    order += [SHARED] if SHARED in kept else []
    if order == [SHARED]:
        return [Branch(WHOLE, tuple(kept[SHARED]), tuple(model.modules()))]
    return [Branch(name, tuple(kept[name]), tuple(_holding(model, kept[name]))) for name in order]


def _given(model: nn.Module, given: Mapping[str, Given]) -> dict[int, str]:
    owner: dict[int, str] = {}
    for branch, what in given.items():
        if isinstance(what, str):
            start = what.rstrip(".")
            chosen = [one for name, one in _plain(model) if name == start or name.startswith(start + ".")]
        elif isinstance(what, nn.Module):
            chosen = list(what.parameters())
        else:
            chosen = [one for one in what if isinstance(one, nn.Parameter)]
        for one in chosen:
            owner[id(one)] = SHARED if owner.get(id(one), branch) != branch else branch
    return owner


def _found(model: nn.Module) -> dict[int, str]:
    owner: dict[int, str] = {}
    for name, one in _plain(model):
        branch = _named(name) or SHARED
        owner[id(one)] = branch if owner.get(id(one), branch) == branch else SHARED
    return owner if len(set(owner.values()) - {SHARED}) > 1 else {}  # one stream alone is the network itself


def _plain(model: nn.Module) -> list[tuple[str, nn.Parameter]]:
    """Names without what wrappers add; a parameter that is used twice appears under each of its names."""
    found = []
    for name, module in model.named_modules(remove_duplicate=False):
        inside = [part for part in name.split(".") if part and part not in WRAPPERS]
        found += [(".".join([*inside, own]), one) for own, one in module.named_parameters(recurse=False)]
    return found


def _named(name: str) -> str | None:
    """The branch that a parameter's name speaks of.

    >>> _named("backbone.rgb_path.layer1.0.conv.weight"), _named("head.fc_pose.bias"), _named("left_tower.0.weight")
    ('rgb', 'pose', 'left')
    >>> _named("branch2.conv.weight"), _named("encoder.layer1.weight"), _named("pathology.weight")
    ('branch2', None, None)
    """
    for part in name.split(".")[:-1]:
        words = re.findall(r"[a-z]+|\d+", re.sub(r"([a-z])([A-Z])", r"\1_\2", part).lower())
        for word in words:
            if word in MODALITIES:
                return MODALITIES[word]
        for stream in STREAMS:
            if stream in words:
                rest = [word for word in words if word != stream]
                return ("".join((stream, *rest)) if all(word.isdigit() for word in rest) else "_".join(rest)) or None
    return None


def _holding(model: nn.Module, parameters: Iterable[nn.Parameter]) -> list[nn.Module]:
    """Modules in which every parameter is one of these, the outermost first, those within them after."""
    mine = {id(one) for one in parameters}
    found = []
    for module in model.modules():
        own = [id(one) for one in module.parameters()]
        if own and all(one in mine for one in own):
            found.append(module)
    return found
