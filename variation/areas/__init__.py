"""Areas: their tree, the levels that one file tells, and those that closed, merged or changed their code."""
