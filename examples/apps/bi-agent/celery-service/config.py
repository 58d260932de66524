"""How Celery works here: Redis as broker and for results, a queue for each group of tasks, two schedules."""

import os
from datetime import timedelta

from kombu import Queue

broker_url = os.environ.get("CELERY_BROKER_URL", "redis://redis:6379/0")
result_backend = os.environ.get("CELERY_RESULT_BACKEND", broker_url)
broker_connection_retry_on_startup = True
task_serializer = "json"
result_serializer = "json"
accept_content = ["json"]
result_expires = timedelta(days=1)
timezone = "UTC"

task_default_queue = "data"
task_queues = [Queue(name, routing_key=name) for name in ("analytics", "ml", "data")]
task_routes = {
    "tasks.refresh_analytics_views": {"queue": "analytics"},
    "tasks.calculate_kpis": {"queue": "analytics"},
    "tasks.update_ml_models": {"queue": "ml"},
    "tasks.train_model": {"queue": "ml"},
    "tasks.import_data": {"queue": "data"},
    "tasks.process_data": {"queue": "data"},
}

# A task is taken off its queue only when it is done, so that it outlives a worker that is lost.
task_acks_late = True
task_reject_on_worker_lost = True
task_track_started = True
task_time_limit = 600
worker_prefetch_multiplier = 1
worker_concurrency = int(os.environ.get("CELERY_WORKER_CONCURRENCY", "2"))
worker_max_tasks_per_child = 1000
worker_hijack_root_logger = False

# The time of each last run is kept in this file: a restart neither forgets a run nor repeats one.
beat_schedule_filename = os.environ.get("CELERY_BEAT_SCHEDULE", "/var/lib/celery/celerybeat-schedule")
beat_max_loop_interval = 30
beat_schedule = {
    "refresh-analytics": {
        "task": "tasks.refresh_analytics_views",
        "schedule": timedelta(seconds=float(os.environ.get("REFRESH_ANALYTICS_SECONDS", "3600"))),
    },
    "update-ml-models": {
        "task": "tasks.update_ml_models",
        "schedule": timedelta(seconds=float(os.environ.get("UPDATE_ML_MODELS_SECONDS", "86400"))),
    },
}
