"""API v1: one file a resource, each registered on one Api, which also writes the OpenAPI document."""
