"""Surveys: every float function of an installed package, differentiated as it stands and compared with differences.

The package runs in processes of its own (`processes`), which may print, hang or crash.  `finding` lists what is
public, `recording` and `samples` find arguments, `judging` gives the verdict, `reporting` the tables.
"""

from adgen.survey.judging import Verdict
from adgen.survey.reporting import page, print_tables, read, write
from adgen.survey.running import Survey, survey

__all__ = ["Survey", "Verdict", "page", "print_tables", "read", "survey", "write"]
