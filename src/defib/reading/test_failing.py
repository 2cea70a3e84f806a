"""Failures in the words of many programs; what only sounds like one is none."""

import re
from time import process_time

import pytest

from defib.reading.failing import LOOK
from defib.reading.saying import LONGEST, said

MEMORY = """
RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 11.17 GiB total capacity; 10.62 GiB already allocated)
torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB
RuntimeError: CUDA error: out of memory
RuntimeError: HIP out of memory. Tried to allocate 256.00 MiB
RuntimeError: MPS backend out of memory (MPS allocated: 18.00 GB, other allocations: 1.00 GB, max allowed: 18.13 GB).
RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED
RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`
jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 123 bytes.
tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[64,3]
RuntimeError: [enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried
numpy.core._exceptions._ArrayMemoryError: Unable to allocate 10.0 GiB for an array with shape (1, 2)
MemoryError
terminate called after throwing an instance of 'std::bad_alloc'
OSError: [Errno 12] Cannot allocate memory
""".strip().splitlines()
KILLED = """
Killed
Killed: 9
./run.sh: line 3: 12345 Killed                  python train.py
[1]+  Killed                  nohup python train.py
[1]    12345 killed     python train.py
zsh: killed     python train.py
Segmentation fault (core dumped)
./run.sh: line 8:  4711 Segmentation fault      (core dumped) python train.py
Fatal Python error: Segmentation fault
slurmstepd: error: Detected 1 oom-kill event(s) in StepId=1.batch cgroup.
slurmstepd: error: *** STEP 4711.0 ON n01 CANCELLED AT 2024-01-02T03:04:05 DUE TO TIME LIMIT ***
srun: error: gpu01: task 0: Out Of Memory
[ 1234.5] Memory cgroup out of memory: Killed process 123 (python) total-vm:1kB
 exitcode  : -9 (pid: 123)
traceback : Signal 11 (SIGSEGV) received by PID 4711
subprocess.CalledProcessError: Command '['python', 'train.py']' died with <Signals.SIGKILL: 9>.
RuntimeError: DataLoader worker (pid 1) is killed by signal: Killed.
""".strip().splitlines()
STOPPED = """
Loss is nan, stopping training
Loss is inf, stopping training
WARNING: non-finite loss, ending training  tensor([nan, 1.2])
FloatingPointError: Loss became infinite or NaN at iteration=12!
ValueError: The loss returned in `training_step` is nan.
Batch 12: Invalid loss, terminating training
RuntimeError: ERROR: Got NaN losses 2024-01-02 03:04:05
FloatingPointError: Minimum loss scale reached (0.0001). Your loss is probably exploding.
Exception: Current loss scale already at minimum - cannot decrease scale anymore. Exiting run.
""".strip().splitlines()
NAN = ["WARNING - NaN detected in the loss at step 5", "Loss is NaN at batch 7", "nan loss, skipping this batch"]
QUIET = """
Killed | 34.5 | 0.2
Killed: 0.53
Killed  0.5  0.3
| Killed | 0.12 |
class killed AP 0.3, killed_in_action 0.4
killed_rate: 0.5  survival: 0.5
val/error 0.5 top1_err 3.4 mem 8123
error: 0.0345
Aborted missions: 0.3
    except torch.cuda.OutOfMemoryError:
        if "CUDA out of memory" in str(error):
        print('CUDA out of memory, trying again')
            raise MemoryError("too large")
        print("Loss is {}, stopping training".format(loss_value))
UserWarning: Detected call of `lr_scheduler.step()` before `optimizer.step()`.
Terminated episodes: 5 of 20
nan_policy: omit, oom_retry: False, kill_timeout: 30
loss: nan  grad_norm: nan
RuntimeWarning: Mean of empty slice, invalid value nan in divide
slurmstepd: info: Setting TMPDIR, no oom
exitcode: 0
Sending process 123 closing signal SIGTERM
mem_out of memory_total: 0.3
Detected 8 CUDA devices, 12 NaN-free batches
""".strip("\n").splitlines()


def kind(line):
    found = said(line)
    return None if found is None else found.kind


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        *((line, "out-of-memory") for line in MEMORY),
        *((line, "killed") for line in KILLED),
        *((line, "nan-stop") for line in STOPPED),
        *((line, "nan") for line in NAN),
    ],
)
def test_a_failure_is_understood(line, expected):
    assert kind(line) == expected


@pytest.mark.parametrize("line", [MEMORY[0], MEMORY[2], KILLED[9], KILLED[13], *STOPPED, *NAN])
def test_it_is_also_understood_behind_the_name_of_a_logger(line):
    assert kind(f"2024/01/01 00:00:00 - mmengine - ERROR - {line}") == kind(line)


@pytest.mark.parametrize("line", QUIET)
def test_what_only_sounds_like_a_failure_is_none(line):
    assert kind(line) is None


@pytest.mark.parametrize("line", [*MEMORY, *KILLED, *STOPPED, *NAN])
def test_the_quick_look_misses_none(line):
    assert re.search(LOOK, line)


@pytest.mark.parametrize(
    "part", ["oom-kill ", "Loss is nan ", "srun: error: a", "ResourceExhaustedError: ", "a.MemoryError", ": line 1: "]
)
def test_long_lines_do_not_hang(part):
    line = (part * 2000)[:LONGEST]
    begin = process_time()
    for _ in range(2**20 // LONGEST):
        said(line)
    assert process_time() - begin < 30.0  # measured: under 1 s a MiB
