"""How every benchmark prints."""


def print_table(title: str, head: list[str], rows: list[list[str]]) -> None:
    """A Markdown table under its title, ready for docs/BENCHMARKS.md."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    print(f"\n### {title}\n")
    for row in (head, ["-" * width for width in widths], *rows):
        print(
            "| "
            + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            + " |"
        )
