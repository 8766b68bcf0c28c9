"""`python -m benchmarks [--only WORK...] [--peers NAME...] [--json FILE] [--plots DIR] [--quick]`: the whole benchmark.

One core, one thread: libraries are told so before they are imported, and the process is pinned.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

if __name__ == "__main__":
    import sys

    from benchmarks.command import main

    sys.exit(main(sys.argv[1:]))
