"""Real seasons' kick-off calendars, played through the planner on simulated time. Pure."""
