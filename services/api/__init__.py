"""The API, ``/v1``: what administrators and integrators do, over HTTP; it decides nothing."""
