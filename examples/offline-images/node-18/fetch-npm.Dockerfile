FROM offline/debian:bookworm
RUN pkg npm
COPY ca-bundle.crt /fetch/ca-bundle.crt
RUN cd /fetch && NODE_EXTRA_CA_CERTS=/fetch/ca-bundle.crt npm pack --silent npm@10.8.2
