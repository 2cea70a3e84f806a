"""The records are made by hand: what a number means is the business of other rooms, how it reads is the business of this one."""

from html import unescape
from io import StringIO

import msgspec
from rich.console import Console

from defib.records import Branch, Case, Checkup, ClassScore, Fusion, Pair, Predictions, Relabelled
from defib.reports import markdown, terminal
from defib.reports.page import html
from defib.reports.predicted import lines
from defib.samples import run_of
from defib.words import Words, same


def one_class(label, value, count=40, other=None):
    return ClassScore(label=label, count=count, value=value, other=other)


def branch(name, **fields):
    given = {"classes": 12, "scores": "probabilities", "predicted": 11, "effective": 9.0, "entropy": 2.2,
             "most_predicted": 3, "most_share": 20.26}  # fmt: skip
    return Branch(branch=name, **{**given, **fields})


KNOWN = {
    "top1": 61.52, "error": 1.26, "top5": 88.8, "mean_class": 60.04,
    "relabelled": (Relabelled(kind="shift", shift=-1, top1=3.3, mean_class=3.0, gain=-57.0, error=1.0),
                   Relabelled(kind="shift", shift=1, top1=4.4, mean_class=4.0, gain=-56.0, error=1.0),
                   Relabelled(kind="permutation", top1=61.5, mean_class=60.0, gain=0.0, error=1.0)),
    "best": (one_class(7, 90.0), one_class(2, 88.0)), "worst": (one_class(5, 10.0),),
}  # fmt: skip
FOUND = Predictions(
    files=("a.npz",), form="npz", samples=480, classes=12, labelled=True,
    branches=(branch("fused", **KNOWN), branch("rgb", **KNOWN), branch("pose", **{**KNOWN, "never": tuple(one_class(one, 0.0) for one in range(7)), "never_count": 9})),
    pairs=(Pair(first="rgb", second="pose", agreement=40.0, first_only=30.0, second_only=5.0, either=66.6,
                first_knows=(one_class(5, 80.0, other=10.0),), second_knows=(one_class(6, 70.0, other=0.0),)),),
    fusion=Fusion(given=True, top1=50.0, best="rgb", best_top1=61.5, loss=11.5, error=1.0, second="pose", weight=0.85, weight_top1=62.0),
    notes=(Words("a note", "一条备注"),),
)  # fmt: skip


def said(found, language="en"):
    text = [one.said(language) for one in lines(found)]
    assert not any("{" in one or "None" in one for one in text)
    return text


def test_every_number_is_told_once_in_a_line_of_its_own():
    assert said(FOUND)[:6] == [
        "480 samples of 12 classes, from a.npz",
        "fused: top-1 61.5% ± 1.3, top-5 88.8%, mean class accuracy 60%; predicts 11 of 12 classes, most often class 3 (20.3%)",
        "fused with other labels: 3.3% shifted by -1, 4.4% shifted by +1, 61.5% in whatever order fits best (on samples that did not choose it)",
        "fused recognises worst: 5 (10% of 40)",
        "fused recognises best: 7 (90% of 40), 2 (88% of 40)",
        "RGB: top-1 61.5% ± 1.3, top-5 88.8%, mean class accuracy 60%; predicts 11 of 12 classes, most often class 3 (20.3%)",
    ]


def test_the_pair_and_the_fusion_and_the_notes_come_last():
    assert said(FOUND)[-5:] == [
        "RGB and Pose agree on 40% of the samples; 30% only RGB has right, 5% only Pose, 66.6% at least one of them",
        "RGB knows, and Pose does not: 5 (80%, against 10%)",
        "Pose knows, and RGB does not: 6 (70%, against 0%)",
        "the fusion has 50%, the best stream (RGB) alone 61.5%; the best weight of RGB is 0.85 (62% on samples that did not choose it)",
        "a note",
    ]


def test_long_lists_are_cut_and_the_rest_counted():
    (never,) = (one for one in said(FOUND) if "never recognises" in one)
    assert never.startswith("Pose never recognises 9 classes: 0 (0% of 40), ")
    assert never.endswith("4 (0% of 40) and 4 more")


def test_chinese_names_stand_close_and_latin_ones_apart():
    text = said(FOUND, "zh")
    assert (
        "融合换用其他标签：平移 -1 后 3.3%，平移 +1 后 4.4%，按最吻合的排列 61.5%（在未参与选取排列的样本上）" in text
    )
    assert any(one.startswith("RGB 换用其他标签：") for one in text)
    assert any(one.startswith("Pose 有 9 个类别一个样本都没认出：") and one.endswith("等，另有 4 个") for one in text)
    assert text[-1] == "一条备注"


def test_what_went_first_names_both_files():
    lost = (one_class(4, 3.0, other=95.0),)
    text = said(msgspec.structs.replace(FOUND, files=("a.npz", "b.npz"), lost_of="fused", lost=lost))
    assert text[0] == "480 samples of 12 classes, from a.npz, then b.npz"
    assert "classes that fused lost most from the earlier file to the later: 4 (3%, against 95%)" in text
    assert "no class of RGB fell far" in " ".join(said(msgspec.structs.replace(FOUND, lost_of="rgb")))


def test_without_labels_only_what_is_predicted_is_told():
    bare = Predictions(files=("a.npz",), form="npz", samples=40, classes=12, labelled=False,
                       branches=(branch("rgb", most_predicted=None, most_share=0.0),),
                       pairs=(Pair(first="rgb", second="pose", agreement=40.0),))  # fmt: skip
    assert said(bare) == [
        "40 samples of 12 classes, from a.npz",
        "RGB: predicts 11 of 12 classes, most often class - (0%)",
        "RGB and Pose agree on 40% of the samples",
    ]


def test_five_classes_have_no_top_five_and_many_no_order():
    few = branch("rgb", **{**KNOWN, "top5": None, "relabelled": KNOWN["relabelled"][:2], "best": (), "worst": ()})
    assert said(msgspec.structs.replace(FOUND, branches=(few,)))[1:3] == [
        "RGB: top-1 61.5% ± 1.3, mean class accuracy 60%; predicts 11 of 12 classes, most often class 3 (20.3%)",
        "RGB with other labels: 3.3% shifted by -1, 4.4% shifted by +1",
    ]


def case(found):
    return Case(
        run=run_of({"val/top1": [20.0]}, predictions=found), checkup=Checkup(), verdict="watch", says=same("made up")
    )


def shown(found, language):
    stream = StringIO()
    Console(file=stream, width=400).print(terminal(case(found), language))
    return stream.getvalue()


def test_both_reports_hold_every_line_in_both_languages_and_nothing_without_predictions():
    for language, title in (("en", "What the predictions say"), ("zh", "预测结果分析")):
        document, screen = markdown(case(FOUND), language), shown(FOUND, language)
        assert title in document
        assert title in screen
        for line in said(FOUND, language):
            assert f"- {line}" in document
            assert line in screen
        assert title not in markdown(case(None), language)
        assert title not in shown(None, language)


def test_a_file_name_cannot_break_the_document():
    bad = msgspec.structs.replace(FOUND, files=("a`<b>|[x](y)\n# h.npz",))
    text = markdown(case(bad), "en")
    assert "\n# h" not in text
    assert "<b>" not in text


def test_the_page_holds_every_line_and_nothing_without_predictions():
    for language, title in (("en", "What the predictions say"), ("zh", "预测结果分析")):
        page = unescape(html([case(FOUND)], language))
        assert title in page
        for line in said(FOUND, language):
            assert f"<li>{line}</li>" in page
        assert title not in html([case(None)], language)
