"""``coursemark search``: learners by what they did and who they are."""
