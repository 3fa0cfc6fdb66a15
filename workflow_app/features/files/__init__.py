"""Files of cases and of records alike: the look at them, the download, what may be done with one."""
