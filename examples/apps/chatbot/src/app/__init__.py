"""The chatbot: a FastAPI application, a Celery worker, and what both share."""
