"""What is printed, and what comes back as files: letters, ballot papers, sheets, notices; registers of owners.

A paper is a plain function from values to a `Sheet`, or to a `Document` that becomes a PDF or a DOCX; `press.py` sets
a sheet in type in a process of its own. No store, no HTTP, no log: personal codes are in here. Start with `letters.py`.
"""
