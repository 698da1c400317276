"""Published studies made again on imported matches, with the shipped agents.

`kaunitz` and `buchdahl` replay two rules beside what their authors published, `calibration`
compares the ways of taking a margin out. `proof` makes all three and `results` is what they come
to; everything but reading and jobs is pure.
"""
