"""What intake decides, as plain functions on frozen values: no clock, no driver, no chance.

`request` is what a caller may say, `directory` what the communities know, `reporter` who it was, `submission` what
becomes of it.
"""
