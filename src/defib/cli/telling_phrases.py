"""What `demo --live` says, in both languages."""

from __future__ import annotations

from defib.words import Words

SAYS: dict[str, Words] = {
    "arm": Words(en="what was done", zh="做法"),
    "spent": Words(en="epochs spent", zh="训练轮数"),
    "best": Words(en="best on the way", zh="途中最佳"),
    "final": Words(en="at the end", zh="最终"),
    "held-out": Words(
        en="Held-out accuracy of the fused score. All may spend {epochs} epochs; what counts is the end, not the best on the way.",
        zh="融合分数在验证集上的准确率。各做法最多训练 {epochs} 轮；看的是最终结果，而不是途中最佳。",
    ),
    "picture": Words(en="picture: {path}", zh="图：{path}"),
    "report": Words(en="what defib said of the collapsed run: {path}", zh="defib 对崩溃训练的报告：{path}"),
}
HELP: dict[str, Words] = {
    "live": Words(
        en="train a small run that collapses by itself, and rescue it while you watch: some minutes on two cores; needs the extra `action`",
        zh="训练一个会自行崩溃的小模型，并当场修复：两核约需几分钟；需要附加组件 action",
    ),
    "live-seed": Words(en="seed of the live training (default 0)", zh="现场训练的随机种子（默认 0）"),
}
