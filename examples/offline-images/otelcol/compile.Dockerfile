FROM offline/debian:trixie
COPY compile libraries /compile/
COPY src /go/src/offline/otelcol
RUN /compile/compile
