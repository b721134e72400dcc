"""Reading tables that people keep: text of any encoding and separator, XLSX, XLS and ODS; and what their cells mean.

`reading.py` opens a file and says what it understood. `encodings.py`, `delimited.py`, `workbooks.py`, `headers.py` and
`leftovers.py` each answer one question about it; `dates.py`, `numbers.py` and `phones.py` one about a cell.
"""

from linli_cli.importing.tables.headers import header_fields
from linli_cli.importing.tables.reading import Table, read_table
from linli_cli.importing.tables.rows import Row, UnreadableTable

__all__ = ["Row", "Table", "UnreadableTable", "header_fields", "read_table"]
