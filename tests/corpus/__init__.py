"""Small claims with known truth values, outside the paper: how often is the tool wrong? See `README.md` of this folder."""
