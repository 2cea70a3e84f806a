"""Optimizer, schedule and the training itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.words import Words

if TYPE_CHECKING:
    from defib.action.mmaction2.reading import Reading, Tree


def optimizer(config: Reading) -> None:
    """Optimizer, clipping, precision and the batch that the rate is for."""
    front = "optim_wrapper.optimizer" if config.at("optim_wrapper.optimizer") is not None else "optimizer"
    kind = str(config.at(f"{front}.type") or "SGD").lower()
    if kind in {"sgd", "adamw"}:
        config.put("optim.type", kind, f"{front}.type")
    else:
        config.seen.discard(f"{front}.type")
    for key in ("lr", "momentum", "weight_decay", "nesterov", "betas"):
        config.take(f"optim.{key}", f"{front}.{key}")
    config.take("optim.clip", "optim_wrapper.clip_grad.max_norm", "optimizer_config.grad_clip.max_norm")
    for path in ("optim_wrapper.clip_grad.norm_type", "optimizer_config.grad_clip.norm_type", "optim_wrapper.type"):
        config.at(path)
    if "optim.clip" not in {row.key for row in config.made.rows}:
        config.put("optim.clip", None, "optim_wrapper.clip_grad")
    config.take("train.accumulate", "optim_wrapper.accumulative_counts")
    if config.at("optim_wrapper.type") == "AmpOptimWrapper":
        half = config.at("optim_wrapper.dtype")
        config.put("train.precision", "bf16" if half == "bfloat16" else "fp16", "optim_wrapper.type")
        config.at("optim_wrapper.loss_scale")
    base = config.at("auto_scale_lr.base_batch_size")
    if config.at("auto_scale_lr.enable"):
        config.put("optim.base_batch", base, "auto_scale_lr.base_batch_size")
    elif base is not None:
        words = Words(
            en="auto_scale_lr is off in the config: the rate is taken as it is, whatever the batch",
            zh="配置中 auto_scale_lr 已关闭：无论批大小如何，学习率都按原值使用",
        )
        config.made.notes.append(words)


def schedule(config: Reading) -> None:
    """Of either generation: param_scheduler or lr_config."""
    listed = config.at("param_scheduler")
    for at, one in enumerate(listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else []):
        front = f"param_scheduler.{at}" if isinstance(listed, list) else "param_scheduler"
        _scheduler(config, front, one if isinstance(one, dict) else {})
    if config.at("lr_config.warmup") == "linear" and config.at("lr_config.warmup_by_epoch"):
        config.take("schedule.warmup_epochs", "lr_config.warmup_iters")
        config.take("schedule.warmup_start", "lr_config.warmup_ratio")
    policy = str(config.at("lr_config.policy") or "").lower()
    if policy == "step":
        config.put("schedule.type", "steps", "lr_config.policy")
        config.take("schedule.milestones", "lr_config.step")
        config.take("schedule.factor", "lr_config.gamma")
    elif policy == "cosineannealing":
        config.put("schedule.type", "cosine", "lr_config.policy")
        for key in ("min_lr", "by_epoch"):
            config.at(f"lr_config.{key}")
    elif listed is None:
        config.put("schedule.type", "constant", "param_scheduler")


def _scheduler(config: Reading, front: str, one: Tree) -> None:
    kind = one.get("type")
    rate = config.made.recipe.get("optim", {}).get("lr")
    if kind == "LinearLR":
        config.put("schedule.warmup_epochs", one.get("end", 0) - one.get("begin", 0), f"{front}.end")
        config.put("schedule.warmup_start", one.get("start_factor", 1 / 3), f"{front}.start_factor")
    elif kind == "CosineAnnealingLR":
        config.put("schedule.type", "cosine", f"{front}.type")
        end = one.get("eta_min_ratio", one.get("eta_min", 0) / rate if rate else 0)
        config.put("schedule.end", end, f"{front}.eta_min")
    elif kind == "MultiStepLR":
        config.put("schedule.type", "steps", f"{front}.type")
        config.put("schedule.milestones", one.get("milestones"), f"{front}.milestones")
        config.put("schedule.factor", one.get("gamma", 0.1), f"{front}.gamma")
    else:
        return
    config.seen.add(front)


def training(config: Reading) -> None:
    """Length, evaluation, checkpoints, seeds, start."""
    config.take("train.max_epochs", "train_cfg.max_epochs", "total_epochs", "runner.max_epochs")
    config.take("evaluate.every", "train_cfg.val_interval", "evaluation.interval")
    for path in (
        "train_cfg.type",
        "train_cfg.val_begin",
        "evaluation.metrics",
        "evaluation.topk",
        "default_hooks.checkpoint.type",
    ):
        config.at(path)
    config.take("keep.every", "default_hooks.checkpoint.interval", "checkpoint_config.interval")
    config.at("default_hooks.checkpoint.save_best")
    config.take("work_dir", "work_dir")
    config.take("seed", "randomness.seed", "seed")
    config.take("deterministic", "randomness.deterministic")
    config.take("load_from", "load_from")
    if config.at("resume") is True:
        config.seen.add("resume")
        words = Words(
            en="resume was true: checkpoints of mmaction2 can be taken as weights (load_from), not resumed",
            zh="原配置 resume 为 true：mmaction2 的检查点只能作为权重载入（load_from），不能续训",
        )
        config.made.notes.append(words)
    for name in ("resume", "resume_from", "load_from", "work_dir"):
        if name in config.tree:
            config.seen.add(name)
    config.made.recipe.setdefault("work_dir", "runs/translated")
