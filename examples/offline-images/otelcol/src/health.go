package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
)

// healthConfig has what the health_check extension of the contrib distribution can be told. Only the address is followed.
type healthConfig struct {
	Endpoint      string         `mapstructure:"endpoint"`
	Path          string         `mapstructure:"path"`
	TLS           map[string]any `mapstructure:"tls"`
	ResponseBody  map[string]any `mapstructure:"response_body"`
	CheckPipeline map[string]any `mapstructure:"check_collector_pipeline"`
}

// health answers 200 once all pipelines are up, and 503 before and after.
type health struct {
	config *healthConfig
	server *http.Server
	ready  atomic.Bool
	since  time.Time
}

func healthFactory() extension.Factory {
	return extension.NewFactory(component.MustNewType("health_check"),
		func() component.Config { return &healthConfig{Endpoint: "0.0.0.0:13133", Path: "/"} },
		func(_ context.Context, _ extension.Settings, config component.Config) (extension.Extension, error) {
			return &health{config: config.(*healthConfig)}, nil
		}, component.StabilityLevelDevelopment)
}

func (h *health) Start(context.Context, component.Host) (err error) {
	pages := http.NewServeMux()
	pages.HandleFunc(h.config.Path, func(answer http.ResponseWriter, _ *http.Request) {
		answer.Header().Set("Content-Type", "application/json")
		if !h.ready.Load() {
			answer.WriteHeader(http.StatusServiceUnavailable)
			json.NewEncoder(answer).Encode(map[string]any{"status": "Server not available", "upSince": time.Time{}, "uptime": ""})
			return
		}
		uptime := time.Since(h.since).String()
		json.NewEncoder(answer).Encode(map[string]any{"status": "Server available", "upSince": h.since, "uptime": uptime})
	})
	h.server, err = listen(h.config.Endpoint, pages)
	return
}

func (h *health) Shutdown(context.Context) error { return closed(h.server) }

func (h *health) Ready() error {
	h.since = time.Now()
	h.ready.Store(true)
	return nil
}

func (h *health) NotReady() error {
	h.ready.Store(false)
	return nil
}

// listen serves the pages at the address, which is open when it returns.
func listen(address string, pages http.Handler) (*http.Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	return server, nil
}

func closed(server *http.Server) error {
	if server == nil {
		return nil
	}
	return server.Close()
}
