"""The report of a workshop: what its record tells, on paper and in a workbook."""
