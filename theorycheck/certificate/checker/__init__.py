"""The checker of certificates: it re-verifies what the prover wrote, and shares no code with it."""
