"""The reference pages, from the code that they are about: ``python -m services.reference``."""
