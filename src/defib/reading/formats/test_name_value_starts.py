"""A text log that every start appends to: how often it was started, and which start is judged."""

from defib.reading import read


def of(text):
    return read(None, text=text)


STGCN = "[03.24.23|{0}:11] Parameters:\n{{'phase': 'train'}}\n\n[03.24.23|{0}:12] Training epoch: 0\n"
EPOCHS = "".join(
    f"[03.24.23|10:0{at}:31] \tmean_loss: {3 - at}.5\n[03.24.23|10:0{at}:32] Training epoch: {at}\n" for at in (1, 2, 3)
)


def test_a_start_that_was_appended_is_counted_even_where_it_logged_nothing():
    text = (
        STGCN.format("09:56") + EPOCHS + STGCN.format("10:10") + STGCN.format("10:14") + STGCN.format("10:15") + EPOCHS
    )
    run = of(text)
    assert run.get("train/loss").value.tolist() == [2.5, 1.5, 0.5]
    (note,) = run.notes
    assert "started from nothing 4 times" in note.en
    assert "3 rows" in note.en


def test_a_start_that_only_saw_its_first_epoch_is_one_although_no_epoch_goes_back():
    text = STGCN.format("09:56") + "\tmean_loss: 3.0\n" + STGCN.format("10:10") + EPOCHS
    run = of(text)
    assert run.get("train/loss").value.tolist() == [2.5, 1.5, 0.5]
    assert len(run.segments) == 1
    assert any("2 times" in note.en for note in run.notes)


def test_a_start_at_the_end_that_logged_nothing_yet_is_not_the_one_that_is_judged():
    run = of(STGCN.format("09:56") + EPOCHS + STGCN.format("10:10"))
    assert len(run.get("train/loss")) == 3
    assert run.notes == ()


def test_a_heading_that_every_process_prints_is_no_start():
    heading = "Training epoch: {0}\n" * 3
    text = "Parameters:\n" * 3 + "".join(heading.format(at) + f"mean_loss: {4 - at}.5\n" for at in range(4))
    run = of(text)
    assert len(run.get("train/loss")) == 4
    assert run.notes == ()
