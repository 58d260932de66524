package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// maxTraces is how many are kept; the oldest goes first.
const maxTraces = 10_000

// traces keeps what it is sent in memory, and answers the part of Jaeger's query API that is read by programs.
type traces struct {
	config *tracesConfig
	server *http.Server
	mutex  sync.Mutex
	byID   map[string]*trace
	order  []string
}

type tracesConfig struct {
	Endpoint string `mapstructure:"endpoint"`
}

// trace and the types that follow are as Jaeger's API has them.
type trace struct {
	TraceID   string             `json:"traceID"`
	Spans     []*span            `json:"spans"`
	Processes map[string]process `json:"processes"`
	Warnings  []string           `json:"warnings"`
}

type span struct {
	TraceID       string      `json:"traceID"`
	SpanID        string      `json:"spanID"`
	OperationName string      `json:"operationName"`
	References    []reference `json:"references"`
	StartTime     int64       `json:"startTime"` // in microseconds, as is the duration
	Duration      int64       `json:"duration"`
	Tags          []tag       `json:"tags"`
	Logs          []any       `json:"logs"`
	ProcessID     string      `json:"processID"`
	Warnings      []string    `json:"warnings"`
	service       string
}

type reference struct {
	RefType string `json:"refType"`
	TraceID string `json:"traceID"`
	SpanID  string `json:"spanID"`
}

type process struct {
	ServiceName string `json:"serviceName"`
	Tags        []tag  `json:"tags"`
}

type tag struct {
	Key   string `json:"key"`
	Type  string `json:"type"`
	Value any    `json:"value"`
}

func tracesFactory() exporter.Factory {
	return exporter.NewFactory(component.MustNewType("traces"),
		func() component.Config { return &tracesConfig{Endpoint: "0.0.0.0:16686"} },
		exporter.WithTraces(func(_ context.Context, _ exporter.Settings, config component.Config) (exporter.Traces, error) {
			return &traces{config: config.(*tracesConfig), byID: map[string]*trace{}}, nil
		}, component.StabilityLevelDevelopment))
}

func (t *traces) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (t *traces) Shutdown(context.Context) error { return closed(t.server) }

func (t *traces) ConsumeTraces(_ context.Context, received ptrace.Traces) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, ofResource := range received.ResourceSpans().All() {
		for _, ofScope := range ofResource.ScopeSpans().All() {
			for _, one := range ofScope.Spans().All() {
				t.keep(ofResource.Resource().Attributes(), one)
			}
		}
	}
	return nil
}

func (t *traces) keep(resource pcommon.Map, received ptrace.Span) {
	service := "unknown_service"
	if name, ok := resource.Get("service.name"); ok {
		service = name.AsString()
	}
	id := received.TraceID().String()
	of := t.traceOf(id)
	kept := &span{
		TraceID: id, SpanID: received.SpanID().String(), OperationName: received.Name(), References: []reference{},
		StartTime: int64(received.StartTimestamp()) / 1000,
		Duration:  int64(received.EndTimestamp()-received.StartTimestamp()) / 1000,
		Tags:      append(tagsOf(received.Attributes()), tag{"span.kind", "string", strings.ToLower(received.Kind().String())}),
		Logs:      []any{}, ProcessID: of.processOf(service, resource), service: service,
	}
	if received.Status().Code() == ptrace.StatusCodeError {
		kept.Tags = append(kept.Tags, tag{"error", "bool", true})
	}
	if !received.ParentSpanID().IsEmpty() {
		kept.References = append(kept.References, reference{"CHILD_OF", id, received.ParentSpanID().String()})
	}
	of.Spans = append(of.Spans, kept)
}

func (t *traces) traceOf(id string) *trace {
	if t.byID[id] == nil {
		t.byID[id] = &trace{TraceID: id, Processes: map[string]process{}}
		t.order = append(t.order, id)
		if len(t.order) > maxTraces {
			delete(t.byID, t.order[0])
			t.order = t.order[1:]
		}
	}
	return t.byID[id]
}

func (t *trace) processOf(service string, resource pcommon.Map) string {
	for id, known := range t.Processes {
		if known.ServiceName == service {
			return id
		}
	}
	id := "p" + strconv.Itoa(len(t.Processes)+1)
	t.Processes[id] = process{service, tagsOf(resource)}
	return id
}

