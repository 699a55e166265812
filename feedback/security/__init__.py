"""Keys and what is done with them: hashing codes, sealing words, signing nonces, passwords, the pool's seal."""
