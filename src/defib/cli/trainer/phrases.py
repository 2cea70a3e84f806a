"""What the trainer's commands say, in both languages."""

from __future__ import annotations

from defib.words import Words

COMMAND_LINE = Words(en="command line", zh="命令行")

HELP: dict[str, Words] = {
    "train": Words(
        en="Train from a recipe: a YAML file, or the name of one that comes with defib. Values are changed with key=value.",
        zh="按训练配方训练：可以是 YAML 文件，也可以是 defib 自带配方的名称。用 key=value 修改其中的值。",
    ),
    "merge": Words(
        en="Make one network from a trained RGB stream and a trained pose stream; at its first step it answers as the two did.",
        zh="把训练好的 RGB 流和骨架流合并为一个网络；合并后第一步的输出与两个单流完全一致。",
    ),
    "test": Words(
        en="Measure a trained checkpoint on held-out clips; several checkpoints are averaged.",
        zh="在验证集上评测训练好的检查点；给出多个检查点时取平均。",
    ),
    "predict": Words(en="Say what is done in one video. No label is needed.", zh="识别一段视频中的动作，不需要标签。"),
    "export": Words(
        en="Write a checkpoint as ONNX, and compare its answers with PyTorch's.",
        zh="把检查点导出为 ONNX，并与 PyTorch 的输出核对。",
    ),
    "from-mmaction2": Words(
        en="Translate a config of mmaction2 or pyskl to a recipe. The config is read, never executed.",
        zh="把 mmaction2 或 pyskl 的配置转换为训练配方。配置只会被解析，不会被执行。",
    ),
    "data": Words(en="Check, prepare or make up training data.", zh="检查、预处理或合成训练数据。"),
    "check": Words(
        en="Find what would stop or spoil a training later: missing videos, shifted labels, performers on both sides, empty skeletons.",
        zh="提前找出以后会中断或毁掉训练的问题：缺失的视频、错位的标签、同时出现在两侧的表演者、空骨架。",
    ),
    "prepare": Words(
        en="Cut all videos to the people in them and keep their frames so that any costs the same. Goes on where it was interrupted.",
        zh="把所有视频裁剪到人物区域，并以任意帧读取代价相同的方式保存。中断后可继续。",
    ),
    "synth": Words(
        en="Make up people who act: real videos and a real pose file, for trying everything without a dataset. Made-up data.",
        zh="合成会做动作的人物：真实的视频文件和骨架文件，没有数据集也能试用全部功能。数据均为合成。",
    ),
}

EPILOGS: dict[str, Words] = {
    "train-epilog": Words(
        en="Examples:\n\ndefib train synth_micro   # made-up data, about a minute\n\n"
        "defib train ntu60_pcan data.store=/data/ntu60_store optim.lr=0.005 work_dir=runs/a\n\n"
        "torchrun --nproc-per-node 2 -m defib train ntu60_rgbpose   # two GPUs\n\n"
        "defib train synth_micro resume=true train.max_epochs=30   # goes on\n\n"
        "Ctrl-C saves and leaves; twice, at once.",
        zh="示例：\n\ndefib train synth_micro   # 合成数据，约一分钟\n\n"
        "defib train ntu60_pcan data.store=/data/ntu60_store optim.lr=0.005 work_dir=runs/a\n\n"
        "torchrun --nproc-per-node 2 -m defib train ntu60_rgbpose   # 两块 GPU\n\n"
        "defib train synth_micro resume=true train.max_epochs=30   # 接着训练\n\n"
        "Ctrl-C 会先保存再退出；按两次则立即退出。",
    ),
    "merge-epilog": Words(
        en="Example:\n\ndefib merge rgb_only.pth pose_only.pth -o merged.safetensors\n\nThen: defib train ntu60_rgbpose load_from=merged.safetensors",
        zh="示例：\n\ndefib merge rgb_only.pth pose_only.pth -o merged.safetensors\n\n然后：defib train ntu60_rgbpose load_from=merged.safetensors",
    ),
    "test-epilog": Words(
        en="Examples:\n\ndefib test runs/a   # its best checkpoint\n\ndefib test runs/a --clips 10 --flip --dump scores.npz\n\n"
        "defib test runs/a/epoch_40 runs/a/best runs/b --weights 1,1,2   # an ensemble",
        zh="示例：\n\ndefib test runs/a   # 其中最好的检查点\n\ndefib test runs/a --clips 10 --flip --dump scores.npz\n\n"
        "defib test runs/a/epoch_40 runs/a/best runs/b --weights 1,1,2   # 集成",
    ),
    "predict-epilog": Words(
        en="Examples:\n\ndefib predict S001C001P001R001A001_rgb.avi --pose S001C001P001R001A001.skeleton --checkpoint runs/a\n\n"
        "A pose file is a .skeleton of NTU RGB+D, a pickle of pyskl, or an .npz with keypoint [M, T, K, 2] and keypoint_score.",
        zh="示例：\n\ndefib predict S001C001P001R001A001_rgb.avi --pose S001C001P001R001A001.skeleton --checkpoint runs/a\n\n"
        "骨架文件可以是 NTU RGB+D 的 .skeleton、pyskl 的 pickle，或含有 keypoint [M, T, K, 2] 与 keypoint_score 的 .npz。",
    ),
    "export-epilog": Words(
        en="Example:\n\ndefib export runs/a -o model.onnx", zh="示例：\n\ndefib export runs/a -o model.onnx"
    ),
    "from-mmaction2-epilog": Words(
        en="Example:\n\ndefib from-mmaction2 configs/rgbpose_conv3d/rgbpose_conv3d.py -o my_recipe.yaml",
        zh="示例：\n\ndefib from-mmaction2 configs/rgbpose_conv3d/rgbpose_conv3d.py -o my_recipe.yaml",
    ),
    "check-epilog": Words(
        en="Examples:\n\ndefib data check ntu60_rgbpose data.store=/data/ntu60_store -o check.html\n\n"
        "defib data check --videos nturgbd_videos --annotations ntu60_hrnet.pkl\n\nExit codes: 0 nothing found, 1 something to mend.",
        zh="示例：\n\ndefib data check ntu60_rgbpose data.store=/data/ntu60_store -o check.html\n\n"
        "defib data check --videos nturgbd_videos --annotations ntu60_hrnet.pkl\n\n退出码：0 没有发现问题，1 有需要修正的问题。",
    ),
    "prepare-epilog": Words(
        en="Example:\n\ndefib data prepare data/ntu60_store --videos nturgbd_videos --annotations ntu60_hrnet.pkl --jobs 16",
        zh="示例：\n\ndefib data prepare data/ntu60_store --videos nturgbd_videos --annotations ntu60_hrnet.pkl --jobs 16",
    ),
    "synth-epilog": Words(
        en="Example:\n\ndefib data synth data/synth_tiny   # then: defib train synth_tiny",
        zh="示例：\n\ndefib data synth data/synth_tiny   # 然后：defib train synth_tiny",
    ),
}

