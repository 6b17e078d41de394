"""Bring your own list: look at a file, propose what each column is, write its card, settle the names in it.

A proposal is never silent: each has a reason, and what could be read in two ways is asked.
"""

from wmo_analysis.add._look import look