func tagsOf(attributes pcommon.Map) []tag {
	tags := []tag{}
	for key, value := range attributes.All() {
		kind := "string"
		switch value.Type() {
		case pcommon.ValueTypeBool:
			kind = "bool"
		case pcommon.ValueTypeInt:
			kind = "int64"
		case pcommon.ValueTypeDouble:
			kind = "float64"
		}
		tags = append(tags, tag{key, kind, value.AsRaw()})
	}
	return tags
}

func (t *traces) Start(context.Context, component.Host) (err error) {
	pages := http.NewServeMux()
	handle := func(path string, handler http.HandlerFunc) {
		pages.HandleFunc(path, func(answer http.ResponseWriter, request *http.Request) {
			t.mutex.Lock()
			defer t.mutex.Unlock()
			handler(answer, request)
		})
	}
	handle("/api/services", func(answer http.ResponseWriter, _ *http.Request) {
		services := t.services()
		reply(answer, http.StatusOK, services, len(services), nil)
	})
	handle("/api/services/", func(answer http.ResponseWriter, request *http.Request) {
		service, _ := strings.CutSuffix(strings.TrimPrefix(request.URL.Path, "/api/services/"), "/operations")
		operations := t.operations(service)
		reply(answer, http.StatusOK, operations, len(operations), nil)
	})
	handle("/api/operations", func(answer http.ResponseWriter, request *http.Request) {
		operations := []map[string]string{}
		for _, name := range t.operations(request.URL.Query().Get("service")) {
			operations = append(operations, map[string]string{"name": name, "spanKind": ""})
		}
		reply(answer, http.StatusOK, operations, len(operations), nil)
	})
	handle("/api/traces", func(answer http.ResponseWriter, request *http.Request) {
		reply(answer, http.StatusOK, t.search(request), 0, nil)
	})
	handle("/api/traces/", func(answer http.ResponseWriter, request *http.Request) {
		if found := t.byID[strings.TrimPrefix(request.URL.Path, "/api/traces/")]; found != nil {
			reply(answer, http.StatusOK, []*trace{found}, 0, nil)
		} else {
			reply(answer, http.StatusNotFound, nil, 0, []map[string]any{{"code": 404, "msg": "trace not found"}})
		}
	})
	handle("/", t.page)
	t.server, err = listen(t.config.Endpoint, pages)
	return
}

func (t *traces) services() []string {
	return t.names(func(*span) bool { return true }, func(one *span) string { return one.service })
}

func (t *traces) operations(service string) []string {
	return t.names(func(one *span) bool { return one.service == service }, func(one *span) string { return one.OperationName })
}

func (t *traces) names(wanted func(*span) bool, nameOf func(*span) string) []string {
	names := map[string]bool{}
	for _, of := range t.byID {
		for _, one := range of.Spans {
			if wanted(one) {
				names[nameOf(one)] = true
			}
		}
	}
	return append([]string{}, slices.Sorted(maps.Keys(names))...)
}

// search gives the newest traces that have a span of the service, and of the operation if one is named.
func (t *traces) search(request *http.Request) []*trace {
	asked := request.URL.Query()
	limit, _ := strconv.Atoi(asked.Get("limit"))
	if limit <= 0 {
		limit = 20
	}
	found := []*trace{}
	for _, id := range slices.Backward(t.order) {
		if len(found) == limit {
			break
		}
		if slices.ContainsFunc(t.byID[id].Spans, func(one *span) bool {
			return one.service == asked.Get("service") && (asked.Get("operation") == "" || asked.Get("operation") == one.OperationName)
		}) {
			found = append(found, t.byID[id])
		}
	}
	return found
}

// page is for who looks in with a browser.
func (t *traces) page(answer http.ResponseWriter, _ *http.Request) {
	answer.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(answer, "<!DOCTYPE html><title>Jaeger UI</title><h1>Traces</h1><p>A stand-in for Jaeger: no graphs, but the query API.</p>")
	for _, service := range t.services() {
		fmt.Fprintf(answer, `<p><a href="/api/traces?service=%[1]s">%[1]s</a></p>`, html.EscapeString(service))
	}
}

func reply(answer http.ResponseWriter, status int, data any, total int, errors any) {
	answer.Header().Set("Content-Type", "application/json")
	answer.WriteHeader(status)
	json.NewEncoder(answer).Encode(map[string]any{"data": data, "total": total, "limit": 0, "offset": 0, "errors": errors})
}
