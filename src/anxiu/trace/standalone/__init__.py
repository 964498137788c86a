"""The verifier that runs anywhere: one file, to be copied out of here."""
