"""The command ``coursemark``: one folder or module per command, printing apart from fetching.

A command's own module declares it and imports what it needs when it runs, so that the start
stays fast; ``errors`` turns every known failure into a sentence and an exit code.
"""
