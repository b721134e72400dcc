"""Work in a process of its own, within bounds of memory and time, so that nothing in it can end the service.

`calling.py` is the service's side, `child.py` the process's.
"""
