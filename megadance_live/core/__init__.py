"""The values that travel between the parts, and the contract of every stage. Imports nothing of ours."""
