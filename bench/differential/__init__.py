"""Two engines, the same questions: where do they differ? `python -m bench.differential --help`.

`datasets` and `questions` draw at random from a seed, `worker` runs one engine in a process (and
perhaps a Python) of its own, which `engines` starts, asks and ends, `answers` compares what came
back, `shrink` makes what differs small. `w3c` asks the questions of the W3C's test suite instead.
"""
