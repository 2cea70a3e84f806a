import itertools
import re
from datetime import UTC
from pathlib import Path

import msgspec
import pytest

from defib.records import HistoryRow, Reference, Site
from defib.reports import phrases
from defib.reports.markdown import markdown
from defib.reports.test_made_up_cases import EVERY, causes, checkup, minimal, seed, seed_run
from defib.reports.test_made_up_plan import edits, plan
from defib.words import Words, same

SEED_ORDER = (
    "崩溃分析", "训练历史", "核心问题", "修复方案", "配置对比", "预期效果", "稳定性改善", "性能目标", "训练命令", "启动训练",
    "监控训练", "训练时间估算", "关键监控指标", "健康训练的标志", "需要警惕的信号", "配置文件状态", "后续优化路径", "如果训练稳定",
    "如果仍然不稳定",
)  # fmt: skip
HOSTILE = "[red]x|y`z`<script>alert(1)</script>\n# big\x1b[31m **b** ```"


def headings(text):
    return [line.lstrip("# ") for line in text.splitlines() if line.startswith("#") and not in_code(text, line)]


def in_code(text, line):
    before = text[: text.index(line)]
    return before.count("\n```") % 2 == 1


def bare(heading):
    return re.sub(r"^[^\w（]+\s*", "", heading)


def test_the_chinese_document_follows_the_order_of_the_first_rescue_plan():
    found = [bare(heading) for heading in headings(markdown(seed(), "zh", zone=UTC))]
    assert [heading for heading in found if heading in SEED_ORDER] == list(SEED_ORDER)
    assert found[0] == "训练崩溃修复方案 - 从 Epoch 11 拯救训练"


def test_the_english_document_mirrors_the_chinese_one():
    english, chinese = (headings(markdown(seed(), language, zone=UTC)) for language in ("en", "zh"))
    marks = [re.match(r"[^\w\s]*", heading).group() for heading in english]
    assert marks == [re.match(r"[^\w\s]*", heading).group() for heading in chinese]
    assert len([mark for mark in marks if mark]) > 12


def test_the_tables_hold_the_numbers_of_the_run():
    text = markdown(seed(), "zh", zone=UTC)
    assert "| Epoch | RGBPose | RGB | Pose | 状态 |" in text
    assert "| 11 | **57.45%** | **66.73%** | 16.06% | ✅ **最佳** |" in text
    assert "| **学习率** | 0.008 | **0.005** | 降低学习率 · 针对原因 1 · 参考配方：0.005 |" in text
    assert "❌ **移除**" in text
    assert "| **起始检查点（仅权重）** | None | **epoch_11.pth** |" in text
    assert "50 × 13.5 分钟 = 11.25 小时" in text
    assert "optim_wrapper.optimizer.lr = 0.005" in text


def test_the_command_can_be_copied():
    text = markdown(seed(), "en", zone=UTC)
    block = text.split("```bash\n")[1].split("```")[0]
    assert block.startswith(
        "cd /home/zh/ChCode/codes01/mmaction2\n\nCUDA_VISIBLE_DEVICES=0,1 bash tools/dist_train.sh \\\n"
    )


