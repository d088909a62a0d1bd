"""Publishing projections: they follow the log and send to Kafka, and move their cursor after.

``feed`` says what one is, ``publishing`` runs it, ``registry`` lists all that there are.
"""
