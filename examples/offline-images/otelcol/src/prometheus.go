package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// prometheusConfig has what the prometheus exporter of the contrib distribution can be told. Time stamps, expiration and
// the OpenMetrics format are accepted and not followed.
type prometheusConfig struct {
	Endpoint            string            `mapstructure:"endpoint"`
	Namespace           string            `mapstructure:"namespace"`
	ConstLabels         map[string]string `mapstructure:"const_labels"`
	SendTimestamps      bool              `mapstructure:"send_timestamps"`
	MetricExpiration    time.Duration     `mapstructure:"metric_expiration"`
	OpenMetrics         bool              `mapstructure:"enable_open_metrics"`
	AddMetricSuffixes   bool              `mapstructure:"add_metric_suffixes"`
	ResourceToTelemetry map[string]any    `mapstructure:"resource_to_telemetry_conversion"`
}

// prometheus keeps the newest value of every series that it was sent, and shows them in Prometheus' text format.
type prometheus struct {
	config   *prometheusConfig
	server   *http.Server
	mutex    sync.Mutex
	families map[string]*family
}

type family struct {
	kind   string
	series map[string]string // the series, with its labels, and its value
}

func prometheusFactory() exporter.Factory {
	return exporter.NewFactory(component.MustNewType("prometheus"),
		func() component.Config { return &prometheusConfig{AddMetricSuffixes: true} },
		exporter.WithMetrics(func(_ context.Context, _ exporter.Settings, c component.Config) (exporter.Metrics, error) {
			config := c.(*prometheusConfig)
			if config.Endpoint == "" {
				return nil, errors.New("the prometheus exporter needs an endpoint")
			}
			return &prometheus{config: config, families: map[string]*family{}}, nil
		}, component.StabilityLevelDevelopment))
}

func (p *prometheus) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (p *prometheus) Start(context.Context, component.Host) (err error) {
	pages := http.NewServeMux()
	pages.HandleFunc("/metrics", p.show)
	p.server, err = listen(p.config.Endpoint, pages)
	return
}

func (p *prometheus) Shutdown(context.Context) error { return closed(p.server) }

func (p *prometheus) ConsumeMetrics(_ context.Context, metrics pmetric.Metrics) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, ofResource := range metrics.ResourceMetrics().All() {
		for _, ofScope := range ofResource.ScopeMetrics().All() {
			for _, metric := range ofScope.Metrics().All() {
				p.keep(ofResource.Resource().Attributes(), metric)
			}
		}
	}
	return nil
}

func (p *prometheus) keep(resource pcommon.Map, metric pmetric.Metric) {
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		p.keepNumbers(resource, metric, "gauge", metric.Gauge().DataPoints())
	case pmetric.MetricTypeSum:
		kind := "gauge"
		if metric.Sum().IsMonotonic() {
			kind = "counter"
		}
		p.keepNumbers(resource, metric, kind, metric.Sum().DataPoints())
	case pmetric.MetricTypeHistogram:
		p.keepHistogram(resource, metric)
	}
}

func (p *prometheus) keepNumbers(resource pcommon.Map, metric pmetric.Metric, kind string, points pmetric.NumberDataPointSlice) {
	name := p.nameOf(metric, kind)
	for _, point := range points.All() {
		value := strconv.FormatInt(point.IntValue(), 10)
		if point.ValueType() == pmetric.NumberDataPointValueTypeDouble {
			value = strconv.FormatFloat(point.DoubleValue(), 'g', -1, 64)
		}
		p.put(name, kind, name+p.labelsOf(resource, point.Attributes()), value)
	}
}

func (p *prometheus) keepHistogram(resource pcommon.Map, metric pmetric.Metric) {
	name := p.nameOf(metric, "histogram")
	for _, point := range metric.Histogram().DataPoints().All() {
		var sum uint64
		for i := range point.BucketCounts().Len() {
			sum += point.BucketCounts().At(i)
			bound := "+Inf"
			if i < point.ExplicitBounds().Len() {
				bound = strconv.FormatFloat(point.ExplicitBounds().At(i), 'g', -1, 64)
			}
			p.put(name, "histogram", name+"_bucket"+p.labelsOf(resource, point.Attributes(), "le", bound), strconv.FormatUint(sum, 10))
		}
		labels := p.labelsOf(resource, point.Attributes())
		p.put(name, "histogram", name+"_sum"+labels, strconv.FormatFloat(point.Sum(), 'g', -1, 64))
		p.put(name, "histogram", name+"_count"+labels, strconv.FormatUint(point.Count(), 10))
	}
}

func (p *prometheus) put(name, kind, series, value string) {
	if p.families[name] == nil {
		p.families[name] = &family{kind, map[string]string{}}
	}
	p.families[name].series[series] = value
}

var notInNames = regexp.MustCompile(`[^a-zA-Z0-9_:]`)

func (p *prometheus) nameOf(metric pmetric.Metric, kind string) string {
	name := notInNames.ReplaceAllString(metric.Name(), "_")
	if p.config.Namespace != "" {
		name = p.config.Namespace + "_" + name
	}
	if !p.config.AddMetricSuffixes {
		return name
	}
	unit := map[string]string{"s": "seconds", "ms": "milliseconds", "By": "bytes", "%": "percent"}[metric.Unit()]
	if unit != "" && !strings.HasSuffix(name, unit) {
		name += "_" + unit
	}
	if kind == "counter" && !strings.HasSuffix(name, "_total") {
		name += "_total"
	}
	return name
}

// labelsOf gives the labels in braces, sorted; more are names and values in turn.
func (p *prometheus) labelsOf(resource, attributes pcommon.Map, more ...string) string {
	labels := maps.Clone(p.config.ConstLabels)
	if labels == nil {
		labels = map[string]string{}
	}
	if service, ok := resource.Get("service.name"); ok {
		labels["job"] = service.AsString()
	}
	if instance, ok := resource.Get("service.instance.id"); ok {
		labels["instance"] = instance.AsString()
	}
	add := func(from pcommon.Map) {
		for key, value := range from.All() {
			labels[notInNames.ReplaceAllString(key, "_")] = value.AsString()
		}
	}
	if p.config.ResourceToTelemetry["enabled"] == true {
		add(resource)
	}
	add(attributes)
	for i := 0; i+1 < len(more); i += 2 {
		labels[more[i]] = more[i+1]
	}
	if len(labels) == 0 {
		return ""
	}
	var written []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		written = append(written, fmt.Sprintf("%s=%q", name, labels[name]))
	}
	return "{" + strings.Join(written, ",") + "}"
}

func (p *prometheus) show(answer http.ResponseWriter, _ *http.Request) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.families)) {
		fmt.Fprintf(&text, "# TYPE %s %s\n", name, p.families[name].kind)
		for _, series := range slices.Sorted(maps.Keys(p.families[name].series)) {
			fmt.Fprintf(&text, "%s %s\n", series, p.families[name].series[series])
		}
	}
	answer.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	io.WriteString(answer, text.String())
}
