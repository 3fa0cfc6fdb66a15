#!/usr/bin/env python3
"""The assignment of experts beside published algorithms: time, memory, total, worst case, and how far from the best.

    python benchmarks/matching.py [--cases 5000] [--experts 400] [--each 2] [--kinds topics ties] [--tight 1.2] [--no-rivals]
    python benchmarks/matching.py --data FOLDER_OR_FILE [--each 3] [--load 6]

``--data``: a folder with ``scores``, ``covs`` (demands) and ``loads`` (upper limits), each ``.npy`` or ``.csv``, as the conference
data of FairIR and FairFlow are published (MIDL, CVPR, CVPR 2018); an ``.npz`` with arrays of these names; the bids of reviewers as
PrefLib publishes them (``.cat``: datasets 00037 AAMAS and 00039 AI conferences); or a table of scores alone (``.npy``, ``.csv``),
cases in rows. The last two take ``--each`` and ``--load`` (0: ``--tight`` times what is needed). Each way runs in a process of its
own, so that its memory is its own; time is of the processor, and beside it on the wall.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import numpy as np
from matching_rivals import RIVALS, Bools, Floats, Ints, worst

from workflow_app.matching.best import match

SHAPES = {"midl": (118, 177, 3, 4), "cvpr": (2623, 1373, 3, 6), "cvpr2018": (5062, 2840, 3, 9)}  # as published
BARRED = 0.05


def made(kind: str, cases: int, experts: int, seed: int) -> tuple[Floats, Bools]:
    """Return a table that was made: plain chance; topics and their cosine; few differing values; the same experts wanted by all."""
    rng = np.random.default_rng(seed)
    if kind == "chance":
        table = rng.random((cases, experts))
    elif kind == "topics":
        one, two = rng.dirichlet(np.full(20, 0.2), cases), rng.dirichlet(np.full(20, 0.2), experts)
        table = one @ two.T / np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(two, axis=1))
    elif kind == "ties":
        table = rng.integers(0, 11, (cases, experts)) / 10
    else:
        table = 0.8 * rng.random(experts)[None, :] + 0.2 * rng.random((cases, experts))
    return table, rng.random((cases, experts)) < BARRED


def loaded(path: str, each: int, load: int, tight: float) -> tuple[Floats, Ints, Ints]:
    """Return table, demands and upper limits from published files, cases in rows."""
    where = Path(path)
    if where.is_dir():
        found = {name: _array(next(where.glob(f"{name}.*"))) for name in ("scores", "covs", "loads")}
    elif where.suffix == ".npz":
        found = dict(np.load(where))
    elif where.suffix == ".cat":
        found = {"scores": bids(where.read_text(encoding="utf-8"))}
    else:
        found = {"scores": _array(where)}
    table = np.asarray(found["scores"], dtype=float)
    covs, loads = found.get("covs"), found.get("loads")
    if covs is not None and table.shape == (np.size(loads), np.size(covs)):
        table = table.T  # published with reviewers in rows
    load = load or int(np.ceil(tight * each * table.shape[0] / table.shape[1]))
    demand = np.full(table.shape[0], each) if covs is None else np.ravel(covs).astype(int)
    high = np.full(table.shape[1], load) if loads is None else np.ravel(loads).astype(int)
    return table, demand, high


def bids(text: str) -> Floats:
    """Return papers x reviewers from PrefLib's ``.cat``: the last category (no) is 0, each one before it one more.

    A paper in none of a reviewer's categories is a conflict of interests: minus infinity. A line is of one reviewer or more,
    ``2: {7,14},{},{1,2,3}`` of two who bid alike (preflib.org, "Categorical Preferences").
    """
    papers = int(re.search(r"^# NUMBER ALTERNATIVES: (\d+)", text, re.MULTILINE)[1])
    rows = []
    for line in re.findall(r"^\d.*", text, re.MULTILINE):
        times, told = line.split(":", 1)
        row = np.full(papers, -np.inf)
        for worth, some in enumerate(reversed(re.findall(r"{([^}]*)}|(\d+)", told))):
            row[[int(number) - 1 for number in re.findall(r"\d+", "".join(some))]] = worth
        rows += [row] * int(times)
    return np.array(rows).T


def _array(path: Path) -> Floats:
    return np.load(path) if path.suffix == ".npy" else np.loadtxt(path, delimiter=",")


def problem(asked: argparse.Namespace) -> tuple[Floats, Ints, Ints, Bools]:
    """Return table, demands, upper limits and bars of what was asked for."""
    if asked.data:
        table, demand, high = loaded(asked.data, asked.each, asked.load, asked.tight)
        barred = ~np.isfinite(table)
        return np.where(barred, 0.0, table), demand, high, barred
    cases, experts, each, high = asked.cases, asked.experts, asked.each, 0
    if asked.shape:
        cases, experts, each, high = SHAPES[asked.shape]
    table, barred = made(asked.kind, cases, experts, asked.seed)
    high = high or int(np.ceil(each * cases / experts * asked.tight))
    return table, np.full(cases, each), np.full(experts, high), barred


def measured(asked: argparse.Namespace) -> dict[str, float]:
    """Run one way and return its figures."""
    table, demand, high, barred = problem(asked)
    before, wall = time.process_time(), time.perf_counter()
    told = {}
    if asked.way.startswith("ours"):
        floor = "maximin" if asked.way.endswith("maximin") else None
        capacity = np.stack([np.zeros_like(high), high], axis=1)
        found = match(table, demand, capacity, barred=barred, floor=floor, seed=asked.seed)
        taken = np.zeros(table.shape, dtype=bool)
        for pair in found.pairs:
            taken[pair.case, pair.expert] = True
        told = {"bound": found.bound, "worst_bound": found.worst_bound, "unmet": len(found.unmet)}
    else:
        taken = RIVALS[asked.way](np.where(barred, -np.inf, table), demand, high)
    told |= {"seconds": time.process_time() - before, "wall": time.perf_counter() - wall}
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told |= {
        "total": float(table[taken].sum()),
        "worst": worst(table, taken, demand),
        "lacking": int(demand.sum() - taken.sum()),
    }
    return told


def shown(way: str, told: dict[str, float]) -> None:
    """Print a row of the table."""
    gap = f"{(told['bound'] - told['total']) / max(abs(told['bound']), 1e-9):.1e}" if "bound" in told else ""
    above = told.get("worst_bound")
    worst_gap = "" if above is None else f"{(above - told['worst']) / max(abs(above), 1e-9):.1e}"
    bounds = (f"{told['bound']:.3f}" if "bound" in told else "", "" if above is None else f"{above:.4f}")
    print(
        f"| {way} | {told['seconds']:.1f} | {told['wall']:.1f} | {told['megabytes']} | {told['total']:.3f} | {bounds[0]} | {gap} "
        f"| {told['worst']:.4f} | {bounds[1]} | {worst_gap} | {told['lacking']} |",
        flush=True,
    )


def beaten(rows: dict[str, dict[str, float]]) -> None:
    """Say where another way is better in the figure that a mode puts first."""
    for way, figure in (("ours, total", "total"), ("ours, maximin", "worst")):
        for other, told in rows.items() if way in rows else ():
            if told[figure] > rows[way][figure] + 1e-6 * max(1.0, abs(told[figure])) and not told["lacking"]:
                print(f"BEATEN: {other} has {figure} {told[figure]} against {rows[way][figure]} of {way}")


def main() -> None:
    """Measure each way in a process of its own."""
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("--data")
    asking.add_argument("--shape", choices=sorted(SHAPES))
    asking.add_argument("--kind", default="topics", choices=["chance", "topics", "ties", "popular"])
    asking.add_argument("--cases", type=int, default=5000)
    asking.add_argument("--experts", type=int, default=400)
    asking.add_argument("--each", type=int, default=2)
    asking.add_argument("--load", type=int, default=6)
    asking.add_argument("--tight", type=float, default=1.2)
    asking.add_argument("--seed", type=int, default=1)
    asking.add_argument("--ways", nargs="*", default=["ours, total", "ours, maximin", *RIVALS])
    asking.add_argument("--way")
    asked = asking.parse_args()
    if asked.way:
        print(json.dumps(measured(asked)))
        return
    versions = ", ".join(f"{name} {version(name)}" for name in ("highspy", "numpy"))
    print(f"Python {platform.python_version()}, {versions}, {platform.machine()}; {' '.join(sys.argv[1:])}\n")
    print("| way | processor, s | wall, s | MB | total | bound | gap | worst case | bound | gap | lacking |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    rows = {}
    for way in asked.ways:
        command = [sys.executable, *sys.argv, "--way", way]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this script
        rows[way] = json.loads(answer.stdout.splitlines()[-1])
        shown(way, rows[way])
    beaten(rows)


if __name__ == "__main__":
    main()
