"""Imports: a CSV or XLSX file becomes rows, each checked, and an operation (M3, B8)."""
