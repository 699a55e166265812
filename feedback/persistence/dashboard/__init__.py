"""What a therapist's desk reads, in a fixed number of queries, and what it keeps."""
