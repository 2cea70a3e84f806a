import pytest

from defib import settings
from defib.records import Config


def config(tree, dialect="yaml"):
    return Config(path="made-up.yaml", sha256="0" * 64, dialect=dialect, tree=tree)


def values(tree, dialect="yaml"):
    return {key: one.value for key, one in settings.read(config(tree, dialect)).items()}


def layout(tree, dialect="yaml"):
    found = settings.layout_of(config(tree, dialect))
    return None if found is None else found.name


MMCV = {
    "optimizer": {"type": "SGD", "lr": 0.2, "momentum": 0.9, "weight_decay": 3e-4},
    "optimizer_config": {"grad_clip": {"max_norm": 40, "norm_type": 2}},
    "lr_config": {"policy": "step", "step": [40, 80], "warmup": "linear", "warmup_iters": 5, "warmup_by_epoch": True},
    "total_epochs": 100,
    "data": {"videos_per_gpu": 16},
    "load_from": None,
    "resume_from": None,
    "work_dir": "work_dirs/a",
}
ULTRALYTICS = {
    "task": "detect",
    "model": "yolov8n.pt",
    "optimizer": "SGD",
    "lr0": 0.3,
    "lrf": 0.01,
    "momentum": 0.937,
    "weight_decay": 5e-4,
    "warmup_epochs": 3.0,
    "batch": 16,
    "epochs": 100,
    "resume": False,
    "name": "train",
}
HUGGINGFACE = {
    "model_name_or_path": "bert-base-uncased",
    "learning_rate": 5e-3,
    "max_grad_norm": 1.0,
    "warmup_ratio": 0.1,
    "num_train_epochs": 3.0,
    "per_device_train_batch_size": 8,
    "gradient_accumulation_steps": 2,
    "output_dir": "out",
}
LIGHTNING = {
    "seed_everything": 1,
    "trainer": {"max_epochs": 40, "max_steps": -1, "gradient_clip_val": 2.0, "accumulate_grad_batches": 4},
    "model": {"class_path": "my.Model", "init_args": {"learning_rate": 0.1}},
    "data": {"class_path": "my.Data", "init_args": {"batch_size": 32}},
    "ckpt_path": None,
}
DETECTRON2 = {
    "SOLVER": {
        "BASE_LR": 0.02,
        "MAX_ITER": 90000,
        "IMS_PER_BATCH": 16,
        "WARMUP_ITERS": 1000,
        "CLIP_GRADIENTS": {"ENABLED": True, "CLIP_TYPE": "value", "CLIP_VALUE": 1.0},
    },
    "MODEL": {"WEIGHTS": "a.pkl"},
    "OUTPUT_DIR": "./output",
}
PYSLOWFAST = {
    "TRAIN": {"BATCH_SIZE": 64, "AUTO_RESUME": True, "CHECKPOINT_FILE_PATH": ""},
    "SOLVER": {"BASE_LR": 0.1, "MAX_EPOCH": 196, "WARMUP_EPOCHS": 34.0, "OPTIMIZING_METHOD": "sgd"},
    "NUM_GPUS": 8,
    "OUTPUT_DIR": ".",
}
TIMM = {
    "model": "resnet50",
    "opt": "sgd",
    "sched": "cosine",
    "lr": 0.5,
    "epochs": 300,
    "warmup_epochs": 5,
    "batch_size": 128,
    "clip_grad": None,
    "initial_checkpoint": "",
    "resume": "",
}
LAZY = {
    "train": {"max_iter": 90000, "init_checkpoint": "", "clip_grad": {"enabled": True, "params": {"max_norm": 0.1}}},
    "optimizer": {"_target_": "SGD", "lr": 0.02},
    "dataloader": {"train": {"total_batch_size": 16}},
}
TRAINER = {
    "work_dir": "w",
    "data": {"train": "a"},
    "optim": {"type": "sgd", "lr": 0.01, "base_batch": None, "clip": 40.0},
    "schedule": {"type": "cosine", "warmup_epochs": 0.0},
    "train": {"max_epochs": 40, "batch": 8, "accumulate": 2},
    "loss": {"components": ["rgb", "pose"], "weights": [1.0, 0.5]},
}


