"""Neighbourhood's copy of the communities' data, which workflow publishes: places, parties, zone and working days.

Other contexts ask `Communities` for a community's `Directory`. Start reading at `domain/directory.py`.
"""
