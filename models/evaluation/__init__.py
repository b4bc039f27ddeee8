"""Evaluation: frozen metric code, one metric a module (docs/evaluation.md), and what runs them all over a model."""
