import pytest

from defib.playbook.command import command, monitor
from defib.playbook.start import rescue_dir, start_edits
from defib.records import Launch
from defib.samples import run_of

ULTRALYTICS = {"model": "a.pt", "lr0": 0.3, "epochs": 100, "optimizer": "SGD", "resume": True, "name": "train"}
DETECTRON2 = {"SOLVER": {"BASE_LR": 0.2, "MAX_ITER": 90}, "MODEL": {"WEIGHTS": "a.pkl"}, "OUTPUT_DIR": "./output"}
PYSLOWFAST = {
    "TRAIN": {"AUTO_RESUME": True, "CHECKPOINT_FILE_PATH": ""},
    "SOLVER": {"MAX_EPOCH": 90},
    "OUTPUT_DIR": "o",
}
LIGHTNING = {"trainer": {"max_epochs": 9}, "model": {"class_path": "m.M"}, "ckpt_path": "last.ckpt"}
HUGGINGFACE = {"output_dir": "out", "num_train_epochs": 3, "model_name_or_path": "b", "resume_from_checkpoint": "out/c"}
TIMM = {"opt": "sgd", "sched": "cosine", "lr": 0.5, "epochs": 300, "resume": "last.tar", "experiment": "a"}
MMCV = {"optimizer": {"lr": 0.1}, "total_epochs": 9, "resume_from": "latest.pth", "work_dir": "w"}


def run(tree, gpus=2, dialect="yaml"):
    return run_of({"val/top1": [1.0]}, config=tree, dialect=dialect, launch=Launch(gpus=gpus))


def sites(tree):
    made = run(tree)
    return {site.path: site.new for edit in start_edits(made, "best.x", rescue_dir(made)) for site in edit.sites}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (ULTRALYTICS, {"model": "best.x", "resume": False, "name": "train_rescue"}),
        (DETECTRON2, {"MODEL.WEIGHTS": "best.x", "OUTPUT_DIR": "./output_rescue"}),
        (
            PYSLOWFAST,
            {
                "TRAIN.CHECKPOINT_FILE_PATH": "best.x",
                "TRAIN.CHECKPOINT_EPOCH_RESET": True,
                "TRAIN.CHECKPOINT_TYPE": "pytorch",
                "TRAIN.AUTO_RESUME": False,
                "OUTPUT_DIR": "o_rescue",
            },
        ),
        (LIGHTNING, {"ckpt_path": None}),
        (HUGGINGFACE, {"model_name_or_path": "best.x", "resume_from_checkpoint": None, "output_dir": "out_rescue"}),
        (TIMM, {"initial_checkpoint": "best.x", "resume": "", "experiment": "a_rescue"}),
        (MMCV, {"load_from": "best.x", "resume_from": None, "work_dir": "w_rescue"}),
    ],
)
def test_each_framework_starts_from_weights_with_a_fresh_schedule_in_a_folder_of_its_own(tree, expected):
    assert sites(tree) == expected


def test_a_folder_that_ultralytics_wrote_down_wins_over_the_name():
    assert sites({**ULTRALYTICS, "save_dir": "runs/train"})["save_dir"] == "runs/train_rescue"


@pytest.mark.parametrize(("held", "new"), [(False, {"pretrained": True}), ("old.pt", {"pretrained": True}), (True, {})])
def test_ultralytics_must_not_drop_or_replace_the_weights_of_the_start(held, new):
    found = sites({**ULTRALYTICS, "pretrained": held})
    assert {path: value for path, value in found.items() if path == "pretrained"} == new


@pytest.mark.parametrize(
    ("tree", "path", "new"),
    [
        ({key: one for key, one in DETECTRON2.items() if key != "OUTPUT_DIR"}, "OUTPUT_DIR", "output_rescue"),
        ({**PYSLOWFAST, "OUTPUT_DIR": "."}, "OUTPUT_DIR", "run_rescue"),
        (
            {key: one for key, one in HUGGINGFACE.items() if key != "output_dir"} | {"max_grad_norm": 1.0},
            "output_dir",
            "trainer_output_rescue",
        ),
    ],
)
def test_a_work_directory_that_is_not_named_is_named(tree, path, new):
    assert sites(tree)[path] == new


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (ULTRALYTICS, "yolo train cfg=a.yaml"),
        (DETECTRON2, "python train_net.py --config-file a.yaml --num-gpus 2"),
        (LIGHTNING, "python main.py fit --config a.yaml"),
        (PYSLOWFAST, "python tools/run_net.py --cfg a.yaml"),
        ({**TIMM, "data_dir": "/data/in"}, "torchrun --nproc_per_node=2 train.py /data/in --config a.yaml"),
        ({"work_dir": "w", "data": {}, "optim": {"lr": 1}, "train": {"max_epochs": 9}}, "defib train a.yaml"),
    ],
)
def test_the_command_is_the_frameworks_own(tree, expected):
    assert " ".join(command(run(tree), "a.yaml", "w").words) == expected


def test_a_script_whose_name_is_only_usual_is_said_to_be():
    assert "train_net.py" in command(run(DETECTRON2), "a.yaml", None).missing[0].zh
    assert command(run(ULTRALYTICS), "a.yaml", None).missing == ()


@pytest.mark.parametrize("tree", [HUGGINGFACE, TIMM, {"lr": 0.1}])
def test_an_unknown_script_is_not_invented(tree):
    found = command(run(tree), "a.yaml", None)
    assert found.words == ()
    assert "a.yaml" in found.missing[0].en


def test_a_json_of_the_trainer_is_the_only_argument_of_its_script():
    found = command(run(HUGGINGFACE, dialect="json"), "a.json", None)
    assert found.words == ()
    assert "only argument" in found.missing[0].en
    assert "唯一的参数" in found.missing[0].zh


def test_a_script_of_arguments_is_run_as_it_is():
    assert command(run(HUGGINGFACE), "train_rescue.sh", None).words == ("bash", "train_rescue.sh")


def test_an_mmcv_run_is_started_and_an_ultralytics_run_is_not_watched_like_mmengine():
    assert command(run(MMCV), "a.py", None).words[:2] == ("bash", "tools/dist_train.sh")
    assert monitor(run(ULTRALYTICS), "w") == ()


def test_no_folder_of_the_mm_programs_is_invented_for_others():
    assert rescue_dir(run({"lr": 0.1})) is None
    assert rescue_dir(run({**TIMM, "experiment": ""})) is None
