package dev.withstack.profiles.biagent;

/** The dashboard that Grafana has where the project brings none: what the applications do, and how long it takes. */
final class Dashboard {
    static final String JSON =
            """
            {
              "uid": "bi-agent",
              "title": "BI-Agent",
              "schemaVersion": 38,
              "refresh": "10s",
              "time": {"from": "now-30m", "to": "now"},
              "panels": [
                {"id": 1, "type": "timeseries", "title": "Requests a second", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
                 "datasource": {"type": "prometheus", "uid": "prometheus"},
                 "targets": [{"refId": "A", "legendFormat": "{{exported_job}} {{route}} {{status}}",
                   "expr": "sum by (exported_job, route, status) (rate(http_server_request_duration_seconds_count[1m]))"}]},
                {"id": 2, "type": "timeseries", "title": "Time of a request, 95 of 100", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
                 "fieldConfig": {"defaults": {"unit": "s"}, "overrides": []},
                 "datasource": {"type": "prometheus", "uid": "prometheus"},
                 "targets": [{"refId": "A", "legendFormat": "{{exported_job}}",
                   "expr": "histogram_quantile(0.95, sum by (exported_job, le) (rate(http_server_request_duration_seconds_bucket[5m])))"}]},
                {"id": 3, "type": "timeseries", "title": "Tasks a minute", "gridPos": {"x": 0, "y": 8, "w": 12, "h": 8},
                 "datasource": {"type": "prometheus", "uid": "prometheus"},
                 "targets": [{"refId": "A", "legendFormat": "{{task}} on {{queue}}: {{state}}",
                   "expr": "sum by (task, queue, state) (rate(celery_tasks_total[5m])) * 60"}]},
                {"id": 4, "type": "timeseries", "title": "Predictions a minute", "gridPos": {"x": 12, "y": 8, "w": 12, "h": 8},
                 "datasource": {"type": "prometheus", "uid": "prometheus"},
                 "targets": [{"refId": "A", "legendFormat": "{{model}}, cache {{cache}}",
                   "expr": "sum by (model, cache) (rate(ml_predictions_total[5m])) * 60"}]}
              ]
            }
            """;

    private Dashboard() {}
}