OPTIONS: dict[str, Words] = {
    "recipe": Words(en="a YAML file, or one of: {known}", zh="YAML 文件，或自带配方之一：{known}"),
    "changes": Words(
        en="values to change, with dotted keys: optim.lr=0.005", zh="要修改的值，键用点号分隔：optim.lr=0.005"
    ),
    "rgb": Words(en="checkpoint of the RGB stream", zh="RGB 流的检查点"),
    "pose": Words(en="checkpoint of the pose stream", zh="骨架流的检查点"),
    "weights-out": Words(en="file to write, .safetensors", zh="要写出的文件（.safetensors）"),
    "taxonomy": Words(
        en="classes and groups: ntu60, ntu60_tree8, ntu120, ma52, synth10, or a JSON file",
        zh="类别与分组：ntu60、ntu60_tree8、ntu120、ma52、synth10，或 JSON 文件",
    ),
    "checkpoints": Words(
        en="a work directory (its best checkpoint is taken) or a checkpoint folder in it",
        zh="工作目录（取其中最好的检查点）或其中的某个检查点目录",
    ),
    "clips": Words(en="clips of each sample, whose scores are averaged", zh="每个样本取几个片段并平均得分"),
    "flip": Words(en="also mirrored, and averaged", zh="再加上左右翻转后的结果一起平均"),
    "test-recipe": Words(
        en="recipe of the weights, where they come from another trainer (mmaction2, pyskl, PCAN): a name or a file",
        zh="权重来自其他训练器（mmaction2、pyskl、PCAN）时所用的配方：名称或文件",
    ),
    "weights": Words(en="weight of each checkpoint, e.g. 1,2", zh="各检查点的权重，例如 1,2"),
    "dump": Words(
        en="write every score: an .npz that `defib diagnose --predictions` reads",
        zh="写出所有得分：一个 `defib diagnose --predictions` 可读取的 .npz",
    ),
    "change": Words(
        en="a value of the recipe to change: --set data.store=DIR; may be given again",
        zh="要修改的配方值：--set data.store=DIR；可重复给出",
    ),
    "video": Words(en="the video", zh="视频文件"),
    "pose-file": Words(en="the poses of the video", zh="该视频的骨架文件"),
    "checkpoint": Words(
        en="a work directory (its best checkpoint) or a checkpoint folder",
        zh="工作目录（其中最好的检查点）或检查点目录",
    ),
    "top": Words(en="how many classes to show", zh="显示前几个类别"),
    "onnx": Words(en="file to write", zh="要写出的文件"),
    "mmaction-config": Words(en="config of mmaction2 or pyskl", zh="mmaction2 或 pyskl 的配置文件"),
    "recipe-out": Words(en="recipe to write; shown when not given", zh="要写出的训练配方；不给则直接显示"),
    "videos": Words(en="folder of videos", zh="视频目录"),
    "annotations": Words(
        en="pose pickle of pyskl or mmaction2, or a folder of .skeleton files",
        zh="pyskl 或 mmaction2 的骨架 pickle，或 .skeleton 文件目录",
    ),
    "store": Words(en="folder of the store", zh="预处理结果的目录"),
    "exclude": Words(
        en="text file with the names of clips to leave out, one a line",
        zh="列出要排除的片段的文本文件，每行一个名称",
    ),
    "jobs": Words(en="processes; one a core by default", zh="进程数；默认每个核心一个"),
    "side": Words(en="largest short side of a kept picture, in pixels", zh="保存的画面短边上限（像素）"),
    "quality": Words(en="quality of the JPEG pictures, 1 to 100", zh="JPEG 画质，1 到 100"),
    "synth-folder": Words(en="folder to write", zh="要写出的目录"),
    "classes": Words(en="classes, 2 to 60", zh="类别数，2 到 60"),
    "persons": Words(
        en="persons; the last third is held out (xsub), camera 1 is held out for xview",
        zh="人数；最后三分之一用于验证（xsub），xview 用 1 号相机验证",
    ),
    "repeats": Words(en="how often each person acts each class", zh="每人每个动作的次数"),
    "size": Words(en="width and height in pixels, e.g. 320x180", zh="宽和高（像素），例如 320x180"),
    "seed": Words(en="another number, other people", zh="换一个数字，就换一批人"),
    "page": Words(en="write an HTML page with sample clips", zh="写出带有样例片段的 HTML 页面"),
    "quick": Words(
        en="decode only the first frame of each video: finds missing and damaged files, not short ones",
        zh="每个视频只解码第一帧：能发现缺失和损坏的文件，但发现不了过短的视频",
    ),
}

