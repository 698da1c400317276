"""Goals: how strong teams are, fitted on results, and what that says of every market."""
