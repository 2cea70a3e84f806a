"""What each error means and what to do about it, in both languages, by its slug.

The class's docstring says it in English for those who read the code; this is the page that `defib explain` prints.
"""

from __future__ import annotations

from defib.cli import trainer_error_pages
from defib.words import Words

TEXTS = trainer_error_pages.TEXTS | {
    "no-such-name": Words(
        en="`defib explain` was asked for a name that it does not know. Take one of the nearest names, or run it without a name "
        "to list them all.",
        zh="`defib explain` 不认识这个名称。请改用给出的相近名称，或不带名称运行以列出全部。",
    ),
    "no-such-metric": Words(
        en="`--metric` names a metric that the run did not log in validation. Take one of those that the message lists.",
        zh="`--metric` 指定的指标没有在验证中记录。请改用消息中列出的指标。",
    ),
    "no-config-to-rewrite": Words(
        en="`defib.rewrite` was given a plan without a config: none was read, or an edit in it was refused. The plan's notes say "
        "which. Name the config when the run is read, and plan again.",
        zh="`defib.rewrite` 收到的方案没有配置：可能没有读到配置，也可能其中的改动被拒绝，方案的 `notes` 会说明是哪一种。"
        "请在读取训练时指定配置，再重新制定方案。",
    ),
    "nothing-to-draw": Words(
        en="A picture was asked for by the name of the output file, but the run holds no curve. The answer as text or as a page "
        "can still be written.",
        zh="输出文件名表示要画图，但这次训练没有任何曲线。文本或网页形式的答案仍然可以写出。",
    ),
    "no-such-choice": Words(
        en="An option was given a word that it does not know. Take one of those that the message lists.",
        zh="某个选项得到了它不认识的值。请改用消息中列出的值。",
    ),
    "finished-plan": Words(
        en="A saved plan is written as it stands, so options that would change it are refused beside it. To plan with other "
        "options, name the run itself.",
        zh="已保存的方案会原样写出，因此不能同时给出会改变它的选项。若要更改选项，请直接对训练运行。",
    ),
    "no-such-path": Words(
        en="A path on the command line does not exist. Check its spelling and the current folder; `-` stands for standard input.",
        zh="命令行中的路径不存在。请检查拼写和当前目录；`-` 表示标准输入。",
    ),
    "too-many-predictions": Words(
        en="`--predictions` takes one file, or two of the same run: first that of the earlier checkpoint, then that of the later "
        "one.",
        zh="`--predictions` 可以给一个文件，或同一次训练的两个文件：先给较早检查点的，再给较晚检查点的。",
    ),
    "predictions-of-many-runs": Words(
        en="Predictions were made by one checkpoint of one run, so they cannot be judged beside several runs. Name that run alone.",
        zh="预测结果来自一次训练的某个检查点，不能与多次训练一起判断。请只指定产生它的那次训练。",
    ),
    "cannot-write": Words(
        en="An answer could not be written where it should go; nothing half-written is left. Check permissions and free space, "
        "or name another folder with `--out`.",
        zh="结果无法写入指定位置，也没有留下写了一半的文件。请检查权限和剩余空间，或用 `--out` 指定另一个目录。",
    ),
    "nothing-readable": Words(
        en="No log, table or saved Case was recognised at the path. The message says what was looked for and what was found; "
        "name the log file itself if it lies elsewhere. This says nothing about the health of the run.",
        zh="在该路径没有识别出日志、表格或已保存的 Case。消息说明了查找的内容和找到的内容；若日志在别处，请直接指定日志文件。这并不说明训练是否正常。",
    ),
    "no-points": Words(
        en="A log was recognised, but not one number could be taken from it: it may be empty, cut off, or of a run that never "
        "reached its first record. A log without numbers cannot be judged.",
        zh="识别出了日志，但没有读到任何数值：它可能是空的、被截断，或训练还没有产生第一条记录。没有数值的日志无法判断。",
    ),
    "extra-missing": Words(
        en="The file is there, but the optional library that reads it is not installed. Install the extra that the message names. "
        "This says nothing about the run.",
        zh="文件存在，但没有安装读取它所需的可选依赖。请按消息中的命令安装。这并不说明训练是否正常。",
    ),
    "not-a-case": Words(
        en="A JSON file looks like a saved Case, but its contents do not fit: it was edited, cut off or written by another "
        "version. Make it again with `--format json`.",
        zh="该 JSON 文件看起来是已保存的 Case，但内容不符：可能被编辑过、被截断，或由其他版本写出。请用 `--format json` 重新生成。",
    ),
    "config-syntax": Words(
        en="The config is not valid in its own language, at the line that the message names. Correct it there; the original is "
        "untouched.",
        zh="配置文件不符合自身的语法，消息给出了行号。请在该处改正；原文件没有被改动。",
    ),
    "config-too-large": Words(
        en="The config is larger, or nested deeper, than any real one, and was not read. Check that the path names a config and "
        "not data.",
        zh="配置文件比任何真实配置都大，或嵌套得更深，因此没有读取。请确认路径指向的是配置而不是数据。",
    ),
    "site-not-editable": Words(
        en="A value has to change, but the config computes it in a way that cannot be edited without side effects. Change it by "
        "hand to the value that the message names, then run defib again.",
        zh="某个值需要修改，但配置中的写法无法在没有副作用的情况下改动。请按消息手动改为指定的值，然后重新运行 defib。",
    ),
    "rewrite-not-proved": Words(
        en="The new config was read back and differed from the plan, so it was thrown away and nothing was written. Make the "
        "changes by hand from the plan's table, and report the config if you can.",
        zh="新配置经回读与方案不符，因此被丢弃，没有写入任何文件。请按方案的表格手动修改；如有可能，请反馈这份配置。",
    ),
    "checkpoint-refused": Words(
        en="A checkpoint is empty, cut off, or not a checkpoint, and is never chosen as a start. Copy it again from where it was "
        "written, or take another one.",
        zh="检查点是空的、被截断，或根本不是检查点，不会被选为起点。请从原处重新复制，或换用另一个。",
    ),
    "predictions-unreadable": Words(
        en="The file is none of the three forms of predictions, or it is cut off, damaged or too large. The forms are a pickle of "
        "mmaction2's `tools/test.py --dump`, an `.npz`, and JSON lines; docs/predictions.md shows how to make each.",
        zh="该文件不是三种预测结果格式中的任何一种，或被截断、损坏、过大。三种格式是：mmaction2 的 `tools/test.py --dump` 写出的 pickle、`.npz` 以及 JSON 行；docs/zh/predictions.md 说明了各自的生成方法。",
    ),
    "predictions-unsafe": Words(
        en="The pickle asks for a class or function that no dump of scores needs; it was not imported, and nothing was called. If "
        "you trust the file, load it where it was made and save scores and labels with `numpy.savez`.",
        zh="该 pickle 要求导入分数转储并不需要的类或函数；defib 没有导入它，也没有执行任何内容。若信任该文件，请在生成它的环境中载入，再用 `numpy.savez` 保存分数和标签。",
    ),
    "predictions-do-not-fit": Words(
        en="The file was read, but its parts do not belong together: counts that differ, or a label that is no whole number. Make "
        "it again from one test of one checkpoint.",
        zh="文件可以读取，但各部分前后不一致：数量不同，或标签不是整数。请用同一检查点的一次测试重新生成。",
    ),
    "stale-plan": Words(
        en="The config is no longer the one that the plan was made for, so nothing was written. Make a new plan with "
        "`defib rescue RUN`.",
        zh="配置已不是制定方案时的那一份，因此没有写入任何文件。请用 `defib rescue RUN` 重新制定方案。",
    ),
    "bad-command": Words(
        en="What `--command` holds is split into words as a shell does it, but no shell runs it: no pipes, no variables. In braces stand `config`, "
        "`work_dir`, `start` and `python`; a literal brace is written twice.",
        zh="`--command` 的内容按 shell 的规则分词，但不经过 shell：没有管道，也没有变量。花括号中可写 `config`、`work_dir`、`start`、`python`；"
        "字面的花括号要写两次。",
    ),
    "bad-address": Words(
        en="`--serve` takes a port, or a host and a port with a colon between them. An IPv6 address stands in brackets: [::1]:8321.",
        zh="`--serve` 接受端口，或以冒号分隔的主机和端口。IPv6 地址写在方括号中：[::1]:8321。",
    ),
    "not-served": Words(
        en="The port is taken by another program (`ss -ltnp` names it), needs root (below 1024), or the host is no address of this machine. Port 0 "
        "takes a free one and prints it.",
        zh="端口被其他程序占用（可用 `ss -ltnp` 查看）、需要 root 权限（小于 1024），或主机不是本机的地址。端口 0 会选取空闲端口并打印出来。",
    ),
    "token-needed": Words(
        en="The page shows logs and configs. On 127.0.0.1 only users of this machine can reach it; anywhere else a token is demanded, at least 16 characters, "
        "e.g. from `openssl rand -hex 16`. It goes into a cookie after the first visit and is never logged. There is no encryption: behind a network that is not yours "
        "put a proxy with TLS in front, or use ssh -L.",
        zh="页面会显示日志和配置。在 127.0.0.1 上只有本机用户能访问；在其他地址上必须有至少 16 个字符的令牌，例如用 `openssl rand -hex 16` 生成。首次访问后存入 cookie，"
        "从不写入日志。连接没有加密：在不属于自己的网络中请在前面加一层 TLS 代理，或使用 ssh -L。",
    ),
    "server-missing": Words(
        en="The server is an extra, so that reading a log needs none of it: `pip install 'defib[serve]'` in defib's own environment.",
        zh="服务器是附加组件，只读日志并不需要它：请在 defib 自己的环境中运行 `pip install 'defib[serve]'`。",
    ),
    "no-such-channel": Words(
        en="An alert address is read by apprise: the word before `://` names the program, the rest its token, host and options. Only that word is "
        "shown here, since the rest may be a secret. Try the address with `defib watch --try-alerts --alert URL`.",
        zh="告警地址由 apprise 解析：`://` 之前的词表示程序，其余是令牌、主机和选项。这里只显示该词，因为其余部分可能是密钥。可用 "
        "`defib watch --try-alerts --alert URL` 测试地址。",
    ),
    "alerts-missing": Words(
        en="Alerts are an extra, so that reading a log needs none of it: `pip install 'defib[alerts]'` in defib's own environment.",
        zh="告警是附加组件，只读日志并不需要它：请在 defib 自己的环境中运行 `pip install 'defib[alerts]'`。",
    ),
    "alerts-unreadable": Words(
        en="The file of `--alerts` holds one address a line and is best readable by its owner alone (chmod 600). Check its path, its permissions, "
        "and that it is UTF-8.",
        zh="`--alerts` 的文件每行一个地址，最好只对所有者可读（chmod 600）。请检查路径、权限以及是否为 UTF-8 编码。",
    ),
    "no-command": Words(
        en="`--launch` starts only what it knows: the mm programs, defib's trainer, and the others whose command the log or config tells. "
        "For everything else the command is asked for, once; it is kept in the journal.",
        zh="`--launch` 只启动它知道的程序：mm 系列、defib 的训练器，以及日志或配置写明了命令的其他程序。其余的需要由你给出一次命令，之后保存在日志中。",
    ),
    "not-submitted": Words(
        en="sbatch refused the job (a partition, an account or a limit that does not exist is named by its message), is not on the path, or the controller "
        "did not answer. Try the options by hand: `sbatch --test-only OPTIONS .defib/attempt-1.sh`. Where the queue does not answer, nothing is submitted, since a job may be there already.",
        zh="sbatch 拒绝了作业（其提示会指出不存在的分区、账户或超出的限额）、不在路径中，或控制器没有响应。可手工试一下选项：`sbatch --test-only 选项 .defib/attempt-1.sh`。队列没有响应时"
        "不会提交任何作业，因为作业可能已经存在。",
    ),
    "not-started": Words(
        en="The program of the command is not on the path of the run's interpreter, is no program, or its folder is gone. Try the printed "
        "command by hand in the named folder.",
        zh="命令中的程序不在训练解释器的路径上、不是可执行程序，或所在目录已不存在。请在所示目录中手工试一下这条命令。",
    ),
    "no-framework": Words(
        en="Before an attempt is started, the interpreter is asked to import the run's framework. The one that was found cannot: it is another "
        "environment. `--python PATH` names the right one.",
        zh="启动之前，会先让解释器导入训练所用的框架。找到的解释器做不到，说明它属于另一个环境。请用 `--python PATH` 指明正确的那个。",
    ),
    "already-supervised": Words(
        en="A lock beside the journal says that another process looks after this run. What a dead supervisor of the same machine left is taken "
        "over; that of another machine cannot be seen from here, and has to be removed by hand when it is really gone.",
        zh="日志旁的锁表明另一个进程正在看护这次训练。本机上已退出的看护者留下的锁会自动接管；其他机器上的无法从这里看到，确认已不在后需手工删除。",
    ),
    "nothing-open": Words(
        en="`--continue` and `defib history` read the journal beside the run (`.defib/`). There is none, or its last attempt has ended.",
        zh="`--continue` 和 `defib history` 读取训练旁的过程记录（`.defib/`）。那里没有记录，或最后一次尝试已经结束。",
    ),
    "journal-unreadable": Words(
        en="The journal holds a line that defib did not write. It decides from the journal what was tried, so that it rather stops than guesses. "
        "The last line may be torn by a power cut: that one is passed over.",
        zh="日志中有一行不是 defib 写的。它要根据日志判断已经尝试过什么，因此宁可停下也不猜测。最后一行可能因断电而不完整，这种情况会直接跳过。",
    ),
}
