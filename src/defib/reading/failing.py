"""How programs, shells and schedulers say that a process failed: memory ran out, it was killed, it stopped on NaN.

A line counts only in the form in which the failure itself is printed: as the head of an exception, as a whole line of the
shell, with the number of a process or a job beside it. Source code that is printed at the start of a log names the same
errors, and a table of classes may have one that is called `Killed`.
"""

from __future__ import annotations

import re

MEMORY, KILLED, STOPPED, NAN = "out-of-memory", "killed", "nan-stop", "nan"

FAILURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        MEMORY,
        re.compile(
            r"(?<![\"'\w])(?:CUDA|HIP|XPU|MPS backend)(?: error:)? out of memory(?:\s*$|[.,:;!]| \()"
            r"|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED"
            r"|\bDefaultCPUAllocator: (?:can't allocate|not enough) memory"
            r"|RESOURCE_EXHAUSTED: (?:OOM when|Out of memory)|\bResourceExhaustedError: .{0,200}\bOOM when"
            r"|^[\w.]{0,100}(?:OutOfMemoryError: \S|MemoryError(?:\s*$|: \S))"
            r"|^terminate called after throwing an instance of 'std::bad_alloc'"
            r"|\[Errno 12\] Cannot allocate memory"
            r"|\bthe device ran out of memory at batch \d|批大小为 \d{1,9} 时内存或显存不足"  # defib train
        ),
    ),
    (
        KILLED,
        re.compile(
            # the kernel, Slurm and other schedulers
            r"\boom[-_]kill\b.{0,80}\b(?:event|step|task|process)|\b[Oo]ut [Oo]f [Mm]emory: Killed process"
            r"|CANCELLED AT \S{1,40} DUE TO (?:TIME LIMIT|PREEMPTION|NODE FAILURE)"
            r"|^srun: error: .{1,200}: tasks? .{1,60}: (?:Killed|Out Of Memory|Segmentation fault|Bus error|Aborted)"
            # shells
            r"|^Killed(?:: 9)?\s*$|^(?:Segmentation fault|Bus error|Aborted)(?: \(core dumped\))?\s*$"
            r"|: line \d{1,9}:\s{1,3}\d{1,9} (?:Killed|Segmentation fault|Bus error|Aborted)\b"
            r"|^\[\d{1,3}\]\s{0,3}[+-]?\s{1,6}(?:\d{1,9} )?(?:[Kk]illed|[Ss]egmentation fault|[Bb]us error)\b"
            r"|^zsh: (?:killed|segmentation fault|bus error|abort)\s"
            # Python and torchrun; what torchrun sends to the others when one has failed is no failure of its own
            r"|^Fatal Python error: (?:Segmentation fault|Bus error|Aborted)"
            r"|Signal (?:6|7|9|11|15) \(SIG|\bexitcode\s{0,4}: -(?:6|7|9|11)\b|died with <Signals\.SIG(?:KILL|SEGV|ABRT|BUS)"
            r"|DataLoader worker .{0,60} is killed by signal"
        ),
    ),
    (
        STOPPED,
        re.compile(
            r"\b[Ll]oss is -?(?:nan|inf)\b.{0,60}[Ss]topp?ing|[Ll]oss became infinite or NaN|[Nn]on-finite loss, ending"
            r"|The loss returned in `training_step` is -?(?:nan|inf)|\bBatch \d{1,9}: Invalid loss, terminating"
            r"|\bGot NaN losses\b|nan loss encountered|Minimum loss scale reached \(|loss scale already at minimum"
        ),
    ),
    (
        NAN,
        re.compile(
            r"\b[Ll]oss is (?:NaN|nan)\b|\b(?:NaN|nan) (?:loss |gradients? |values? )?(?:was |were )?detected"
            r"|\b[Dd]etected (?:a )?(?:NaN|nan)\b|\b(?:NaN|nan) (?:loss|gradients?), skipping"
        ),
    ),
)

LOOK = (
    r"out of memory|显存不足|Out of memory|Out Of Memory|MemoryError|ALLOC_FAILED|CPUAllocator|EXHAUSTED|Exhausted|bad_alloc"
    r"|allocate memory|[Kk]ill|SIG[TKSAB]|exitcode|CANCELLED|[Ss]egmentation|[Bb]us error|[Aa]bort"
    r"|[Ll]oss (?:is|became|returned)|nan loss|NaN loss|[Ii]nvalid loss|inite loss|loss scale|NaN |nan |[Dd]etected"
)
"""A quick look: without any of these in it, a line tells of no failure."""
