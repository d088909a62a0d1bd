"""Zapier's side over HTTP: REST hooks, samples, polling. The API will mount it."""
