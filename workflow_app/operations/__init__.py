"""Keeping an instance: backup, integrity, the journal's export, sweeping, letters that leave, jobs."""
