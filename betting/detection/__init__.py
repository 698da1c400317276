"""Detection: prices better than fair, from the board of current quotes to rows of opportunities."""
