"""The REST API: one function a verb, explicit schemas, the same refusals as everywhere as problem+json."""