@pytest.mark.parametrize(
    ("name", "tree", "expected"),
    [
        (
            "mmcv",
            MMCV,
            {"lr": 0.2, "clip": 40, "batch_size": 16, "max_epochs": 100, "warmup": "linear", "resume": None},
        ),
        (
            "ultralytics",
            ULTRALYTICS,
            {"lr": 0.3, "total_batch": 16, "max_epochs": 100, "warmup": 3.0, "work_dir": "train"},
        ),
        ("huggingface", HUGGINGFACE, {"lr": 5e-3, "clip": 1.0, "warmup": 0.1, "max_epochs": 3.0, "batch_size": 8}),
        ("lightning", LIGHTNING, {"lr": 0.1, "clip": 2.0, "max_epochs": 40, "batch_size": 32, "resume": None}),
        (
            "detectron2",
            DETECTRON2,
            {"lr": 0.02, "clip_value": 1.0, "max_steps": 90000, "total_batch": 16, "warmup": 1000},
        ),
        ("pyslowfast", PYSLOWFAST, {"lr": 0.1, "max_epochs": 196, "total_batch": 64, "warmup": 34.0, "resume": True}),
        ("timm", TIMM, {"lr": 0.5, "max_epochs": 300, "batch_size": 128, "warmup": 5, "load_from": ""}),
        ("detectron2_lazy", LAZY, {"lr": 0.02, "clip": 0.1, "max_steps": 90000, "total_batch": 16, "load_from": ""}),
        ("trainer", TRAINER, {"lr": 0.01, "clip": 40.0, "batch_size": 8, "loss_weight.pose": 0.5, "max_epochs": 40}),
    ],
)
def test_each_layout_recognises_itself_and_finds_its_settings(name, tree, expected):
    assert layout(tree) == name
    found = values(tree)
    assert {key: found.get(key, "absent") for key in expected} == expected


@pytest.mark.parametrize(
    ("tree", "absent"),
    [
        (LIGHTNING, "max_steps"),
        (DETECTRON2, "clip"),
        (DETECTRON2, "batch_size"),
        (PYSLOWFAST, "batch_size"),
        (ULTRALYTICS, "batch_size"),
        (TIMM, "clip"),
        (TRAINER, "warmup"),
        ({**LAZY, "train": {"max_iter": 9, "clip_grad": {"enabled": False, "params": {"max_norm": 1}}}}, "clip"),
        ({**MMCV, "lr_config": {"policy": "step", "warmup_iters": 5}}, "warmup"),
        ({**HUGGINGFACE, "max_steps": 500}, "max_epochs"),
        ({**HUGGINGFACE, "max_grad_norm": 0}, "clip"),
        ({**HUGGINGFACE, "learning_rate": "${lr}"}, "lr"),
        ({**ULTRALYTICS, "optimizer": "auto"}, "lr"),
        ({**ULTRALYTICS, "batch": -1}, "total_batch"),
        ({**PYSLOWFAST, "NUM_SHARDS": 4}, "total_batch"),
        ({**TIMM, "lr": None}, "lr"),
        ({**TIMM, "clip_grad": 0.01, "clip_mode": "agc"}, "clip"),
        ({**LIGHTNING, "optimizer": {"init_args": {"lr": 0.3}}}, "lr"),
    ],
)
def test_what_is_off_unlimited_or_of_another_unit_is_not_that_setting(tree, absent):
    assert absent not in values(tree)


def test_clipping_is_by_value_only_where_the_config_says_so():
    by_norm = {
        **DETECTRON2["SOLVER"],
        "CLIP_GRADIENTS": {"ENABLED": True, "CLIP_TYPE": "full_model", "CLIP_VALUE": 5.0},
    }
    assert values({**DETECTRON2, "SOLVER": by_norm})["clip"] == 5.0
    disabled = {**DETECTRON2["SOLVER"], "CLIP_GRADIENTS": {"ENABLED": False, "CLIP_VALUE": 5.0}}
    assert not {"clip", "clip_value"} & set(values({**DETECTRON2, "SOLVER": disabled}))
    trainer = {**LIGHTNING["trainer"], "gradient_clip_algorithm": "value"}
    assert values({**LIGHTNING, "trainer": trainer})["clip_value"] == 2.0
    assert values({**TIMM, "clip_grad": 3.0, "clip_mode": "value"})["clip_value"] == 3.0


def test_arguments_with_dashes_are_the_same_arguments():
    dashed = {key.replace("_", "-"): value for key, value in HUGGINGFACE.items()}
    assert layout(dashed) == "huggingface"
    assert values(dashed) == values(HUGGINGFACE)
    assert settings.read(config(dashed))["lr"].paths == ("learning-rate",)


def test_a_limit_for_each_parameter_alone_is_none_on_the_norm_and_that_is_said():
    clip = {"ENABLED": True, "CLIP_TYPE": "norm", "CLIP_VALUE": 5.0}
    tree = {**DETECTRON2, "SOLVER": {**DETECTRON2["SOLVER"], "CLIP_GRADIENTS": clip}}
    assert not {"clip", "clip_value"} & set(values(tree))
    (note,) = settings.notes(config(tree))
    assert "each parameter" in note.en
    assert "逐个参数" in note.zh
    assert settings.notes(config(DETECTRON2)) == ()


