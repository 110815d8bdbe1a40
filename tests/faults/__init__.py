"""A process that dies at a named place, starts again twice, and must have lost nothing and done nothing twice.

`place.py` forks the bot and a practice Slack, `invariants.py` says what must hold afterwards, `scenarios.py` what
people and the bot do meanwhile, `baselines.py` how bots usually post; `make faults` runs all of it and writes
docs/faults.md.
"""
