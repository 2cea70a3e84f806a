"""The page of each setting, in both languages, and where mmengine keeps it.

Usual ranges are those of common recipes, given for orientation: no threshold of defib stands on them.
"""

from __future__ import annotations

from defib.settings.layouts.mmengine import PLAIN
from defib.words import Words

WHERE = dict(PLAIN) | {
    "warmup": "param_scheduler",
    "schedule_factor": "param_scheduler",
    "loss_weight": "model.cls_head.loss_weights",
    "crop_area": "train_dataloader.dataset.pipeline",
    "color_jitter": "train_dataloader.dataset.pipeline",
    "test_clips": "test_dataloader.dataset.pipeline",
    "val_clips": "val_dataloader.dataset.pipeline",
}
"""The path in an mmengine config, or the list that holds it; a test reads each back."""

TEXTS = {
    "lr": Words(
        en="How far one step moves the weights. SGD commonly takes 0.001 to 0.1, Adam and AdamW 1e-5 to 1e-3; it goes with "
        "the number of samples per step. Too high, the run swings or falls; too low, it crawls.",
        zh="决定每一步把权重移动多远。SGD 常用 0.001 到 0.1，Adam 和 AdamW 常用 1e-5 到 1e-3，并随每步样本数调整。过高会使训练振荡或崩溃，过低则进展缓慢。",
    ),
    "weight_decay": Words(
        en="Pulls the weights towards zero at every step; 1e-4 to 5e-4 is common with SGD, 0.01 to 0.1 with AdamW. Too much "
        "keeps the model from learning, too little lets it over-fit. What it does depends on the learning rate.",
        zh="每一步都把权重拉向零；SGD 常用 1e-4 到 5e-4，AdamW 常用 0.01 到 0.1。过大会使模型学不动，过小则容易过拟合。其效果与学习率有关。",
    ),
    "momentum": Words(
        en="The share of the last step that goes into the next one; 0.9 is usual. Nearer to 1, old gradients outweigh new "
        "ones, and the run swings.",
        zh="上一步更新带入下一步的比例，通常为 0.9。越接近 1，旧梯度的影响越大，训练容易振荡。",
    ),
    "optimizer": Words(
        en="How a gradient becomes a step: SGD, Adam, AdamW and others. Learning rates of different optimizers cannot be "
        "compared, so that defib compares rates only with a recipe of the same optimizer.",
        zh="决定梯度如何变成一步更新：SGD、Adam、AdamW 等。不同优化器的学习率不可互相比较，因此 defib 只与使用同一优化器的配方比较学习率。",
    ),
    "clip": Words(
        en="The largest norm that a gradient may have; a larger one is scaled down to it. Limits from 1 to 40 are common. Too "
        "high or missing, one bad batch can throw the weights far off; too low, most steps are cut to one length.",
        zh="梯度允许的最大范数，超过的会按比例缩小。常用 1 到 40。过高或没有设置时，一个坏批次就可能把权重甩得很远；过低时，大多数更新都被截成同一长度。",
    ),
    "batch_size": Words(
        en="Samples that one GPU takes in a step. With the number of GPUs and the accumulated steps it gives the samples per "
        "step, for which the learning rate has to fit. Four or fewer make the running statistics of plain BatchNorm poor.",
        zh="每张 GPU 每步处理的样本数。与 GPU 数量、梯度累积步数相乘，就是每步样本数，学习率要与之匹配。不超过四个时，普通 BatchNorm 的滑动统计量会不准。",
    ),
    "max_epochs": Words(
        en="How many times training goes through the data. Schedules are laid out over it, so that a run that is cut short "
        "never reaches its low learning rates. Without it some rules cannot look.",
        zh="训练遍历数据的轮数。学习率调度按它安排，因此提前结束的训练到不了低学习率阶段。不知道它时，有些规则无法检查。",
    ),
    "warmup": Words(
        en="Lets the learning rate climb at the start, over some hundred steps or a few epochs. It protects random weights; "
        "when it runs again by mistake after a resume, the rate first drops and then climbs back.",
        zh="让学习率在开头逐步上升，通常持续几百步或几轮，用来保护随机初始化的权重。恢复训练后若误将它重做一遍，学习率会先降后升。",
    ),
    "schedule": Words(
        en="How the learning rate changes over the run: steps, cosine and others. A rate that is raised late, or falls to zero "
        "early, breaks a run without any error message.",
        zh="学习率在训练过程中的变化方式：阶梯、余弦等。后期上调或过早降为零，都会毁掉训练而不报任何错误。",
    ),
    "schedule_factor": Words(
        en="The factor by which a step of the schedule multiplies the learning rate (`gamma`); 0.1 is usual. One above 1 raises "
        "the rate, and is nearly always a mistake.",
        zh="调度的一步对学习率所乘的倍率（`gamma`），通常为 0.1。大于 1 就是上调学习率，几乎总是写错了。",
    ),
    "loss_weight": Words(
        en="How much the loss of one branch counts in the total; 1 is usual. Too high, the branch drags the others through "
        "what they share; at 0 it learns nothing. The name of the branch follows a dot: `loss_weight.pose`.",
        zh="某个分支的损失在总损失中的权重，通常为 1。过高时，该分支会通过共享部分拖累其他分支；为 0 时它什么也学不到。分支名写在点号之后：`loss_weight.pose`。",
    ),
    "clip_value": Words(
        en="Clips each element of the gradient to this size, as detectron2 and Lightning can. It changes the direction of a step and is "
        "not comparable with `clip`, which limits the norm; defib never turns one into the other.",
        zh="把梯度的每个分量限制在这个大小以内，detectron2 和 Lightning 支持这种方式。它会改变更新方向，与限制范数的 `clip` 不可比，defib 不会互相换算。",
    ),
    "total_batch": Words(
        en="How many samples one step sees over all GPUs together, where the framework counts them so (detectron2, PySlowFast). It is not "
        "multiplied by the number of GPUs.",
        zh="每一步所有 GPU 合计处理的样本数，用于按总数计的框架（detectron2、PySlowFast），不会再乘以 GPU 数。",
    ),
    "max_steps": Words(
        en="How long a run lasts, counted in optimizer steps instead of epochs. The schedule is usually planned for this length.",
        zh="以优化器步数而不是轮数计的训练长度，调度通常按这个长度安排。",
    ),
    "crop_area": Words(
        en="Which share of the picture a random crop of training keeps, from least to most; (0.56, 1) is common for actions, "
        "where a smaller crop cuts off hands and feet.",
        zh="训练时随机裁剪保留的面积比例，从最小到最大；动作识别常用 (0.56, 1)，更小的裁剪会切掉手脚。",
    ),
    "color_jitter": Words(
        en="Changes brightness, contrast and colour of training clips at random. Where the recipe has none it slows learning "
        "down and lowers the ceiling.",
        zh="随机改变训练片段的亮度、对比度和颜色。配方中没有而这里有时，会拖慢学习并压低上限。",
    ),
    "test_clips": Words(
        en="How many clips of a video the final test averages; 1 to 10. It costs time and lifts the score a little. It "
        "cannot disturb training.",
        zh="最终测试时每个视频取多少个片段求平均，常用 1 到 10。它耗费时间，略微提高成绩，但不可能干扰训练。",
    ),
    "val_clips": Words(
        en="How many clips of a video validation averages; usually 1. More make a validation slower and its score calmer. "
        "Scores with different numbers of clips cannot be compared.",
        zh="验证时每个视频取多少个片段求平均，通常为 1。更多会使验证变慢、成绩更平稳。片段数不同的成绩不能互相比较。",
    ),
    "load_from": Words(
        en="The checkpoint whose weights a run begins with; optimizer and schedule begin anew. A rescue sets it to the best "
        "validated checkpoint from before the onset.",
        zh="训练开始时加载的检查点，只取权重，优化器和调度从头开始。修复方案会把它设为崩溃点之前验证最好的检查点。",
    ),
    "resume": Words(
        en="Goes on with a run: weights, optimizer, schedule and epoch are restored. The old schedule then overrules what was "
        "changed in the config, so that a rescue switches it off.",
        zh="接着训练：恢复权重、优化器、调度和轮数。此时旧的调度会覆盖配置中的改动，因此修复方案会把它关闭。",
    ),
    "work_dir": Words(
        en="The folder for logs and checkpoints. A rescue takes a new one, so that nothing of the old run is overwritten.",
        zh="保存日志和检查点的目录。修复方案使用新的目录，以免覆盖原来的训练。",
    ),
    "save_best": Words(
        en="The metric by which the best checkpoint is kept. With `auto` mmengine takes the first that it meets, which may be a "
        "single branch and not the fused score.",
        zh="挑选最佳检查点所依据的指标。设为 `auto` 时，mmengine 采用它遇到的第一个，可能是单个分支而不是融合分数。",
    ),
    "max_keep": Words(
        en="How many checkpoints are kept; older ones are deleted. Too few, and the one from before a fall is gone when it is "
        "needed.",
        zh="保留多少个检查点，更早的会被删除。太少时，需要崩溃点之前的检查点时已经没有了。",
    ),
    "classes": Words(
        en="The number of classes of the head. defib takes from it what guessing scores and costs; where it does not fit the "
        "labels, the model can never be right.",
        zh="分类头的类别数。defib 据此得出随机猜测的成绩和损失；与标签不符时，模型永远不可能判对。",
    ),
    "model": Words(
        en="The type of the backbone. With the number of classes and the data it tells which reference recipe fits.",
        zh="骨干网络的类型。它与类别数、数据一起决定适用哪个参考配方。",
    ),
    "pretrained": Words(
        en="Weights that the backbone begins with. Without them, and without `load_from`, training begins from random weights "
        "and needs far more epochs.",
        zh="骨干网络的初始权重。没有它、也没有 `load_from` 时，训练从随机权重开始，需要多得多的轮数。",
    ),
}
