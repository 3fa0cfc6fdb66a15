"""The office: registration, return, the choice of experts, corrections, the registers."""
