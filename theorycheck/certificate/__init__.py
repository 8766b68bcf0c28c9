"""Certificates: what a verdict rests on, written so that others can check it, and what checks them."""
