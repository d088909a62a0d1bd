"""The projector: follows the log and keeps the views; rebuilds, checks and reports them."""
