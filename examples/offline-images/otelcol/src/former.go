package main

import (
	"context"
	"net"
	"strconv"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/debugexporter"
)

// What configurations of the 0.91 time say, and collectors of today no longer know.

// loggingFactory keeps the name that the debug exporter had until 0.110.
func loggingFactory() exporter.Factory {
	debug := debugexporter.NewFactory()
	renamed := func(settings exporter.Settings) exporter.Settings {
		settings.ID = component.NewIDWithName(debug.Type(), settings.ID.Name())
		return settings
	}
	return exporter.NewFactory(component.MustNewType("logging"), debug.CreateDefaultConfig,
		exporter.WithTraces(func(ctx context.Context, settings exporter.Settings, config component.Config) (exporter.Traces, error) {
			return debug.CreateTraces(ctx, renamed(settings), config)
		}, component.StabilityLevelDevelopment),
		exporter.WithMetrics(func(ctx context.Context, settings exporter.Settings, config component.Config) (exporter.Metrics, error) {
			return debug.CreateMetrics(ctx, renamed(settings), config)
		}, component.StabilityLevelDevelopment),
		exporter.WithLogs(func(ctx context.Context, settings exporter.Settings, config component.Config) (exporter.Logs, error) {
			return debug.CreateLogs(ctx, renamed(settings), config)
		}, component.StabilityLevelDevelopment))
}

// formerTelemetry lets service::telemetry::metrics::address be said as until 0.122, and as then the collector's own
// metrics are on port 8888 of all addresses when nothing is said.
type formerTelemetry struct{}

func newFormerTelemetry(confmap.ConverterSettings) confmap.Converter { return formerTelemetry{} }

func (formerTelemetry) Convert(_ context.Context, configuration *confmap.Conf) error {
	const metrics = "service::telemetry::metrics"
	if configuration.IsSet(metrics+"::readers") || configuration.Get(metrics+"::level") == "none" {
		return nil
	}
	address, isSaid := configuration.Get(metrics + "::address").(string)
	if !isSaid {
		address = ":8888"
	}
	configuration.Delete(metrics + "::address")
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(service)
	if err != nil {
		return err
	}
	if host == "" {
		host = "0.0.0.0"
	}
	prometheus := map[string]any{
		"host": host, "port": port, "without_scope_info": true, "without_units": true, "without_type_suffix": true,
	}
	reader := map[string]any{"pull": map[string]any{"exporter": map[string]any{"prometheus": prometheus}}}
	return configuration.Merge(confmap.NewFromStringMap(map[string]any{
		"service": map[string]any{"telemetry": map[string]any{"metrics": map[string]any{"readers": []any{reader}}}},
	}))
}
