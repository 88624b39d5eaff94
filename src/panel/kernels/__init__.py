"""Arrays in, small frozen results out; knows only numpy and scipy."""
