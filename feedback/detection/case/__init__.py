"""What a method knows of one case: the form read, what is kept of those before it, and the evidence for people."""
