package dev.withstack.profiles.chatbot;

import java.util.ArrayList;
import java.util.List;

/** A dashboard of Grafana: panels of one query each, two in a row. */
record Dashboard(String id, String title, List<Panel> panels) {

    /** @param unit in Grafana's words, such as {@code reqps} or {@code s} */
    record Panel(String title, String unit, String query) {}

    static final List<Dashboard> ALL = List.of(
            new Dashboard(
                    "application-overview",
                    "Application Overview",
                    List.of(
                            new Panel("Applications up", "short", "sum by (environment) (up{job=\"fastapi\"})"),
                            new Panel(
                                    "Requests per second",
                                    "reqps",
                                    "sum by (environment) (rate(http_requests_total[1m]))"),
                            new Panel(
                                    "Requests being answered", "short", "sum by (environment) (http_requests_active)"),
                            new Panel(
                                    "Messages per minute",
                                    "short",
                                    "sum by (environment) (60 * rate(chat_messages_total[5m]))"))),
            new Dashboard(
                    "request-metrics",
                    "Request Metrics",
                    List.of(
                            new Panel(
                                    "Requests by path",
                                    "reqps",
                                    "sum by (environment, method, path) (rate(http_requests_total[1m]))"),
                            new Panel(
                                    "Answers by status",
                                    "reqps",
                                    "sum by (environment, status) (rate(http_requests_total[1m]))"),
                            new Panel(
                                    "Duration, 95th percentile",
                                    "s",
                                    "histogram_quantile(0.95, sum by (environment, le)"
                                            + " (rate(http_request_duration_seconds_bucket[5m])))"),
                            new Panel(
                                    "Errors",
                                    "reqps",
                                    "sum by (environment) (rate(http_requests_total{status=~\"5..\"}[5m]))"))),
            new Dashboard(
                    "database-performance",
                    "Database Performance",
                    List.of(
                            new Panel(
                                    "Statements per second",
                                    "ops",
                                    "sum by (environment, operation) (rate(db_queries_total[1m]))"),
                            new Panel("Connections in use", "short", "sum by (environment) (db_connections_active)"),
                            new Panel(
                                    "Duration of a statement",
                                    "s",
                                    "sum by (environment) (rate(db_query_duration_seconds_sum[5m])) / sum by (environment)"
                                            + " (rate(db_query_duration_seconds_count[5m]))"))),
            new Dashboard(
                    "celery-task-monitoring",
                    "Celery Task Monitoring",
                    List.of(
                            new Panel(
                                    "Tasks handed over",
                                    "short",
                                    "sum by (environment, task) (increase(celery_tasks_total[5m]))"),
                            new Panel(
                                    "Events of the workers",
                                    "short",
                                    "sum by (environment, type) (increase(flower_events_total[5m]))"))),
            new Dashboard(
                    "system-resources",
                    "System Resources",
                    List.of(
                            new Panel("Targets up", "short", "sum by (job) (up)"),
                            new Panel(
                                    "Prometheus: memory", "bytes", "process_resident_memory_bytes{job=\"prometheus\"}"),
                            new Panel(
                                    "Prometheus: processor",
                                    "percentunit",
                                    "rate(process_cpu_seconds_total{job=\"prometheus\"}[1m])"),
                            new Panel("Prometheus: series", "short", "prometheus_tsdb_head_series"))));

    /** Return what Grafana reads. */
    String json() {
        List<String> all = new ArrayList<>();
        for (int number = 0; number < panels.size(); number++) {
            Panel panel = panels.get(number);
            all.add(
                    """
                    {"id": %d, "type": "timeseries", "title": "%s", "gridPos": {"h": 8, "w": 12, "x": %d, "y": %d},
                     "datasource": {"type": "prometheus", "uid": "prometheus"},
                     "fieldConfig": {"defaults": {"unit": "%s"}, "overrides": []},
                     "targets": [{"refId": "A", "datasource": {"type": "prometheus", "uid": "prometheus"}, "expr": "%s"}]}"""
                            .formatted(
                                    number + 1,
                                    panel.title(),
                                    number % 2 * 12,
                                    number / 2 * 8,
                                    panel.unit(),
                                    panel.query().replace("\"", "\\\"")));
        }
        return """
                {"uid": "%s", "title": "%s", "tags": ["chatbot"], "schemaVersion": 38, "version": 1, "refresh": "10s",
                 "time": {"from": "now-30m", "to": "now"}, "panels": [
                %s
                ]}
                """
                .formatted(id, title, String.join(",\n", all));
    }
}
