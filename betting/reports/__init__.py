"""Reports: claims held against the truth of the simulated market and of imported seasons."""
