"""Measurements: ratios against a baseline in the same run, never a test of speed."""
