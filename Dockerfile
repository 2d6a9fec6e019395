# secondcall in a container. It needs no network at run time:
#   docker build -t secondcall .
#   docker run --rm --network none -v "$PWD:/work:ro" secondcall check app.wasm
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin secondcall \
    && strip target/release/secondcall

# glibc and libgcc, but no shell and no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /source/target/release/secondcall /usr/local/bin/secondcall
# The user `nonroot`, as a number, because some hosts reject names.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/secondcall"]
CMD ["--help"]
