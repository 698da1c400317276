"""Live: strategies are asked at every collection, what they say is stored, graded and settled."""
