"""`python -m odds.simulator`: the simulator without Django."""

import logging
import sys
from argparse import ArgumentParser

from odds.simulator.command_line import add_arguments, run


def main() -> None:
    """Parse the command line and serve."""
    parser = ArgumentParser(prog="python -m odds.simulator", description="The Odds API, simulated.")
    add_arguments(parser)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        run(parser.parse_args(), lambda url: print(url, flush=True))  # noqa: T201
    except (ValueError, OSError) as error:
        sys.exit(f"{parser.prog}: {error}")


if __name__ == "__main__":
    main()
