"""The rules, pure: ``decide(state, command, context) -> decision`` and ``evolve(state, event)``.

Nothing here reads a clock, makes an id or does IO; time and ids come in with the command.
"""
