"""The month's budget of calls: the planner's plan kept in the database, and made come true.

`odds.planner` decides; this package tells it what the database knows (`situation`), keeps what it
answers (`stored`), makes each call at most once (`executing`), records the closing windows in
which none was made (`missing`), and learns kick-offs from the free list (`kickoffs`). `ticking` is
what happens each minute.
"""
