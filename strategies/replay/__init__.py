"""Replay: stored history asked again, instant by instant, as if it were live."""
