"""Which calls to make with the month's credits: pure, deterministic, no Django inside.

`planning.plan` takes a `situation.Situation` and gives a `plans.Plan`. Everything it knows is in
what it is given, so planning again after an event is calling it again.
"""
