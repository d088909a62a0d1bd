"""The running parts of Coursemark and the rules that they share."""
