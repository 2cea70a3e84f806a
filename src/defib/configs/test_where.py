from defib.configs.where import where

TEXT = """base_lr = 0.008
_base_ = 'base.py'
optim_wrapper = dict(
    optimizer=dict(
        type='SGD',
        lr=base_lr),
    clip_grad=dict(max_norm=40))
param_scheduler = [
    dict(type='MultiStepLR',
         gamma=25.0)]
"""


def lines(tmp_path, *paths):
    (tmp_path / "base.py").write_text("train_cfg = dict(max_epochs=100)\n")
    config = tmp_path / "c.py"
    config.write_text(TEXT)
    return where(config, paths)


def test_a_setting_stands_where_its_value_is_written(tmp_path):
    assert lines(tmp_path, "param_scheduler.0.gamma", "optim_wrapper.clip_grad.max_norm") == {
        "param_scheduler.0.gamma": 10,
        "optim_wrapper.clip_grad.max_norm": 7,
    }


def test_a_value_from_a_variable_stands_at_the_variable(tmp_path):
    assert lines(tmp_path, "optim_wrapper.optimizer.lr") == {"optim_wrapper.optimizer.lr": 1}


def test_inherited_and_unknown_paths_have_no_line(tmp_path):
    assert lines(tmp_path, "train_cfg.max_epochs", "nothing.here", "param_scheduler.9.gamma") == {}
