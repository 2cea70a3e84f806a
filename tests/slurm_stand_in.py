"""Stand-ins for Slurm's programs: they answer as the real ones do, keep their jobs in a folder, and really run what is submitted.

Written after Slurm's manual pages: `--parsable` prints the number, `squeue` forgets a job some time after its end and then says
`Invalid job id specified`, `sacct` keeps it. What goes wrong is asked for by files in the folder: `down` (no controller), `deaf` (nobody answers),
`no-accounting`, `refuse` (sbatch's refusal), `held` (jobs wait), `cluster` (a multi-cluster answer).
"""

from __future__ import annotations

import sys
from pathlib import Path

PROGRAM = """#!{python}
import json, os, pathlib, shlex, signal, subprocess, sys, time
home = pathlib.Path({home!r})
name, words = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
with open(home / "calls", "a") as calls: calls.write(json.dumps([name, *words]) + "\\n")
def option(key, default=None):
    return next((one.partition("=")[2] for one in words if one.startswith("--" + key + "=")), default)
def stop(text, code=1):
    print(text, file=sys.stderr); sys.exit(code)
if (home / "deaf").exists(): time.sleep(30)
if (home / "down").exists(): stop(name + ": error: Unable to contact slurm controller (connect failure)")
def load(number):
    job = json.loads((home / (number + ".json")).read_text())
    if job["state"] == "PENDING" and not (home / "held").exists(): job = launched(number, job)
    if job["state"] == "RUNNING":
        code = home / (number + ".code")
        if code.exists():
            job["state"] = "COMPLETED" if code.read_text().strip() == "0" else "FAILED"
            save(number, job)
    return job
def save(number, job): (home / (number + ".json")).write_text(json.dumps(job))
def launched(number, job):
    line = "sh " + shlex.quote(job["script"]) + " >> " + shlex.quote(job["output"]) + " 2>&1; echo $? > " + shlex.quote(str(home / (number + ".code")))
    child = subprocess.Popen(["sh", "-c", line], env=job["env"], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    job.update(state="RUNNING", pid=child.pid); save(number, job)
    return job
def known(number): return (home / (number + ".json")).exists()
if name == "sbatch":
    if (home / "refuse").exists(): stop("sbatch: error: Batch job submission failed: Invalid partition name specified")
    script = words[-1]
    if not pathlib.Path(script).is_file(): stop("sbatch: error: Unable to open file " + script)
    if not pathlib.Path(script).read_text().startswith("#!"): stop("sbatch: error: This does not look like a batch script.")
    number = str(1000 + len(list(home.glob("*.json"))))
    save(number, dict(name=option("job-name"), output=option("output"), script=script, env=dict(os.environ), state="PENDING"))
    if (home / "dies-after").exists(): print(number, flush=True); os.kill(os.getppid(), signal.SIGKILL)
    load(number)
    print(number + (";alpha" if (home / "cluster").exists() else "") if "--parsable" in words else "Submitted batch job " + number)
elif name == "squeue":
    if option("name"):
        for file in sorted(home.glob("*.json")):
            job = load(file.stem)
            if job["name"] == option("name") and job["state"] in ("PENDING", "RUNNING"): print(file.stem)
    else:
        number = option("jobs")
        if not known(number): stop("slurm_load_jobs error: Invalid job id specified")
        job = load(number)
        if job["state"] not in ("PENDING", "RUNNING"): stop("slurm_load_jobs error: Invalid job id specified")
        print(job["state"])
elif name == "sacct":
    if (home / "no-accounting").exists(): stop("Slurm accounting storage is disabled")
    number = option("jobs")
    if known(number) and not (home / "lag").exists():
        state = load(number)["state"]
        print("CANCELLED by 1000" if state == "CANCELLED" else state)
elif name == "scancel":
    number = words[0]
    if not known(number): stop("scancel: error: Kill job error on job id " + number + ": Invalid job id specified")
    job = load(number)
    if job["state"] in ("PENDING", "RUNNING"):
        if job.get("pid"):
            try: os.killpg(job["pid"], signal.SIGTERM)
            except ProcessLookupError: pass
        job["state"] = "CANCELLED"; save(number, job)
"""


def install(folder: Path) -> Path:
    """Put the four programs into `folder/bin`; gives the folder of their state."""
    home, programs = folder / "slurm", folder / "bin"
    home.mkdir()
    programs.mkdir()
    for name in ("sbatch", "squeue", "sacct", "scancel"):
        file = programs / name
        file.write_text(PROGRAM.format(python=sys.executable, home=str(home)))
        file.chmod(0o755)
    return home
