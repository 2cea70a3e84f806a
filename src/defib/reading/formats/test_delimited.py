import pytest

from defib.errors import DefibError
from defib.reading import read
from defib.reading.formats.delimited import delimited
from defib.reading.source import Source


def of(text):
    assert delimited.recognises(Source("a.csv", text=text))
    return read(None, text=text)


def values(run, key):
    return run.get(key).value.tolist()


def test_rounds_of_a_federation_are_its_clock():
    run = of(
        "client_id,round,loss_before,acc_before,loss_after,acc_after\n3,1,0.6,0.5,0.4,0.75\n3,2,0.6,0.5,0.3,0.875\n"
    )
    assert (values(run, "val/top1"), run.get("val/top1").epoch.tolist()) == ([75.0, 87.5], [1.0, 2.0])
    assert {"loss_before", "acc_before", "client_id"} <= set(run.not_understood)


def test_without_a_clock_a_table_of_returns_counts_its_rows():
    run = of("eplenmean,eprewmean,explained_variance\n10,-3.5,0.1\n11,,0.2\n12,5.5,0.3\n")
    assert (values(run, "val/reward"), run.get("val/reward").step.tolist()) == ([-3.5, 5.5], [1.0, 3.0])
    assert "rows are counted" in run.notes[0].en


@pytest.mark.parametrize(
    "clock", ["misc/total_timesteps", "total_timesteps", "time/iterations", "TotalEnvInteracts", "_step"]
)
def test_clocks_of_many_programs(clock):
    run = of(f"rollout/ep_rew_mean,{clock}\n1.5,2048\n2.5,4096\n")
    assert run.get("val/reward").step.tolist() == [2048.0, 4096.0]


def test_returns_of_rollouts_are_the_trainings_beside_those_of_evaluations():
    run = of("time/total_timesteps,rollout/ep_rew_mean,eval/mean_reward\n100,1.5,\n200,2.5,7.5\n300,3.5,8.5\n")
    assert values(run, "val/reward") == [7.5, 8.5]
    assert values(run, "train/reward") == [1.5, 2.5, 3.5]


def test_of_two_columns_with_one_name_the_first_is_read():
    run = of("step,train_loss,val_acc,train_loss\n1,0.5,0.25,9\n2,0.25,0.5,9\n")
    assert values(run, "train/loss") == [0.5, 0.25]
    assert "train_loss occurs more than once" in run.notes[0].en


def test_tabs_semicolons_and_decimal_commas():
    assert values(of("epoch\tval_acc\n1\t0.25\n2\t0.5\n"), "val/top1") == [25.0, 50.0]
    assert values(of("epoch;val_loss\n1;0,25\n2;0,5\n"), "val/loss") == [0.25, 0.5]


def test_an_exported_chart_of_wandb():
    run = of(
        '"Step","my-run - val/acc","my-run - val/acc__MIN","my-run - val/acc__MAX"\n"1","0.25","0.25","0.25"\n"2","0.5","0.5","0.5"\n'
    )
    assert [one.key for one in run.series] == ["val/top1"]
    assert (values(run, "val/top1"), run.not_understood) == ([25.0, 50.0], ())


def test_of_an_export_of_several_runs_the_first_is_read():
    run = of("Step,a - val/acc,b - val/acc\n1,0.25,0.75\n2,0.5,0.875\n")
    assert values(run, "val/top1") == [25.0, 50.0]
    assert "several runs (a, b)" in run.notes[0].en


def test_an_index_without_a_name_is_no_clock_beside_one():
    run = of(",epoch,val_loss\n0,5,0.5\n1,6,0.25\n")
    assert run.get("val/loss").epoch.tolist() == [5.0, 6.0]
    assert run.not_understood == ()


def test_cells_as_people_write_them():
    run = of('epoch,val_acc,lr\n"1/20","83.5%",1e-3\n2/20,84.5%,\n')
    assert (values(run, "val/top1"), run.get("val/top1").epoch.tolist()) == ([83.5, 84.5], [1.0, 2.0])


def test_a_column_that_names_the_split_tells_what_the_row_is_about():
    run = of("epoch,phase,loss,acc\n1,train,2.0,0.25\n1,val,3.0,0.5\n2,train,1.0,0.5\n2,val,2.0,0.75\n")
    assert (values(run, "train/loss"), values(run, "val/loss")) == ([2.0, 1.0], [3.0, 2.0])
    assert (values(run, "train/top1"), values(run, "val/top1")) == ([25.0, 50.0], [50.0, 75.0])


def test_where_the_epoch_goes_back_a_new_start_begins_even_below_another_heading():
    run = of("epoch,val_acc\n1,0.25\n2,0.5\n3,0.6\nepoch,val_acc\n1,0.125\n2,0.25\n")
    assert values(run, "val/top1") == [12.5, 25.0]


def test_the_latest_row_may_stand_on_top():
    assert of("epoch,val_acc\n3,0.75\n2,0.5\n1,0.25\n").get("val/top1").epoch.tolist() == [1.0, 2.0, 3.0]


def test_a_half_written_last_line_is_left_for_next_time():
    run = of("step,val_acc\n1,0.25\n2,0.5\n3,0.7")
    assert values(run, "val/top1") == [25.0, 50.0]
    assert "half written" in run.notes[0].en


@pytest.mark.parametrize(
    "text",
    [
        "lr,batch,accuracy\n0.1,32,0.5\n0.01,64,0.6\n",  # trials
        "model,epochs,acc\na,100,0.5\nb,100,0.6\n",
        "step,vibes\n1,2\n2,3\n",
        "step,lr\n1,0.1\n2,0.1\n",
        "name,loss\nalice,3\nbob,4\n",
        "epoch,val_acc\n1,0.5\n",
        "epoch,val_acc\n1,good\n2,bad\n",
        "1,2,3\n4,5,6\n7,8,9\n",
        "loss,val_loss,optimizer_id\n1,2,3\n1,2,3\n",
        "epoch,val_acc\n9,0.5\n7,0.5\n8,0.5\n6,0.5\n5,0.5\n",
        "I trained it, and the loss, step by step, fell.\nThen it rose, and I stopped, step 2.\nSo, it is over, really.\n",
        "",
        "epoch,val_acc",
    ],
)
def test_other_tables_are_not_recognised(text):
    assert not delimited.recognises(Source("a.csv", text=text))


def test_wide_and_odd_tables_are_read_or_refused_in_time():
    for text in (
        "epoch," + "a," * 40_000 + "loss\n" + "1," * 40_001 + "2\n",
        "epoch,loss\n" + '"' * 100_000 + "\n1,2\n2,3\n",
    ):
        try:
            read(None, text=text)
        except DefibError:
            continue
