"""Measurements, each against a yardstick in the same run. Never part of the tests."""
