"""Staff: invited, signed in with two steps, signed out."""
