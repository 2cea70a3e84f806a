from defib.playbook.ladder import LARGER_MODEL, PRETRAINED, RELATED, ladder
from defib.records import Edit
from defib.samples import run_of
from defib.words import same


def steps(*edits, jitter=None, **config):
    tree = {
        "optim_wrapper": {"optimizer": {"lr": 0.008}},
        "train_cfg": {"max_epochs": 100},
        "train_dataloader": {"batch_size": 16, "dataset": {"pipeline": [jitter] if jitter else []}},
        **config,
    }
    made = tuple(Edit(key=key, old=None, new=new, why=same("x"), play="x") for key, new in edits)
    return {(step.when, step.key): step.new for step in ladder(run_of({"val/top1": [1.0]}, config=tree), made)}


def test_steps_go_up_and_down_from_what_was_decided():
    found = steps(("lr", 0.005), ("max_epochs", 50))
    assert found["stable", "lr"] == 0.008
    assert found["unstable", "lr"] == 0.003
    assert found["stable", "max_epochs"] == 80
    assert found["unstable", "batch_size"] == 20
    assert found["ambitious", "max_epochs"] == 100


def test_jitter_comes_back_at_half_its_strength_only_where_it_was_taken_out():
    jitter = {"type": "ColorJitter", "brightness": 0.4, "hue": 0.1}
    assert steps(("color_jitter", None), jitter=jitter)["stable", "color_jitter"]["brightness"] == 0.2
    assert ("stable", "color_jitter") not in steps(jitter=jitter)


def test_a_deeper_backbone_is_named_where_the_depth_is_known():
    assert steps(model={"backbone": {"depth": 50}})["ambitious", "model"] == 101
    assert steps()["ambitious", "model"] is None
    says = {(step.key, step.says) for step in ladder(run_of({"val/map": [1.0]}), ())}
    assert ("model", LARGER_MODEL) in says
    assert ("load_from", PRETRAINED.fill(theirs=RELATED)) in says
    assert steps(model={"backbone": {"depth": 101}})["ambitious", "model"] == 152


def test_what_is_not_known_is_left_out():
    found = {(step.when, step.key) for step in ladder(run_of({"val/top1": [1.0]}), ())}
    assert ("stable", "lr") not in found
    assert ("unstable", "batch_size") not in found
