# --- Build: the compiler and the headers of the three system libraries.
FROM swift:6.3-bookworm AS builder
SHELL ["/bin/bash", "-o", "pipefail", "-c"]

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev libssl-dev zlib1g-dev libcurl4-openssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /build
# Dependencies first: they change seldom, so that their layer is kept.
COPY Package.swift Package.resolved* ./
RUN swift package resolve

COPY . .
RUN swift build -c release --product forma3d --static-swift-stdlib --explicit-target-dependency-import-check error \
    && install -D -m 0755 "$(swift build -c release --show-bin-path)/forma3d" /out/forma3d \
    && strip /out/forma3d

# --- Run: Debian and the libraries that the executable links (docs/05-deployment/operations.md).
FROM debian:bookworm-slim

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 libcurl4 libssl3 zlib1g ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin forma3d \
    && install -d -o forma3d -g forma3d -m 0700 /var/lib/forma3d

COPY --from=builder /out/forma3d /usr/local/bin/forma3d
COPY THIRD_PARTY_NOTICES.md /usr/share/doc/forma3d/

ARG BUILD_NUMBER=dev
ARG BUILD_DATE=dev
ARG BUILD_COMMIT=dev
ENV BUILD_NUMBER=${BUILD_NUMBER} \
    BUILD_DATE=${BUILD_DATE} \
    BUILD_COMMIT=${BUILD_COMMIT} \
    APP_ENV=production \
    DATA_DIR=/var/lib/forma3d

LABEL org.opencontainers.image.title="Forma3D.Connect" \
    org.opencontainers.image.revision="${BUILD_COMMIT}" \
    org.opencontainers.image.created="${BUILD_DATE}" \
    org.opencontainers.image.version="${BUILD_NUMBER}"

# Numeric, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/forma3d
EXPOSE 3000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["forma3d", "healthcheck"]

# The server reaps orphans itself when it is process 1 (ADR-048).
ENTRYPOINT ["forma3d"]
CMD ["serve"]
