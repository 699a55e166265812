"""A throw-away clinic with believable data, grown through the same code that a real one uses. Nobody in it is real."""
