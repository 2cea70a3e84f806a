# made up: Faster R-CNN, one file
import torch
from detectron2.config import LazyCall as L
from detectron2.solver import WarmupParamScheduler
from detectron2.solver.build import get_default_optimizer_params
from fvcore.common.param_scheduler import MultiStepParamScheduler

train = dict(
    output_dir="./output/lazy",
    init_checkpoint="detectron2://ImageNetPretrained/MSRA/R-50.pkl",
    max_iter=90000,
    amp=dict(enabled=True),  # for mixed precision
    ddp=dict(broadcast_buffers=False, find_unused_parameters=False),
    checkpointer=dict(period=1000, max_to_keep=100),
    eval_period=1000,
    log_period=20,
    clip_grad=dict(enabled=True, params=dict(max_norm=8.0, norm_type=2)),
    device="cuda",
)

optimizer = L(torch.optim.SGD)(
    params=L(get_default_optimizer_params)(
        # params.model is set before the optimizer is made
        weight_decay_norm=0.0
    ),
    lr=2.0,  # far too high
    momentum=0.9,
    weight_decay=1e-4,
)

lr_multiplier = L(WarmupParamScheduler)(
    scheduler=L(MultiStepParamScheduler)(
        values=[1.0, 0.1, 0.01],
        milestones=[60000, 80000],
        num_updates=90000,
    ),
    warmup_length=1000 / 90000,
    warmup_method="linear",
    warmup_factor=0.001,
)

dataloader = dict(train=dict(total_batch_size=16, num_workers=4))
