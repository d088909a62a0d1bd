"""Tokens of an OpenID provider (RFC 7519, RFC 9068): whose they are, and whether they hold."""
