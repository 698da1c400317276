"""The agents, one module each: a dataclass of parameters and a function `predict`.

Every one is pure: it takes a frozen snapshot and its parameters, and gives at most one prediction
for each group. What it is called and which parameter is its threshold stands in
`strategies.registry`.
"""
