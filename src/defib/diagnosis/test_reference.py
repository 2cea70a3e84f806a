import pytest

from defib.diagnosis.reference import all_references, match
from defib.samples import run_of


def run(model="RGBPoseConv3D", classes=60, **backbone):
    tree = {"model": {"backbone": {"type": model, **backbone}, "cls_head": {"num_classes": classes}}}
    return run_of({"val/top1": [1.0]}, config=tree)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "rgbpose_joint"),
        ({"classes": 52}, "pcan_ma52"),
        ({"model": "ResNet3dSlowOnly"}, "rgb_only"),
        ({"model": "ResNet3dSlowOnly", "in_channels": 17}, "pose_only"),
    ],
)
def test_the_model_and_the_number_of_classes_choose_the_reference(fields, name):
    assert match(run(**fields)).name == name


def test_another_number_of_classes_keeps_the_settings_and_drops_the_scores():
    found = match(run(classes=12))
    assert (found.name, found.expects) == ("rgbpose_joint", ())
    assert "12" in found.why.zh
    unknown = match(run_of({"val/top1": [1.0]}, config={"model": {"backbone": {"type": "RGBPoseConv3D"}}}))
    assert "how many classes it tells apart is not known" in unknown.why.en
    assert "类别数未知" in unknown.why.zh


def of_our_trainer(streams=("rgb", "pose"), taxonomy="ntu60_tree8", **sizes):
    recipe = {"optim": {"lr": 0.1}, "train": {"max_epochs": 9}, "data": {"kind": "store"}, "taxonomy": taxonomy}
    model = {"streams": list(streams), **sizes} if streams else sizes
    return run_of({"val/top1": [1.0]}, config={**recipe, "model": model}, dialect="yaml")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "rgbpose_joint"),
        ({"streams": ()}, "rgbpose_joint"),
        ({"taxonomy": "ma52"}, "pcan_ma52"),
        ({"streams": ("rgb",)}, "rgb_only"),
        ({"streams": ("pose",)}, "pose_only"),
    ],
)
def test_a_recipe_of_our_trainer_says_what_it_trains_by_its_streams(fields, name):
    assert match(of_our_trainer(**fields)).name == name


@pytest.mark.parametrize("fields", [{"taxonomy": "synth10"}, {"rgb_channels": 8}, {"depth": 101}])
def test_made_up_people_and_networks_of_other_sizes_have_no_reference(fields):
    assert match(of_our_trainer(**fields)) is None


def test_an_unknown_model_has_no_reference():
    assert match(run(model="SwinTransformer3D")) is None
    assert match(run_of({"val/top1": [1.0]})) is None


def test_every_reference_names_its_source():
    assert all(one.source for one in all_references().values())