@pytest.mark.parametrize("name", ["without_plan", "healthy", "unreadable"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_headings_of_what_is_not_there_are_left_out(name, language):
    text = markdown(EVERY[name](), language, zone=UTC)
    for words in (phrases.REMEDY, phrases.OUTLOOK, phrases.COMMAND, phrases.TIME, phrases.CONFIG_STATE, phrases.LADDER):
        assert words.said(language) not in [bare(heading) for heading in headings(text)]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_case_reads_cleanly(name, language):
    text = markdown(EVERY[name](), language, zone=UTC)
    assert "\n\n\n" not in text
    assert "Words(" not in text
    assert "{" not in text.replace("{'type'", "")
    assert text.endswith("\n")
    assert all(line == line.rstrip() for line in text.splitlines())
    below = [line for line in text.splitlines() if line]
    for one, other in itertools.pairwise(below):
        assert not (one.startswith("## ") and other.startswith(("## ", "---"))), "a heading with nothing below it"


def test_the_languages_do_not_leak_into_each_other():
    chinese, english = markdown(seed(), "zh", zone=UTC), markdown(seed(), "en", zone=UTC)
    for name, words in vars(phrases).items():
        if isinstance(words, Words) and words.en != words.zh and len(words.en) > 8 and "{" not in words.en:
            assert words.en not in chinese, name
            assert words.zh not in english, name
    assert not re.findall(r"[\u4e00-\u9fff]", english)


@pytest.mark.parametrize(("language", "unknown"), [("en", "not known"), ("zh", "未知")])
def test_what_is_unknown_is_called_unknown(language, unknown):
    text = markdown(minimal(), language, zone=UTC)
    assert text.count(unknown) >= 4
    assert "None" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_strings_from_the_run_are_inert(language):
    run = msgspec.structs.replace(
        seed_run(),
        path=HOSTILE,
        framework=HOSTILE,
        not_understood=(HOSTILE,),
        notes=(same(HOSTILE),),
        reference=Reference(name=HOSTILE, says=same(HOSTILE), source="x", settings={}, batch=1),
    )
    rows = (HistoryRow(epoch=1.0, values={HOSTILE: 1.0}, mark="fell", says=same(HOSTILE)),)
    worse = tuple(msgspec.structs.replace(cause, says=same(HOSTILE), missing=(same(HOSTILE),)) for cause in causes())
    edit = msgspec.structs.replace(
        edits()[0], old=HOSTILE, new=HOSTILE, why=same(HOSTILE), reference=HOSTILE, key=HOSTILE, sites=()
    )
    case = seed(
        run=run,
        checkup=msgspec.structs.replace(checkup(), history=rows, checked=(HOSTILE,)),
        causes=worse,
        plan=plan(
            edits=(edit,), command=("run", HOSTILE), cwd=HOSTILE, environment={"A": HOSTILE}, new_config=HOSTILE,
            config=HOSTILE, monitor=(HOSTILE,),
        ),
        says=same(HOSTILE),
        written={HOSTILE: HOSTILE},
    )  # fmt: skip
    text = markdown(case, language, zone=UTC)
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line.startswith("# big")]
    prose = without_code(text)
    assert "<script" not in prose
    assert not re.search(r"(?<!\\)\[red", prose)
    assert not re.search(r"(?<!\\)`", prose)
    tables = [line for line in prose.splitlines() if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in tables}
    assert widths <= {4, 5}


def without_code(text):
    """The document without code blocks and code spans, read as CommonMark reads them."""
    text = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    return re.sub(r"(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", "", text)


def test_the_template_prints_nothing_that_was_not_escaped():
    for template in Path(__file__).with_name("templates").rglob("*.*"):
        assert "safe" not in re.findall(r"\|\s*(\w+)", template.read_text(encoding="utf-8")), template


def test_a_config_that_was_not_written_is_not_claimed_to_be():
    assert phrases.NOT_WRITTEN.zh in markdown(seed(written={}), "zh", zone=UTC)
    assert phrases.NOT_WRITTEN.zh not in markdown(seed(), "zh", zone=UTC)


def test_copies_of_one_value_are_counted_and_not_repeated():
    edit = edits()[2]
    sites = tuple(Site(path=path, old=0.008, new=0.005) for path in ("optim_wrapper.optimizer.lr", "a.lr", "b.0.lr"))
    text = markdown(seed(plan=plan(edits=(msgspec.structs.replace(edit, sites=sites),))), "en", zone=UTC)
    assert text.count("lr = 0.005") == 1
    assert "and 2 more" in text


def test_what_is_only_advised_is_not_shown_as_written():
    edit = msgspec.structs.replace(edits()[2], risk="advise")
    text = markdown(seed(plan=plan(edits=(edit,))), "en", zone=UTC)
    assert "lr = 0.005" not in text
    assert "advice only, not written" in text


def test_the_difference_stands_in_a_block_that_it_cannot_end():
    text = markdown(seed(plan=plan(diff="-a\n+```\n+b\n")), "en", zone=UTC)
    assert "````diff\n-a\n+```\n+b\n````" in text


@pytest.mark.parametrize(
    ("config", "kind", "line", "sign"),
    [
        ("a/run.yaml", "yaml", "optim.lr: 0.005", "#"),
        ("run.json", "jsonc", "optim.lr: 0.005", "//"),
        ("job.toml", "toml", "optim.lr = 0.005", "#"),
        ("train.sh", "bash", "optim.lr=0.005", "#"),
        ("slowonly.py", "python", "optim.lr = 0.005", "#"),
    ],
)
def test_what_is_written_stands_in_the_language_of_the_config(config, kind, line, sign):
    one = msgspec.structs.replace(
        edits()[2],
        sites=(Site(path="optim.lr", old=0.02, new=0.005), Site(path="optim.gone", old=1, action="delete")),
    )
    text = markdown(seed(plan=plan(edits=(one,), config=config)), "en", zone=UTC)
    block = text.partition(f"```{kind}\n{sign} {phrases.CORE_CHANGES.en}")[2].partition("```")[0]
    assert re.search(rf"(?m)^{re.escape(line)} +{sign} ", block)
    assert re.search(rf"(?m)^{sign} optim\S*gone\S* - ", block)
