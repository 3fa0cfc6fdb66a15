"""The slice of people: accounts, roles, deputies, consents, the register of experts."""
