"""Clausewatch: watches what platforms' terms let AI do with what creators upload."""
