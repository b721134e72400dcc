"""Registers of owners as people keep them: XLSX, XLS, ODS or CSV with headings of any wording, read into rows that
`votes/domain/register_rows.py` checks; and the form for who has none.

`reading.py` reads a file in a process of its own, by `tables.py` (cells), `headings.py` (columns), `lines.py` (rows).
"""
