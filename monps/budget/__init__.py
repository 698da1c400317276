"""The page Budget API: which calls are made and planned, what they bring, and what is left out.

It reads odds and betting, plans nothing itself and makes no call.
"""
