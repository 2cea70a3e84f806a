from defib.health.rules.loss_at_floor import loss_at_floor
from defib.samples import healthy, run_of, wobble

FALLS = [3.0 * 0.99**step + 0.05 * wobble(2, step) for step in range(150)]
TOTAL = [value + 1.55 for value in FALLS]


def found(part, total=TOTAL, name="diversity"):
    run = run_of({"train/loss": total, "train/loss_part/cls": FALLS, f"train/loss_part/{name}": part})
    return [(one.severity, one.branch, one.record) for one in loss_at_floor(run)]


def test_fires_on_a_part_that_never_moves():
    assert found([1.55] * 150) == [("note", "diversity", 99)]


def test_says_how_much_of_the_total_it_is():
    run = run_of({"train/loss": TOTAL, "train/loss_part/cls": FALLS, "train/loss_part/diversity": [1.55] * 150})
    assert "diversity" in loss_at_floor(run)[0].says.zh
    assert 30 < loss_at_floor(run)[0].size < 60


def test_fires_without_a_total():
    run = run_of({"train/loss/cls": FALLS, "train/loss/diversity": [1.55] * 150})
    assert [one.branch for one in loss_at_floor(run)] == ["diversity"]


def test_a_part_that_moves_later_is_cleared():
    run = run_of({"train/loss": TOTAL, "train/loss_part/diversity": [1.55] * 120 + [1.2] * 30})
    assert [one.cleared.epoch for one in loss_at_floor(run)] == [121.0]


def test_stays_quiet_on_a_part_that_is_zero():
    assert found([0.0] * 150) == []


def test_stays_quiet_on_a_part_that_is_too_small_to_matter():
    assert found([1e-6] * 150) == []


def test_stays_quiet_on_a_part_that_fell_and_levelled_off():
    assert found([2.5] * 5 + [1.55] * 145) == []


def test_stays_quiet_on_a_part_that_scatters_like_a_loss():
    assert found([1.55 + 0.01 * wobble(4, step) for step in range(150)]) == []


def test_stays_quiet_on_a_weight_that_is_logged_as_a_loss():
    assert found([1.55] * 150, name="weight_rgb") == []


def test_stays_quiet_when_nothing_moves():
    run = run_of({"train/loss": [3.05] * 150, "train/loss_part/cls": [1.5] * 150, "train/loss_part/b": [1.55] * 150})
    assert loss_at_floor(run) == ()


def test_stays_quiet_on_fewer_than_a_hundred_values():
    assert found([1.55] * 99) == []


def test_cannot_look_at_a_loss_without_parts():
    assert "parts" in loss_at_floor.unseen(healthy()).en
