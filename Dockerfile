# secondcall in a container. It needs no network at run time:
#   docker build -t secondcall .
#   docker run --rm --network none -v "$PWD:/work:ro" secondcall check app.wasm
# What writes a file runs as you:
#   docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD:/work" secondcall config init
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin secondcall \
    && strip target/release/secondcall \
    && mkdir /work

# glibc and libgcc, but no shell and no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /source/target/release/secondcall /usr/local/bin/secondcall
# A folder that it may write to if none is mounted there, and a cache that any user may write to.
COPY --from=build --chown=65532:65532 /work /work
ENV SECONDCALL_CACHE_DIR=/tmp/secondcall
# The user `nonroot`, as a number, because some hosts reject names.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/secondcall"]
CMD ["--help"]
