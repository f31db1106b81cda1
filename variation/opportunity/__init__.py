"""The opportunity: gaps to what good looks like, drawn, summed up the tree, priced and added up."""
