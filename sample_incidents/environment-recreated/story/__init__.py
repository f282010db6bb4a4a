"""Builds the evidence of this sample incident."""
