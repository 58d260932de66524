// A collector made of what Debian packages: the OpenTelemetry Collector's own core components, and small ones of ours for
// what stacks expect of its "contrib" distribution: the health_check extension, the prometheus exporter and the former name
// of the debug exporter. Under Jaeger's name the same program is a trace store with Jaeger's query API.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/forwardconnector"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/debugexporter"
	"go.opentelemetry.io/collector/exporter/nopexporter"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/memorylimiterextension"
	"go.opentelemetry.io/collector/extension/zpagesextension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/batchprocessor"
	"go.opentelemetry.io/collector/processor/memorylimiterprocessor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/nopreceiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"
)

// jaegerConfiguration is what the program runs under Jaeger's name, whatever Jaeger's own options say.
const jaegerConfiguration = `yaml:
receivers: {otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}, http: {endpoint: "0.0.0.0:4318", cors: {allowed_origins: ["*"]}}}}}
exporters: {traces: {endpoint: "0.0.0.0:16686"}}
extensions: {health_check: {endpoint: "0.0.0.0:14269"}}
service: {extensions: [health_check], telemetry: {metrics: {level: none}}, pipelines: {traces: {receivers: [otlp], exporters: [traces]}}}
`

func main() {
	if filepath.Base(os.Args[0]) == "all-in-one-linux" {
		os.Args = []string{os.Args[0], "--config", jaegerConfiguration}
	}
	command := otelcol.NewCommand(otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{Command: "otelcol", Description: "OpenTelemetry Collector from Debian's packages", Version: "offline"},
		Factories: factories,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			ProviderFactories:  []confmap.ProviderFactory{envprovider.NewFactory(), fileprovider.NewFactory(), yamlprovider.NewFactory()},
			ConverterFactories: []confmap.ConverterFactory{confmap.NewConverterFactory(newFormerTelemetry)},
			DefaultScheme:      "env",
		}},
	})
	if err := command.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func factories() (all otelcol.Factories, err error) {
	all.Receivers, err = otelcol.MakeFactoryMap[receiver.Factory](everywhere{otlpreceiver.NewFactory()}, nopreceiver.NewFactory())
	if err != nil {
		return
	}
	all.Processors, err = otelcol.MakeFactoryMap[processor.Factory](batchprocessor.NewFactory(), memorylimiterprocessor.NewFactory())
	if err != nil {
		return
	}
	all.Exporters, err = otelcol.MakeFactoryMap[exporter.Factory](debugexporter.NewFactory(), loggingFactory(), nopexporter.NewFactory(),
		otlpexporter.NewFactory(), otlphttpexporter.NewFactory(), prometheusFactory(), tracesFactory())
	if err != nil {
		return
	}
	all.Extensions, err = otelcol.MakeFactoryMap[extension.Factory](healthFactory(), zpagesextension.NewFactory(), memorylimiterextension.NewFactory())
	if err != nil {
		return
	}
	all.Connectors, err = otelcol.MakeFactoryMap[connector.Factory](forwardconnector.NewFactory())
	all.Telemetry = otelconftelemetry.NewFactory()
	return
}

// everywhere is the OTLP receiver that listens on all addresses unless told otherwise, as it did until 0.104.
type everywhere struct{ receiver.Factory }

func (f everywhere) CreateDefaultConfig() component.Config {
	config := f.Factory.CreateDefaultConfig().(*otlpreceiver.Config)
	grpc := *config.Protocols.GRPC.GetOrInsertDefault()
	grpc.NetAddr.Endpoint = "0.0.0.0:4317"
	http := *config.Protocols.HTTP.GetOrInsertDefault()
	http.ServerConfig.NetAddr.Endpoint = "0.0.0.0:4318"
	config.Protocols.GRPC = configoptional.Default(grpc)
	config.Protocols.HTTP = configoptional.Default(http)
	return config
}
