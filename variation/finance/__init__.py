"""Finance: from the opportunity to money in the plan, and what finance writes back into the workbook."""
