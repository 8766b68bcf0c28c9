"""Small claims with known truth values, outside the paper: how often is the tool wrong? `python -m tests.corpus`"""
