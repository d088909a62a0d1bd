"""``coursemark import``: a CSV or XLSX file checked, and carried out as one operation."""