def test_of_two_limits_of_pyslowfast_the_one_that_is_used_counts():
    def clips(**limits):
        return {key for key in values({**PYSLOWFAST, "SOLVER": {**PYSLOWFAST["SOLVER"], **limits}}) if "clip" in key}

    assert clips(CLIP_GRAD_VAL=1.0, CLIP_GRAD_L2NORM=5.0) == {"clip_value"}
    assert clips(CLIP_GRAD_VAL=None, CLIP_GRAD_L2NORM=5.0) == {"clip"}
    assert clips(CLIP_GRAD_VAL=0.0, CLIP_GRAD_L2NORM=0.0) == set()


@pytest.mark.parametrize(
    ("tree", "absent", "said"),
    [
        ({**HUGGINGFACE, "auto_find_batch_size": True}, "batch_size", "auto_find_batch_size"),
        ({**DETECTRON2, "SOLVER": {**DETECTRON2["SOLVER"], "REFERENCE_WORLD_SIZE": 8}}, "total_batch", "8"),
        ({**TIMM, "lr": None, "lr_base": 0.1}, "lr", "lr_base"),
    ],
)
def test_what_a_framework_decides_by_itself_is_unknown_and_said(tree, absent, said):
    assert absent not in values(tree)
    (note,) = settings.notes(config(tree))
    assert said in note.en
    assert said in note.zh


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"model": {"learning_rate": 0.1}}, "model.learning_rate"),
        ({"model": {"init_args": {"optimizer": {"init_args": {"lr": 0.1}}}}}, "model.init_args.optimizer.init_args.lr"),
    ],
)
def test_lightning_keeps_the_rate_where_the_program_takes_it(tree, path):
    made = {"seed_everything": 1, "trainer": {"max_epochs": 9}, **tree}
    assert layout(made) == "lightning"
    assert settings.read(config(made))["lr"].paths == (path,)


def test_an_automatic_optimizer_is_said_to_ignore_the_rate():
    (note,) = settings.notes(config({**ULTRALYTICS, "optimizer": "auto"}))
    assert "lr0" in note.en
    assert "lr0" in note.zh
    assert settings.notes(config(ULTRALYTICS)) == ()


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"optimizer": {"_target_": "torch.optim.AdamW", "lr": 0.1}}, "optimizer.lr"),
        ({"optim": {"lr": 0.1}}, "optim.lr"),
        ({"train": {"learning_rate": 0.1}}, "train.learning_rate"),
        ({"lr": 0.1}, "lr"),
    ],
)
def test_a_hand_written_config_is_read_where_names_are_unambiguous(tree, path):
    assert layout(tree) == "generic"
    assert settings.read(config(tree))["lr"].paths == (path,)


def test_two_places_that_differ_are_unknown_and_said():
    tree = {"lr": 0.1, "optimizer": {"lr": 0.2}, "epochs": 9}
    assert "lr" not in values(tree)
    assert values(tree)["max_epochs"] == 9
    (note,) = settings.notes(config(tree))
    assert "optimizer.lr" in note.en
    assert "optimizer.lr" in note.zh


def test_two_places_that_agree_are_two_sites():
    assert settings.read(config({"lr": 0.1, "optimizer": {"lr": 0.1}}))["lr"].paths == ("lr", "optimizer.lr")


@pytest.mark.parametrize(
    "tree",
    [{}, {"services": {"web": {"image": "x"}}}, {"discriminator": {"lr": 0.1}}, {"batch_size": 4}, {"lr": "fast"}],
)
def test_an_unknown_config_gives_a_note_and_no_guess(tree):
    assert values(tree) == {}
    (note,) = settings.notes(config(tree))
    assert "made-up.yaml" in note.en
    assert "made-up.yaml" in note.zh


@pytest.mark.parametrize("tree", [{}, {"lr": 0.1}, {"model": {"cls_head": {"num_classes": 3}}}])
def test_a_python_config_that_shows_nothing_else_is_mmengines(tree):
    assert layout(tree, "mmengine") == "mmengine"
    assert "lr" not in values(tree, "mmengine")


def test_a_newer_config_that_keeps_an_old_key_is_mmengines():
    assert layout({**MMCV, "optim_wrapper": {"optimizer": {"lr": 1.0}}}, "mmengine") == "mmengine"
    assert layout(MMCV, "mmengine") == "mmcv"
    assert layout(LAZY, "mmengine") == "detectron2_lazy"
