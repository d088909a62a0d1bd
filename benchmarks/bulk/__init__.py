"""One operation over a hundred thousand learners, seen from outside: time, memory, faults, undo."""
