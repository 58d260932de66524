"""The WebSocket gateway: hands events on to tables and staff as they happen."""
