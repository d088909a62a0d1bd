"""xAPI statements with cmi5's verbs: ``statements`` maps events, ``lrs`` speaks to a store."""
