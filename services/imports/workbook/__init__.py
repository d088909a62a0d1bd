"""A workbook (.xlsx): its archive bounded and looked through first, then read line by line."""