SAYS: dict[str, Words] = {
    "training": Words(
        en="Training {parameters} M parameters on {clips} clips for {epochs} epochs: {batch} clips a step, peak rate {rate}, {device}",
        zh="训练 {parameters} M 参数，{clips} 个片段，共 {epochs} 轮：每步 {batch} 个片段，峰值学习率 {rate}，{device}",
    ),
    "resumed": Words(en="Resumed at epoch {epoch}", zh="从第 {epoch} 轮续训"),
    "filled": Words(
        en="Loaded {loaded} of {wanted} tensors from {path}", zh="已从 {path} 载入 {wanted} 个张量中的 {loaded} 个"
    ),
    "steps": Words(en="steps", zh="步"),
    "rate": Words(en="{rate} clips/s", zh="{rate} 片段/秒"),
    "epoch": Words(en="epoch", zh="epoch"),
    "loss": Words(en="loss", zh="loss"),
    "val-loss": Words(en="val loss", zh="val loss"),
    "curve": Words(en="{low} to {high} %", zh="{low} 到 {high}%"),
    "best": Words(en="Best {metric}: {value} in {folder}", zh="最好的 {metric}：{value}，位于 {folder}"),
    "per-cent": Words(en=" %", zh="%"),
    "curves": Words(
        en="Curves: {picture}. What defib says of the run: defib diagnose {work_dir}",
        zh="曲线：{picture}。defib 对这次训练的诊断：defib diagnose {work_dir}",
    ),
    "stopped": Words(en="Stopped at epoch {epoch}, saved.", zh="在第 {epoch} 轮停止，已保存。"),
    "interrupted": Words(
        en="Interrupted at epoch {epoch}, saved. To go on: the same command with resume=true",
        zh="在第 {epoch} 轮中断，已保存。继续训练：同一条命令加上 resume=true",
    ),
    "drawing": Words(en="drawing made-up people", zh="正在绘制合成人物"),
    "merged": Words(
        en="Written to {path}: {rgb} tensors of {rgb_path}, {pose} of {pose_path}, {padded} of them padded with zeros, {new} new",
        zh="已写入 {path}：来自 {rgb_path} 的张量 {rgb} 个，来自 {pose_path} 的 {pose} 个，其中 {padded} 个补零，新增 {new} 个",
    ),
    "testing": Words(en="testing {path}", zh="正在评测 {path}"),
    "tested": Words(
        en="{clips} held-out clips, {classes}, {networks} checkpoint(s). ± is the 95 % interval that so many clips leave open; values in %",
        zh="验证集 {clips} 个片段，{classes}，{networks} 个检查点。± 为该片段数下的 95% 区间；单位均为 %",
    ),
    "branch": Words(en="branch", zh="分支"),
    "top1": Words(en="top-1", zh="top-1"),
    "interval": Words(en="± 95 %", zh="± 95%"),
    "top5": Words(en="top-5", zh="top-5"),
    "mean_class": Words(en="mean class", zh="类别平均"),
    "dumped": Words(
        en="Every score is in {path}. What defib sees in them: defib diagnose RUN --predictions {path}",
        zh="全部得分已写入 {path}。查看 defib 的分析：defib diagnose RUN --predictions {path}",
    ),
    "predicted": Words(en="{video}: {name} ({chance} %)", zh="{video}：{name}（{chance}%）"),
    "class": Words(en="class", zh="类别"),
    "exported": Words(
        en="Written to {path}: inputs {inputs}, outputs {outputs}, any batch size. Against PyTorch the largest difference is {difference}.",
        zh="已写入 {path}：输入 {inputs}，输出 {outputs}，批大小任意。与 PyTorch 的最大差异为 {difference}。",
    ),
    "tensor": Words(en="tensor", zh="张量"),
    "shape": Words(en="shape", zh="形状"),
    "source": Words(en="from", zh="来源"),
    "zeros": Words(en="zero channels added", zh="补零通道数"),
    "filming": Words(en="filming made-up people", zh="正在拍摄合成人物"),
    "made": Words(
        en="{clips} made-up clips of {persons} persons and {classes} classes in {folder}: {train} to train on, {val} held out (xsub). "
        "Try: defib train synth_tiny data.videos={folder}/videos data.annotations={folder}/annotations.pkl",
        zh="已在 {folder} 中生成 {clips} 个合成片段（{persons} 人，{classes} 类）：训练 {train} 个，验证 {val} 个（xsub）。"
        "试一试：defib train synth_tiny data.videos={folder}/videos data.annotations={folder}/annotations.pkl",
    ),
    "reading-poses": Words(en="reading poses", zh="正在读取骨架"),
    "preparing": Words(en="preparing videos", zh="正在预处理视频"),
    "prepared": Words(
        en="{done} clips are in {store} ({size} MiB). Train from it: data.kind=store data.store={store}",
        zh="{store} 中已有 {done} 个片段（{size} MiB）。用它训练：data.kind=store data.store={store}",
    ),
    "broken": Words(en="{count} clips were left out:", zh="有 {count} 个片段未能处理："),
    "more": Words(en="  ... and {count} more", zh="  …… 另有 {count} 个"),
    "decoding": Words(en="decoding videos", zh="正在解码视频"),
    "checked": Words(
        en="{source}: {clips} clips, {taxonomy}; {videos}; sides and bones judged on {sampled} clips",
        zh="{source}：{clips} 个片段，{taxonomy}；{videos}；在 {sampled} 个片段上判断左右与骨骼",
    ),
    "left-out": Words(en="Left out: the clips that {path} names.", zh="已排除 {path} 中列出的片段。"),
    "videos-decoded": Words(en="{count} videos looked at", zh="已检查 {count} 个视频"),
    "videos-not": Words(en="videos not checked", zh="未检查视频"),
    "all-well": Words(
        en="Nothing was found that would stop or spoil a training.", zh="没有发现会中断或毁掉训练的问题。"
    ),
    "level-stop": Words(en="stops training", zh="会中断训练"),
    "level-spoil": Words(en="spoils the result", zh="会毁掉结果"),
    "level-note": Words(en="good to know", zh="供参考"),
    "page": Words(en="Page: {path}", zh="页面：{path}"),
    "page-title": Words(en="defib data check", zh="defib 数据检查"),
    "findings": Words(en="Findings", zh="发现的问题"),
    "look-at": Words(en="Clips to look at", zh="样例片段"),
    "look-for": Words(
        en="Left joints are blue, right ones orange, as the file names them. Look for skeletons that lie beside the people, "
        "lag behind them, or have their sides exchanged.",
        zh="按文件的标注，左侧关节为蓝色，右侧为橙色。请留意骨架是否偏离人体、滞后于动作，或左右颠倒。",
    ),
    "clips-a-class": Words(en="Clips of each class", zh="各类别的片段数"),
    "translated": Words(
        en="{count} settings of {config} were translated; nothing in it was executed.",
        zh="{config} 中的 {count} 项设置已转换；没有执行其中任何内容。",
    ),
    "config-key": Words(en="config", zh="原配置"),
    "recipe-key": Words(en="recipe", zh="配方"),
    "value": Words(en="value", zh="值"),
    "left": Words(
        en="{count} settings have no place in a recipe; look through them:",
        zh="{count} 项设置在配方中没有对应，请逐一确认：",
    ),
    "nothing-left": Words(en="Nothing was left over.", zh="没有遗漏的设置。"),
    "recipe-written": Words(
        en="Recipe: {path}. Train it: defib train {path}", zh="配方：{path}。开始训练：defib train {path}"
    ),
}
