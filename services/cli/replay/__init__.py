"""``coursemark replay``: the log's events again, to a topic that is named."""
