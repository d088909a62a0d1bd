"""The Open University's records as a school would send them; docs/explanation/open-university.md.

``source`` reads the files, ``mapping`` turns them into messages, ``expected`` works out in its
own way what must come of them, ``rows`` writes what did.
"""
