"""The opportunity: gaps to what good looks like, totals over indicators, the league table."""
