"""The database as a whole: migrations, copies, examination, purging, walls."""
