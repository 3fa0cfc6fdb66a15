"""What runs beside the pages: timers, the job worker, the first set-up."""
